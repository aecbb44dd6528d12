"""Terms of the Systems Biology Ontology for parameters: from the rules they stand in, unit and name."""

from __future__ import annotations

from mtorkin.language.expression import Expr, Parameter, leaves
from mtorkin.language.rule import Bind, Change, Make, Remove, Rule
from mtorkin.network import Network

__all__ = ["of_quantity_kind", "roles"]

ASSOCIATION, DISSOCIATION, DECAY = 341, 338, 356
UNIMOLECULAR, BIMOLECULAR, ZEROTH_ORDER, TURNOVER, KINETIC = 16, 17, 46, 25, 9
MICHAELIS, INHIBITORY, HALF, CONCENTRATION, QUANTITY = 27, 261, 193, 196, 2

# a name begins with what it is, in every table
_BEGINS = {("Km", "nM"): MICHAELIS, ("Ki", "nM"): INHIBITORY, ("K", "nM"): HALF, ("kcat", "1/min"): TURNOVER}
# a time has a term, 345, which libSBML does not count among those of parameters
_UNITS = {
    "nM": CONCENTRATION,
    "1/min": KINETIC,
    "1/(nM*min)": BIMOLECULAR,
    "nM/min": ZEROTH_ORDER,
}


def roles(network: Network) -> dict[str, int]:
    """Return the term of every rate constant whose rules say what it is the rate of, by id.

    Where a constant stands in several kinds of rules (as one of degradation does in the synthesis
    that balances it), the first counts: binding, degradation, change of one molecule.
    """
    rules = [rule for mechanism in network.mechanisms for rule in mechanism.rules]
    found: dict[str, int] = {}
    for kind in (Bind, Remove, Change):
        for rule in rules:
            if isinstance(rule, kind):
                for expr, unit, term in _rates(rule):
                    for leaf in leaves(expr):
                        if isinstance(leaf, Parameter) and leaf.unit == unit:
                            found.setdefault(leaf.id, term)
    return found


def _rates(rule: Rule) -> tuple[tuple[Expr, str, int], ...]:
    match rule:
        case Bind():
            return ((rule.kon, "1/(nM*min)", ASSOCIATION), (rule.koff, "1/min", DISSOCIATION))
        case Remove():
            return ((rule.k, "1/min", DECAY),)
        case Change() if len(rule.arrow.left.patterns) == 1:
            return ((rule.k, "1/min", UNIMOLECULAR),)
        case Change() | Make():
            return ()


def of_quantity_kind(id: str, unit: str, found: dict[str, int]) -> int:
    """Return what a parameter is; `found` are the `roles` of the network's constants."""
    named = _BEGINS.get((id.partition("_")[0], unit))
    return named or found.get(id) or _UNITS.get(unit, QUANTITY)
