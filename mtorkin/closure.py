"""Closure: everything the rules can make, and every flux between the things made.

Pools are explicit species. A mark is carried as a ledger: the amount of one pool that bears it.
Because no structural rate depends on a mark, a ledger leaves its pool with the pool's own
per-molecule rate, so that its equation is closed and exact. Three kinds of flux follow from a rule:

* a *structural* flux moves molecules between pools;
* a *riding* flux carries each ledger along with its pool (the partners are modifiers);
* a *mark* flux sets or clears a mark inside one pool.

A mark of a part may be a structural site of the complex (mLST8: a mark of mTOR, structural in
mTORC2); the structural flux then branches over the states of that mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product

from mtorkin.directed import OneWay
from mtorkin.entities import Amount, Entity, Flux, Kind, Ledger, Pool, State, default_state, seed
from mtorkin.language.molecule import Molecule, Pattern, Site
from mtorkin.made import Made

# reactant, group and state of a mark that becomes a structural site of the product
Branch = tuple[int, int, State] | None


def close(rules: Iterable[OneWay], seeds: Iterable[Pattern]) -> tuple[Made, list[Flux]]:
    """Return everything the rules make of the seeds, and every flux, in a fixed order."""
    made, known = Made(), [_Known(rule) for rule in rules]
    for pattern in seeds:
        made.add(seed(pattern))
    while True:
        size = made.size
        for flux in [flux for each in known for flux in each.more(made)]:
            for entity, _ in flux.change:
                made.add(entity)
        if made.size == size:
            return made, [flux for each in known for flux in each.fluxes(made)]


class _Known:
    """The fluxes of a rule by its reactants, each found once for as long as these bear no new marks."""

    def __init__(self, rule: OneWay) -> None:
        self.rule = rule
        self._found: dict[tuple[Pool, ...], tuple[int, list[Flux]]] = {}

    def more(self, made: Made) -> Iterator[Flux]:
        """The fluxes of the rule from all reactants that bear marks made since the last call, or are new."""
        marked = [i for i, p in enumerate(self.rule.left) if _mark_names(p)]
        if len(marked) > 1:
            raise self.rule.error(
                "names marks of two reactants; only one molecule may change a mark at a time"
            )
        for pools in self._reactants(made):
            marks = sum(made.marks[pool] for pool in pools)
            if pools not in self._found or self._found[pools][0] != marks:  # they are never taken away
                self._found[pools] = marks, list(self._new(pools, marked, made))
                yield from self._found[pools][1]

    def fluxes(self, made: Made) -> Iterator[Flux]:
        """Every flux of the rule, once there are no more."""
        for pools in self._reactants(made):
            yield from self._found[pools][1]

    def _reactants(self, made: Made) -> Iterator[tuple[Pool, ...]]:
        return product(*(made.fitting(pattern) for pattern in self.rule.left))

    def _new(self, pools: tuple[Pool, ...], marked: list[int], made: Made) -> Iterator[Flux]:
        if marked:
            return _mark_fluxes(self.rule, pools, marked[0], made)
        return _structural_fluxes(self.rule, pools, made)


def _mark_names(pattern: Pattern) -> set[str]:
    structural = {s.name for s in pattern.molecule.sites}
    return {s for s, _ in pattern.where if s not in structural}


def _related(a: Molecule, b: Molecule) -> bool:
    return bool(set(a.parts) & set(b.parts))


def _products(rule: OneWay, pools: tuple[Pool, ...], branch: dict[str, str]) -> tuple[Pool, ...]:
    """Products: sites as asked, else as the reactant it is made of had them, else the default."""
    made = []
    for pattern in rule.right:
        values = dict(branch)
        for pool in pools:
            if _related(pattern.molecule, pool.molecule):
                values.update(pool.by_site)
        values.update(pattern.where)
        sites = pattern.molecule.sites
        for site in sites:
            if (v := values.get(site.name)) is not None and v not in {x.name for x in site.values}:
                raise rule.error(f"{pattern.molecule.name}.{site.name} cannot inherit the value {v!r}")
        made.append(Pool(pattern.molecule, tuple(values.get(s.name, s.default) for s in sites)))
    return tuple(made)


def _mark_fluxes(rule: OneWay, pools: tuple[Pool, ...], i: int, made: Made) -> Iterator[Flux]:
    pool, asked = pools[i], rule.left[i].asked
    group = _group_of(rule, pool.molecule, _mark_names(rule.left[i]))
    sites = pool.molecule.groups[group]
    products = _products(rule, pools, {})
    same = [j for j, p in enumerate(products) if p == pool]
    if len(same) != 1:
        raise rule.error(
            f"names the mark {', '.join(s.name for s in sites)} and changes the pool of "
            f"{pool.molecule.name}: a structural rate must not depend on a mark. "
            "Leave the mark out of the left side, or declare it as a structural site"
        )
    for k, other in enumerate(pools):
        if k != i and other.molecule.groups:
            raise rule.error(f"uses up {other.molecule.name}, which has marks of its own, as a ligand")
    new = rule.right[same[0]].asked
    for state in (default_state(sites), *made.marked(pool, group)):
        now = dict(zip((s.name for s in sites), state, strict=True))
        if any(now[s] != v for s, v in asked.items() if s in now):
            continue
        then = tuple(new.get(s.name, now[s.name]) for s in sites)
        change: Counter[Entity] = Counter()
        _bear(change, pool, group, state, -1)
        _bear(change, pool, group, then, +1)
        for k, other in enumerate(pools):
            change[other] -= k != i
        for j, other in enumerate(products):
            change[other] += j != same[0]
        amounts = _amounts(pools, (i, group, state))
        yield Flux(rule, amounts, _net(change), pools, products, Kind.MARK)


def _group_of(rule: OneWay, molecule: Molecule, names: set[str]) -> int:
    for g, sites in enumerate(molecule.groups):
        if names <= {s.name for s in sites}:
            return g
    raise rule.error(
        f"names {', '.join(sorted(names))} of {molecule.name} together: they are separate ledgers; "
        "declare them as joint marks"
    )


def _bear(change: Counter[Entity], pool: Pool, group: int, state: State, n: int) -> None:
    """Book ``n`` molecules of a state; the unmarked state is not booked, it is what is left."""
    if state != default_state(pool.molecule.groups[group]):
        change[Ledger(pool, group, state)] += n


def _net(change: Counter[Entity]) -> tuple[tuple[Entity, int], ...]:
    return tuple((e, n) for e, n in change.items() if n)


def _structural_fluxes(rule: OneWay, pools: tuple[Pool, ...], made: Made) -> Iterator[Flux]:
    branching = [
        (i, g)
        for i, pool in enumerate(pools)
        for g, sites in enumerate(pool.molecule.groups)
        if _becomes_structural(rule, pool.molecule, sites)
    ]
    if len(branching) > 1:
        raise rule.error("turns two groups of marks into structural sites; declare them jointly")
    states: list[Branch] = [None]
    if branching:
        i, g = branching[0]
        unmarked = default_state(pools[i].molecule.groups[g])
        states = [(i, g, state) for state in (unmarked, *made.marked(pools[i], g))]
    branches = [(branch, _products(rule, pools, _branch_values(pools, branch))) for branch in states]
    for branch, products in branches:
        yield _pool_flux(rule, pools, branch, products)
    for r, pool in enumerate(pools):
        for h in range(len(pool.molecule.groups)):
            if (r, h) in branching:
                continue
            for marks in made.marked(pool, h):
                ledger = Ledger(pool, h, marks)
                if any(r == i for i, _ in branching):
                    yield _lost_ledger_flux(rule, pools, ledger, r)
                else:
                    yield from (_riding_flux(rule, pools, ledger, r, *branch) for branch in branches)


def _becomes_structural(rule: OneWay, molecule: Molecule, sites: tuple[Site, ...]) -> bool:
    names = {s.name for s in sites}
    return any(
        names & ({s.name for s in p.molecule.sites} - set(p.asked))
        for p in rule.right
        if _related(p.molecule, molecule)
    )


def _branch_values(pools: tuple[Pool, ...], branch: Branch) -> dict[str, str]:
    """Values of the marks that become structural, by name."""
    if branch is None:
        return {}
    i, g, state = branch
    return {s.name: v for s, v in zip(pools[i].molecule.groups[g], state, strict=True)}


def _amounts(pools: tuple[Pool, ...], *parts: Branch) -> tuple[Amount, ...]:
    """The reactants, of which some take part in one state of a group only."""
    states = {part[0]: part[1:] for part in parts if part is not None}
    return tuple(Amount(p, *states.get(k, ())) for k, p in enumerate(pools))


def _pool_flux(rule: OneWay, pools: tuple[Pool, ...], branch: Branch, products: tuple[Pool, ...]) -> Flux:
    change: Counter[Entity] = Counter()
    if branch is not None:
        i, g, state = branch
        _bear(change, pools[i], g, state, -1)
    for pool in pools:
        change[pool] -= 1
    for pool in products:
        change[pool] += 1
    for k, pool in enumerate(pools):
        named = set(rule.left[k].asked)
        for site in pool.molecule.sites:
            if site.name not in named:
                _release(change, site, pool.by_site[site.name], pool, products)
    structural = {s: v for p in pools for s, v in p.by_site.items()} | _branch_values(pools, branch)
    for pattern, pool in zip(rule.right, products, strict=True):
        for h, sites in enumerate(pool.molecule.groups):
            own = any(
                any(s.name in {x.name for grp in r.molecule.groups for x in grp} for s in sites)
                for r in pools
                if _related(r.molecule, pool.molecule)
            )
            if own:  # carried by riding fluxes
                continue
            born = structural | pattern.asked
            _bear(change, pool, h, tuple(born.get(s.name, s.default) for s in sites), +1)
    return Flux(rule, _amounts(pools, branch), _net(change), pools, products, Kind.STRUCTURAL)


def _riding_flux(
    rule: OneWay,
    pools: tuple[Pool, ...],
    ledger: Ledger,
    r: int,
    branch: Branch,
    products: tuple[Pool, ...],
) -> Flux:
    """A ledger goes where its pool goes; what no product can bear is lost, and sets free what it held."""
    change: Counter[Entity] = Counter({ledger: -1})
    kept: dict[str, str] = {}
    for pattern, pool in zip(rule.right, products, strict=True):
        for h, state in _carried(ledger, pattern):
            _bear(change, pool, h, state, +1)
            kept |= {s.name: v for s, v in zip(pool.molecule.groups[h], state, strict=True)}
    for site, value in zip(ledger.sites, ledger.state, strict=True):
        if kept.get(site.name) != value:
            _set_free(change, site, value)
    amounts = _amounts(pools, branch, (r, ledger.group, ledger.state))
    return Flux(rule, amounts, _net(change), pools, products, Kind.RIDING)


def _lost_ledger_flux(rule: OneWay, pools: tuple[Pool, ...], ledger: Ledger, r: int) -> Flux:
    """Another mark of the same molecule becomes structural: a ledger cannot follow, it must be reset."""
    kept = any(
        state != default_state(pattern.molecule.groups[h])
        for pattern in rule.right
        for h, state in _carried(ledger, pattern)
    )
    if kept or rule.unbinding:
        raise rule.error(
            f"carries {', '.join(ledger.by_site)} while another mark becomes structural: "
            "declare the two jointly, or reset the mark on the right side"
        )
    change: Counter[Entity] = Counter({ledger: -1})
    for site, value in zip(ledger.sites, ledger.state, strict=True):
        _set_free(change, site, value)
    amounts = _amounts(pools, (r, ledger.group, ledger.state))
    return Flux(rule, amounts, _net(change), pools, pools, Kind.RIDING)


def _carried(ledger: Ledger, pattern: Pattern) -> Iterator[tuple[int, State]]:
    """Groups of a product that share marks with a ledger, and the state it brings them in."""
    molecule = pattern.molecule
    if not _related(molecule, ledger.pool.molecule):
        return
    brought = ledger.by_site | pattern.asked
    for h, sites in enumerate(molecule.groups):
        if any(s.name in ledger.by_site for s in sites):
            yield h, tuple(brought.get(s.name, s.default) for s in sites)


def _release(change: Counter[Entity], site: Site, value: str, pool: Pool, products: tuple[Pool, ...]) -> None:
    """Set free what sits on a site of a reactant, unless a product of the reactant still holds it."""
    for p in products:
        if _related(p.molecule, pool.molecule):
            marks = {s.name for g in p.molecule.groups for s in g}
            if p.by_site.get(site.name) == value or site.name in marks:
                return
    _set_free(change, site, value)


def _set_free(change: Counter[Entity], site: Site, value: str) -> None:
    held = site.value(value).holds
    if held is not None:
        change[seed(held)] += 1
