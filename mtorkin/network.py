"""The narrow waist: mechanisms go in, one frozen network comes out, and everything else reads it.

``assemble`` closes the rules, books every flux as a reaction with a rate, names the assignments and
observables, and checks what can be checked: matter is kept by every rule that is not synthesis or
degradation, every total finds something, ids are unique. The order of everything follows from the
order of the mechanisms; nothing depends on hashing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mtorkin.closure import close
from mtorkin.conservation import ConservedTotal, check_matter, conserved_totals
from mtorkin.directed import OneWay, directed, explicit, explicit_mechanism
from mtorkin.entities import Entity, Flux, Kind, Ledger, Pool, seed
from mtorkin.errors import DeclarationError, nearest
from mtorkin.language.expression import (
    ZERO,
    Expr,
    Input,
    Leaf,
    Parameter,
    Variable,
    leaves,
    mul,
    power,
)
from mtorkin.language.mechanism import Assignment, Mechanism, Mutation, Observable
from mtorkin.language.molecule import Molecule, Pattern, Total
from mtorkin.language.rule import Coupling
from mtorkin.language.weight import Own, WeightedTotal
from mtorkin.made import Made
from mtorkin.parts import BLOOD, CELL, MEDIUM, Compartment, Reaction, Species
from mtorkin.resolve import Resolver

__all__ = ["Compartment", "ConservedTotal", "Network", "Reaction", "Species", "assemble", "settable"]


@dataclass(frozen=True, eq=False)
class Network:
    """Everything that the rules of some mechanisms can make, with rates; immutable and ordered."""

    mechanisms: tuple[Mechanism, ...]
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    assignments: tuple[Assignment, ...]
    observables: tuple[Observable, ...]
    parameters: tuple[Parameter, ...]
    inputs: tuple[Input, ...]
    mutations: tuple[Mutation, ...]
    conserved: tuple[ConservedTotal, ...]
    compartments: tuple[Compartment, ...]

    def __repr__(self) -> str:
        counts = (len(self.mechanisms), len(self.species), len(self.reactions))
        return "Network({} mechanisms, {} species, {} reactions)".format(*counts)

    def __str__(self) -> str:
        lines = [f"{len(self.species)} species, {len(self.reactions)} reactions"]
        for r in self.reactions:
            left, right = (" + ".join(s for s, _ in side) or "nothing" for side in (r.reactants, r.products))
            lines.append(f"{r.id}: {left} -> {right}")
        return "\n".join(lines)


def assemble(
    mechanisms: Iterable[Mechanism], *, expand_marks: bool = False, medium: float = 1000.0
) -> Network:
    """Return the network of some mechanisms; ``expand_marks`` makes every mark structural (an oracle).

    Raises DeclarationError, naming the rule and the line it was written on.
    """
    mechanisms = tuple(mechanisms)
    _refuse_twice("mechanism", [m.name for m in mechanisms])
    rules = tuple(r for m in mechanisms for r in directed(m))
    read = tuple(map(explicit_mechanism, mechanisms)) if expand_marks else mechanisms
    observables = tuple(o for m in read for o in m.observables)
    couplings = tuple(c for m in read for c in m.couplings)
    if expand_marks:
        rules = tuple(map(explicit, rules))
    _refuse_twice("rule", [f"{r.name} of {r.mechanism}" for r in rules])
    molecules = _molecules(rules)
    _refuse_twice("molecule declared differently, and its name", [m.name for m in molecules])
    exogenous = {p for m in molecules if m.dose for p in m.parts}
    made, fluxes = close(rules, _seeds(molecules, exogenous))
    _check_patterns(rules, made)
    _check_couplings(couplings, made)
    resolver = Resolver(made, (c for m in read for c in m.contributions))
    species = tuple(_species(made, exogenous))
    reactions = tuple(_reactions(fluxes, resolver, couplings, species))
    seen = tuple(_observables(observables, resolver))
    assignments = tuple(resolver.assignments.values())
    _check_contributions(mechanisms, {a.id for a in assignments})
    parameters, inputs = _named(reactions, assignments, seen, species)
    # drugs of one kind share a mutant, which each of them brings
    mutations = tuple(dict.fromkeys(m for mech in mechanisms for m in mech.mutations))
    _refuse_twice("mutant", [m.name for m in mutations])
    _refuse_twice(
        "id",
        [x.id for group in (species, reactions, assignments, seen, parameters, inputs) for x in group],
    )
    volumes = [Compartment(CELL, 1.0), Compartment(MEDIUM, medium)]
    if any(s.compartment == BLOOD for s in species):
        volumes.append(Compartment(BLOOD, 1.0))
    compartments = tuple(volumes)
    network = Network(
        mechanisms,
        species,
        reactions,
        assignments,
        seen,
        parameters,
        inputs,
        mutations,
        (),
        compartments,
    )
    return replace(network, conserved=conserved_totals(species, reactions, compartments))


def _molecules(rules: tuple[OneWay, ...]) -> list[Molecule]:
    patterns = [p for r in rules for p in (*r.left, *r.right)]
    patterns += [p for r in rules for p in _total_patterns(r.k)]
    return list(dict.fromkeys(p.molecule for p in patterns))


def _total_patterns(expr: Expr) -> Iterator[Pattern]:
    for leaf in leaves(expr):
        if isinstance(leaf, Total):
            yield leaf.pattern
        elif isinstance(leaf, Assignment):
            yield from _total_patterns(leaf.expr)


def _seeds(molecules: list[Molecule], exogenous: set[str]) -> list[Pattern]:
    """Simple molecules start in their default state; complexes and drugs inside cells must be made."""
    return [m() for m in molecules if m.dose or (m.parts == (m.name,) and not exogenous & set(m.parts))]


def _check_patterns(rules: tuple[OneWay, ...], made: Made) -> None:
    for rule in rules:
        for pattern in rule.left:
            if not made.fits_any(pattern):
                raise rule.error(f"needs {pattern}, which nothing here makes: is a mechanism missing?")


def _check_couplings(couplings: tuple[Coupling, ...], made: Made) -> None:
    _refuse_twice("coupling", [str(c.pattern) for c in couplings])
    for c in couplings:
        structural = {s.name for s in c.pattern.molecule.sites}
        if marks := [s for s, _ in c.pattern.where if s not in structural]:
            raise DeclarationError(
                f"coupling {c.pattern}: {', '.join(marks)} are marks; a structural rate must not "
                "depend on a mark. Declare them as structural sites"
            )
        if not made.fits_any(c.pattern):
            raise DeclarationError(
                f"{c.where}: coupling {c.pattern} speaks of what nothing here makes: is a mechanism missing?"
            )


def _check_contributions(mechanisms: tuple[Mechanism, ...], read: set[str]) -> None:
    """Refuse a drug that would do nothing, since no rate asks for any sum it adds to.

    A mechanism that does something else may add to what nobody here reads: so can others be left out.
    """
    known = read & {c.load.id for m in mechanisms for c in m.contributions}
    for m in mechanisms:
        loads = [c.load.id for c in m.contributions]
        if loads and not m.rules and not set(loads) & read:
            raise DeclarationError(
                f"mechanism {m.name} does nothing here but add to the load {loads[0]}, which nothing reads"
                f"{nearest(loads[0], known)}: add the mechanism whose rates it changes, or leave it out"
            )


def _species(made: Made, exogenous: set[str]) -> Iterator[Species]:
    for entity in made.entities():
        pool = entity if isinstance(entity, Pool) else entity.pool
        m = pool.molecule
        endogenous = isinstance(entity, Pool) and m.parts == (m.name,) and entity == seed(m())
        initial: Expr = m.abundance if endogenous and not exogenous & set(m.parts) else ZERO
        dose = m.dose if isinstance(entity, Pool) else ""
        yield Species(entity.id, _label(entity), m.compartment, initial, dose, entity)


def _label(entity: Entity) -> str:
    pool = entity if isinstance(entity, Pool) else entity.pool
    text = " · ".join([pool.molecule.name, *(f"{s} {v}" for s, v in pool.by_site.items())])
    if isinstance(entity, Ledger):
        text += "; bearing " + ", ".join(f"{s} {v}" for s, v in entity.by_site.items())
    return text


def _reactions(
    fluxes: list[Flux],
    resolver: Resolver,
    couplings: tuple[Coupling, ...],
    species: tuple[Species, ...],
) -> Iterator[Reaction]:
    volume = {s.id: s.compartment for s in species}
    used: Counter[str] = Counter()
    for flux in fluxes:
        rule = flux.rule
        try:
            k = resolver.expr(rule.k, flux)
        except DeclarationError as error:
            raise rule.error(str(error)) from error
        if not rule.lossy:
            check_matter(flux)
        factors = [_loosening(c, flux) for c in couplings] if rule.unbinding else []
        rate = mul(k, *(resolver.expr(f) for f in factors), *map(resolver.amount, flux.amounts))
        if rate == ZERO:  # a weight of 0: what cannot act does not happen
            continue
        change = {e.id: n for e, n in flux.change}
        variables = [x.id for x in leaves(rate) if isinstance(x, Variable) and x.id in volume]
        reactants = tuple((e, -n) for e, n in change.items() if n < 0)
        modifiers = tuple(v for v in dict.fromkeys(variables) if change.get(v, 0) >= 0)
        places = {volume[e] for e in change}
        id = _reaction_id(flux)
        used[id] += 1
        yield Reaction(
            id if used[id] == 1 else f"{id}_{used[id]}",
            _reaction_label(flux),
            rule.mechanism,
            reactants,
            tuple((e, n) for e, n in change.items() if n > 0),
            modifiers,
            rate,
            places.pop() if len(places) == 1 else CELL,
        )


def _loosening(coupling: Coupling, flux: Flux) -> Expr:
    """What a coupling does to an unbinding: to lose the fit is faster, to gain it slower."""
    lost = sum(p.fits(coupling.pattern) for p in flux.before) - sum(
        p.fits(coupling.pattern) for p in flux.after
    )
    change = power(coupling.factor, abs(lost))
    return change if lost >= 0 else 1 / change


def _reaction_id(flux: Flux) -> str:
    """The rule's name, then the values that tell its reactants apart."""
    parts = [flux.rule.slug]
    for amount in flux.amounts:
        parts += [f"{s}_{v}" for s, v in amount.pool.by_site.items()]
        if amount.group is not None:
            names = (s.name for s in amount.pool.molecule.groups[amount.group])
            parts += ["with", *(f"{s}_{v}" for s, v in zip(names, amount.state, strict=True))]
    return "__".join(parts)


def _reaction_label(flux: Flux) -> str:
    who = ", ".join(
        _label(a.pool if a.group is None else Ledger(a.pool, a.group, a.state)) for a in flux.amounts
    )
    carried = " (carried along)" if flux.kind is Kind.RIDING else ""
    return f"{flux.rule.name}{carried}: {who}" if who else flux.rule.name


def _observables(declared: tuple[Observable, ...], resolver: Resolver) -> Iterator[Observable]:
    """Observables over species; one that only sums states nothing here reaches is left out."""
    for o in declared:
        try:
            yield replace(o, expr=resolver.expr(o.expr))
        except DeclarationError as error:
            totals = list(_total_patterns(o.expr))
            known = any(resolver.made.pools.get(p.molecule.name) for p in totals)
            if known and not any(map(resolver.made.fits_any, totals)):
                continue
            raise DeclarationError(f"{o.where}: observable {o.id} {error}") from error


def _named(
    reactions: tuple[Reaction, ...],
    assignments: tuple[Assignment, ...],
    observables: tuple[Observable, ...],
    species: tuple[Species, ...],
) -> tuple[tuple[Parameter, ...], tuple[Input, ...]]:
    exprs = [s.initial for s in species] + [r.rate for r in reactions]
    exprs += [a.expr for a in assignments] + [o.expr for o in observables]
    found: dict[str, Leaf] = {}
    for expr in exprs:
        for leaf in leaves(expr):
            assert not isinstance(leaf, Total | WeightedTotal | Own), leaf
            if isinstance(leaf, Parameter | Input) and found.setdefault(leaf.id, leaf) != leaf:
                raise DeclarationError(f"{leaf.id} is declared twice, differently")
    parameters = tuple(x for x in found.values() if isinstance(x, Parameter))
    return parameters, tuple(x for x in found.values() if isinstance(x, Input))


def _refuse_twice(what: str, names: list[str]) -> None:
    if twice := [n for n, count in Counter(names).items() if count > 1]:
        raise DeclarationError(f"{what} used twice: {', '.join(twice)}")


def settable(network: Network) -> dict[str, tuple[float, str]]:
    """Return the default and the unit of everything that a period may set, by name."""
    held = {i.id: (i.default, i.unit) for i in network.inputs}
    return held | {s.dose: (0.0, "nM") for s in network.species if s.dose}
