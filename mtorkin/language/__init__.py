"""The little language in which mechanisms are written.

A molecule is a name with sites; each site holds one of a few values; a mechanism is a handful of
rules that change values; the network is everything that the rules can make.
"""

from mtorkin.language.expression import Expr, Input, Parameter
from mtorkin.language.mechanism import (
    Assignment,
    Contribution,
    Load,
    Mechanism,
    Mutation,
    Observable,
    mutation,
)
from mtorkin.language.molecule import NOTHING, POOL_FLOOR, Molecule, Pattern, Value, join, molecule
from mtorkin.language.rate_law import blend, hill, inhibited, michaelis_menten, saturating
from mtorkin.language.rule import Bind, Change, Coupling, Make, Remove
from mtorkin.language.weight import Weight, weight

__all__ = [
    "NOTHING",
    "POOL_FLOOR",
    "Assignment",
    "Bind",
    "Change",
    "Contribution",
    "Coupling",
    "Expr",
    "Input",
    "Load",
    "Make",
    "Mechanism",
    "Molecule",
    "Mutation",
    "Observable",
    "Parameter",
    "Pattern",
    "Remove",
    "Value",
    "Weight",
    "blend",
    "hill",
    "inhibited",
    "join",
    "michaelis_menten",
    "molecule",
    "mutation",
    "saturating",
    "weight",
]
