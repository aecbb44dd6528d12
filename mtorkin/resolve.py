"""From patterns to species: what a total, a weight or a named assignment means in one network."""

from __future__ import annotations

from collections.abc import Iterable

from mtorkin.entities import Amount, Flux, Kind, Ledger, Pool, State, default_state
from mtorkin.errors import DeclarationError
from mtorkin.language.expression import (
    ONE,
    ZERO,
    Expr,
    Leaf,
    Number,
    Variable,
    add,
    as_expr,
    div,
    mul,
    replace,
)
from mtorkin.language.mechanism import Assignment, Contribution, Load
from mtorkin.language.molecule import POOL_FLOOR, Pattern, Site, Total
from mtorkin.language.weight import Own, Weight, WeightedTotal
from mtorkin.made import Made


class Resolver:
    """Turns declared leaves into species and collects the assignments met on the way, in order."""

    def __init__(self, made: Made, contributions: Iterable[Contribution] = ()) -> None:
        self.made = made
        self.contributions = tuple(contributions)
        self.assignments: dict[str, Assignment] = {}
        self._shares: dict[tuple[Pool, object], Variable] = {}
        self._declared: dict[str, Assignment | Weight] = {}

    def amount(self, amount: Amount) -> Expr:
        """The concentration [nM] of a pool, or of the part of it in one state of a group."""
        pool = Variable(amount.pool.id, "nM")
        if amount.group is None:
            return pool
        if amount.state == default_state(amount.pool.molecule.groups[amount.group]):
            marked = self.made.marked(amount.pool, amount.group)
            return add(pool, *(mul(-1.0, self._ledger(amount.pool, amount.group, s)) for s in marked))
        return self._ledger(amount.pool, amount.group, amount.state)

    def expr(self, expr: Expr, flux: Flux | None = None) -> Expr:
        """Resolve every leaf; ``flux`` is the process whose molecule ``Weight.own`` speaks of."""

        def new(leaf: Leaf) -> Expr:
            match leaf:
                case Total():
                    return self.total(leaf.pattern)
                case WeightedTotal():
                    return self._weighted_total(leaf.weight)
                case Own():
                    return self._own(leaf.weight, flux)
                case Assignment():
                    return self._assignment(leaf)
                case Load():
                    return self._load(leaf)
            return leaf

        return replace(expr, new)

    def total(self, pattern: Pattern) -> Expr:
        """The sum of everything that fits; an error if nothing here makes it."""
        found = self.total_or_zero(pattern)
        if found == ZERO:
            raise DeclarationError(
                f"needs {pattern}, which nothing here makes: a mechanism is missing, or a value is "
                f"misspelt (here are {', '.join(self.made.pools)})"
            )
        return found

    def total_or_zero(self, pattern: Pattern) -> Expr:
        """The sum of everything that fits."""
        molecule = pattern.molecule
        asked = {s: v for s, v in pattern.where if s not in {x.name for x in molecule.sites}}
        groups = [g for g, sites in enumerate(molecule.groups) if asked.keys() & {s.name for s in sites}]
        if len(groups) > 1:
            raise DeclarationError(
                f"{pattern}: {', '.join(asked)} are separate ledgers, their joint amount is not "
                "carried. Declare them as joint marks, or use a Weight (a product of means)"
            )
        terms: list[Expr] = []
        for pool in self.made.fitting(pattern):
            if not groups:
                terms.append(Variable(pool.id, "nM"))
                continue
            terms += self._states(pool, groups[0], asked)
        return add(*terms)

    def _states(self, pool: Pool, group: int, asked: dict[str, str]) -> list[Expr]:
        names = [s.name for s in pool.molecule.groups[group]]

        def fits(state: State) -> bool:
            return all(asked.get(n, v) == v for n, v in zip(names, state, strict=True))

        marked = self.made.marked(pool, group)
        if fits(default_state(pool.molecule.groups[group])):
            others = [mul(-1.0, self._ledger(pool, group, s)) for s in marked if not fits(s)]
            return [Variable(pool.id, "nM"), *others]
        return [self._ledger(pool, group, s) for s in marked if fits(s)]

    def _ledger(self, pool: Pool, group: int, state: State) -> Variable:
        return Variable(Ledger(pool, group, state).id, "nM")

    def _once(self, id: str, declared: Assignment | Weight) -> None:
        """Refuse a second, different assignment or weight of one name."""
        if self._declared.setdefault(id, declared) != declared:
            raise DeclarationError(f"two assignments are named {id}, with different formulas")

    def _assignment(self, assignment: Assignment) -> Variable:
        self._once(assignment.id, assignment)
        if assignment.id not in self.assignments:
            self._add(assignment.id, assignment.unit, self.expr(assignment.expr), assignment.meaning)
        return Variable(assignment.id, assignment.unit)

    def _load(self, load: Load) -> Expr:
        terms = [self.expr(c.term) for c in self.contributions if c.load.id == load.id]
        if not terms:
            return ZERO
        self._add(load.id, load.unit, add(*terms), load.meaning)
        return Variable(load.id, load.unit)

    def _add(self, id: str, unit: str, expr: Expr, meaning: str) -> None:
        known = self.assignments.get(id)
        if known is not None and known.expr != expr:
            raise DeclarationError(f"two assignments are named {id}, with different formulas")
        self.assignments[id] = Assignment(id, unit, expr, meaning)

    def _weighted_total(self, weight: Weight) -> Expr:
        self._once(weight.id, weight)
        if weight.id not in self.assignments:
            pools = self.made.pools.get(weight.molecule.name, [])
            terms = [
                mul(self.expr(_structural(pool, weight)), Variable(pool.id, "nM"), self._share(pool, weight))
                for pool in pools
            ]
            if (total := add(*terms)) == ZERO:
                raise DeclarationError(
                    f"activity {weight.id} needs {weight.molecule.name}, which nothing here makes"
                )
            self._add(weight.id, "nM", total, weight.meaning)
        return Variable(weight.id, "nM")

    def _share(self, pool: Pool, weight: Weight) -> Expr:
        """Product over groups of the mean weight of a pool's marks, as one assignment a pool."""
        means = [self._mean(pool, g, weight) for g in range(len(pool.molecule.groups))]
        product = mul(*(m for m in means if m != ONE))
        if isinstance(product, Number):
            return product
        key = (pool, tuple(f for f in weight.factors if f[0] not in pool.by_site))
        if key not in self._shares:
            id = f"share_{weight.id}__{pool.id}"
            self._add(id, "1", product, f"mean of the marks' weights on {pool.id}")
            self._shares[key] = Variable(id, "1")
        return self._shares[key]

    def _mean(self, pool: Pool, group: int, weight: Weight) -> Expr:
        sites = pool.molecule.groups[group]
        base = self.expr(_of_state(_names(sites), default_state(sites), weight))
        terms: list[Expr] = [base]
        for state in self.made.marked(pool, group):
            here = self.expr(_of_state(_names(sites), state, weight))
            if here != base:
                extra = add(here, mul(-1.0, base))
                fraction = div(self._ledger(pool, group, state), add(Variable(pool.id, "nM"), POOL_FLOOR))
                terms.append(mul(extra, fraction))
        return add(*terms)

    def _own(self, weight: Weight, flux: Flux | None) -> Expr:
        amount = None if flux is None else _acting(flux, weight)
        if amount is None:
            raise DeclarationError(f"own({weight.id}) is only known to a rule on {weight.molecule.name}")
        pool = amount.pool
        marks = {s.name for sites in pool.molecule.groups for s in sites}
        if flux is not None and flux.kind is not Kind.MARK and any(s in marks for s, _ in weight.factors):
            raise DeclarationError(
                f"own({weight.id}) weighs marks: a structural rate must not depend on a mark"
            )
        factors: list[Expr] = [self.expr(_structural(pool, weight))]
        for g, sites in enumerate(pool.molecule.groups):
            if g == amount.group:
                factors.append(self.expr(_of_state(_names(sites), amount.state, weight)))
            else:
                factors.append(self._mean(pool, g, weight))
        return mul(*factors)


def _names(sites: tuple[Site, ...]) -> tuple[str, ...]:
    return tuple(s.name for s in sites)


def _acting(flux: Flux, weight: Weight) -> Amount | None:
    named = [a for a in flux.amounts if a.pool.molecule.name == weight.molecule.name]
    return named[0] if named else None


def _structural(pool: Pool, weight: Weight) -> Expr:
    here = pool.by_site
    return mul(*(as_expr(dict(f).get(here[s], 1.0)) for s, f in weight.factors if s in here))


def _of_state(names: tuple[str, ...], state: State, weight: Weight) -> Expr:
    here = dict(zip(names, state, strict=True))
    return mul(*(as_expr(dict(f).get(here[s], 1.0)) for s, f in weight.factors if s in here))
