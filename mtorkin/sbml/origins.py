"""Which rule a reaction is of: its label begins with the rule's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.directed import OneWay, directed
from mtorkin.network import Network

__all__ = ["Origin", "origins"]

CARRIED = " (carried along)"


@dataclass(frozen=True)
class Origin:
    """The rule that a reaction is of, and whether it carries the marks of a pool along with it."""

    rule: OneWay
    carried: bool

    @property
    def name(self) -> str:
        """The rule's name, and that marks are carried along."""
        return self.rule.name + (CARRIED if self.carried else "")


def origins(network: Network) -> dict[str, Origin]:
    """Return the rule of every reaction, by id. Raises KeyError where a label names none."""
    rules = {(m.name, rule.name): rule for m in network.mechanisms for rule in directed(m)}
    found: dict[str, Origin] = {}
    for r in network.reactions:
        for end in _ends(r.label):
            name = r.label[:end].removesuffix(CARRIED)
            if (rule := rules.get((r.mechanism, name))) is not None:
                found[r.id] = Origin(rule, r.label[:end].endswith(CARRIED))
                break
        else:
            raise KeyError(f"{r.id}: no rule of {r.mechanism} begins {r.label!r}")
    return found


def _ends(label: str) -> Iterator[int]:
    """Where a rule's name may end in a label: before a colon, the last first; or at the end."""
    yield len(label)
    yield from (i for i in range(len(label) - 1, 0, -1) if label[i] == ":")
