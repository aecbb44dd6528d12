"""Sub-networks of the real mechanisms, small enough to be expanded state by state.

Nothing is written anew here: a selection leaves rules out of the real mechanisms, and everything it
keeps stays as declared. ``driven`` cuts the feedback, so that both expansions of a sub-network see
the very same inputs; ``with_constants`` gives every rule a plain constant, for an oracle that knows
mass action only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from mtorkin import activities
from mtorkin.language import (
    Assignment,
    Bind,
    Coupling,
    Expr,
    Input,
    Make,
    Mechanism,
    Parameter,
    Pattern,
)
from mtorkin.language.expression import Leaf
from mtorkin.language.expression import replace as replace_leaves
from mtorkin.language.molecule import Total
from mtorkin.language.rule import RATE_UNITS, Rule
from mtorkin.mechanisms import ALL

READ = (activities.AMPK_drive, activities.Rictor_induction)  # loads that the core itself reads
CORE = (
    "fkbp38",
    "ampk_energy",
    "amino_acids",
    "mtor_turnover",
    "mtorc1",
    "mtorc2",
    "deptor",
    "sites",
    "rapamycin",
)


@dataclass(frozen=True)
class Selection:
    """What is left out: rules that mention a molecule, or a site in another than its default value."""

    name: str
    sites: frozenset[str]
    molecules: frozenset[str]


# mTORC1: FRB 3 x location 2 x PRAS40 2 x DEPTOR 2 x mLST8 2 x S1261 2 x S2481 2 x S2448 2
SITES = Selection("sites", frozenset({"S792", "T2446"}), frozenset({"Protor", "FKBP38"}))
# the same with FRB 2, small enough to be integrated in a test
DYNAMIC = Selection("dynamic", SITES.sites, SITES.molecules | {"FKBP51"})
# mTORC1: FRB 2 x location 2 x PRAS40 2 x DEPTOR 2 x mLST8 2 x S792 2 x S1261 2 x S2481 2
ENERGY = Selection("energy", frozenset({"T2446", "S2448"}), SITES.molecules | {"FKBP51"})
# mTORC1: FRB 2 x location 2 x PRAS40 2 x DEPTOR 2 x mLST8 2 x FKBP38 2 x S1261 2 x S2481 2
STARVED = Selection("starved", ENERGY.sites | {"S792"}, frozenset({"FKBP51", "Protor"}))


def select(selection: Selection, mechanisms: Iterable[Mechanism] = ALL) -> tuple[Mechanism, ...]:
    """The mechanisms without the rules and couplings that mention what is left out."""
    return tuple(
        replace(
            m,
            rules=tuple(r for r in m.rules if not _mentions(_patterns(r), selection)),
            couplings=tuple(c for c in m.couplings if not _mentions([c.pattern], selection)),
        )
        for m in mechanisms
    )


def core(mechanisms: Iterable[Mechanism]) -> tuple[Mechanism, ...]:
    """What makes, marks and takes apart mTOR and its complexes, and what feeds it only."""
    kept = (m for m in mechanisms if m.name in CORE)
    return tuple(replace(m, contributions=tuple(c for c in m.contributions if c.load in READ)) for m in kept)


def _patterns(rule: Rule) -> list[Pattern]:
    return [*rule.arrow.left.patterns, *rule.arrow.right.patterns]


def _mentions(patterns: Iterable[Pattern], selection: Selection) -> bool:
    for pattern in patterns:
        if selection.molecules & set(_parts(pattern)):
            return True
        asked, sites = pattern.asked, pattern.molecule.all_sites
        if any(s.name in selection.sites and asked.get(s.name, s.default) != s.default for s in sites):
            return True
    return False


def _parts(pattern: Pattern) -> Iterator[str]:
    """The elementary molecules that a pattern names, what it holds included."""
    yield from pattern.molecule.parts
    for site in pattern.molecule.all_sites:
        if (v := pattern.asked.get(site.name)) and (held := site.value(v).holds) is not None:
            yield from _parts(held)


# -- open loop ----------------------------------------------------------------------------------------


def driven(
    mechanisms: Iterable[Mechanism], cut: frozenset[str], totals: Mapping[str, str]
) -> tuple[Mechanism, ...]:
    """The mechanisms with some assignments and totals in their rates turned into inputs.

    ``cut`` names assignments; ``totals`` maps the text of a total to the input's name.
    """

    def new(expr: Expr) -> Expr:
        return driven_expr(expr, cut, totals)

    return tuple(replace(m, rules=tuple(_with_rates(r, new) for r in m.rules)) for m in mechanisms)


def driven_expr(expr: Expr, cut: frozenset[str], totals: Mapping[str, str]) -> Expr:
    """The expression with the same replacements; see ``driven``."""

    def new(leaf: Leaf) -> Expr:
        match leaf:
            case Total() if leaf.id in totals:
                return Input(f"drive_{totals[leaf.id]}", leaf.unit)
            case Assignment() if leaf.id in cut:
                return Input(f"drive_{leaf.id}", leaf.unit)
            case Assignment():
                inner = replace_leaves(leaf.expr, new)
                changed = inner != leaf.expr
                return replace(leaf, id=f"{leaf.id}_driven", expr=inner) if changed else leaf
        return leaf

    return replace_leaves(expr, new)


def _with_rates(rule: Rule, new: Callable[[Expr], Expr]) -> Rule:
    if isinstance(rule, Bind):
        return replace(rule, kon=new(rule.kon), koff=new(rule.koff))
    if isinstance(rule, Make):
        return replace(rule, rate=new(rule.rate))
    return replace(rule, k=new(rule.k))


# -- plain constants ------------------------------------------------------------------------------------


def with_constants(mechanisms: Iterable[Mechanism]) -> tuple[Mechanism, ...]:
    """The mechanisms with every rate and every coupling replaced by a parameter of its own."""
    changed = []
    for m in mechanisms:
        rules = tuple(_constant(r, f"k_{m.name}_{i}") for i, r in enumerate(m.rules))
        couplings = tuple(
            Coupling(c.pattern, Parameter(f"alpha_{m.name}_{i}", "1")) for i, c in enumerate(m.couplings)
        )
        changed.append(Mechanism(m.name, m.about, rules, couplings))
    return tuple(changed)


def _constant(rule: Rule, id: str) -> Rule:
    left, right = (len(side.patterns) for side in (rule.arrow.left, rule.arrow.right))
    if isinstance(rule, Bind):
        return replace(rule, kon=_rate(f"{id}_on", left), koff=_rate(f"{id}_off", right))
    if isinstance(rule, Make):
        return replace(rule, rate=_rate(id, 0))
    return replace(rule, k=_rate(id, left))


def _rate(id: str, reactants: int) -> Parameter:
    nM, minutes = RATE_UNITS[reactants]
    unit = {(1, -1): "nM/min", (0, -1): "1/min", (-1, -1): "1/(nM*min)"}[nM, minutes]
    return Parameter(id, unit)
