"""Expressions as a graph in which every distinct formula is one node, and its derivatives.

Every node is a number: the position in a list that only grows, so that what a node needs comes
before it. What depends on constants alone is gathered, so that it can be computed once for each
stretch of constant inputs. Quotients are products with a reciprocal, which the derivative uses too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow
from mtorkin.language.functions import Exp, Ln, RealPower

__all__ = ["Graph", "Node"]

Node = int


class Formula(NamedTuple):
    """One node: `kind` is num, y, p, name, add, mul, rcp, pow, acc, exp, ln, ln0 or rpow.

    `args` are nodes.
    `name` stands for an assignment (its only argument), so that derivatives can stop there. `acc`
    is a sum of products: pairs of nodes, one after the other. `value` is the number of `num`, the
    place of `y` and `p`, and the exponent of `pow`.
    """

    kind: str
    args: tuple[Node, ...] = ()
    value: float = 0.0


@dataclass(eq=False)
class Graph:
    """Nodes that are built once and never changed; `constant` says which depend on no species."""

    nodes: list[Formula] = field(default_factory=list)
    constant: list[bool] = field(default_factory=list)
    _known: dict[Formula, Node] = field(default_factory=dict)
    _gradients: dict[Node, dict[Node, Node]] = field(default_factory=dict)

    def node(self, kind: str, args: tuple[Node, ...] = (), value: float = 0.0) -> Node:
        """Return the node of a formula, a new one where it was not seen before."""
        formula = Formula(kind, args, value)
        known = self._known.get(formula)
        if known is None:
            known = self._known[formula] = len(self.nodes)
            self.nodes.append(formula)
            self.constant.append(kind != "y" and all(self.constant[a] for a in args))
        return known

    def number(self, value: float) -> Node:
        """Return the node of a number."""
        return self.node("num", value=value)

    def value(self, node: Node) -> float | None:
        """Return the number that a node is, or None."""
        formula = self.nodes[node]
        return formula.value if formula.kind == "num" else None

    def of(self, expr: Expr, names: Mapping[str, Node]) -> Node:
        """Return the node of an expression whose leaves are `names`."""
        match expr:
            case Number(value):
                return self.number(value)
            case Leaf():
                return names[expr.id]
            case Add(terms):
                return self.add(self.of(t, names) for t in terms)
            case Mul(factors):
                return self.mul(self.of(f, names) for f in factors)
            case Div(n, d):
                return self.mul((self.of(n, names), self.reciprocal(self.of(d, names))))
            case Pow(base, exponent):
                return self.power(self.of(base, names), exponent)
            case Exp(args):
                return self.node("exp", (self.of(args[0], names),))
            case Ln(args, of_zero):
                return self.node("ln0" if of_zero else "ln", (self.of(args[0], names),))
            case RealPower(args):
                return self.node("rpow", tuple(self.of(a, names) for a in args))
        raise TypeError(f"not an expression: {expr!r}")

    def add(self, terms: Iterable[Node]) -> Node:
        """Return a sum: numbers, then what is constant, then the rest in the order given."""
        return self._gathered("add", terms, 0.0)

    def mul(self, factors: Iterable[Node]) -> Node:
        """Return a product: numbers, then what is constant, then the rest in the order given."""
        return self._gathered("mul", factors, 1.0)

    def times(self, a: Node, b: Node) -> Node:
        """Return a product of two that stays one, so that derivatives share its factors."""
        if self.constant[a] or self.constant[b]:
            return self.mul((a, b)) if self.constant[a] and self.constant[b] else self._pair(a, b)
        return self.node("mul", (a, b))

    def _pair(self, a: Node, b: Node) -> Node:
        if self.value(a) is not None and self.nodes[b].kind == "mul":
            return self.mul((a, b))
        if self.value(a) == 1.0 or self.value(b) == 1.0:
            return b if self.value(a) == 1.0 else a
        return self.number(0.0) if 0.0 in (self.value(a), self.value(b)) else self.node("mul", (a, b))

    def _gathered(self, kind: str, parts: Iterable[Node], neutral: float) -> Node:
        number = neutral
        fixed: list[Node] = []
        moving: list[Node] = []
        waiting = [*parts][::-1]
        while waiting:
            part = waiting.pop()
            formula = self.nodes[part]
            if formula.kind == kind:  # a sum within a sum
                waiting += formula.args[::-1]
            elif formula.kind == "num":
                number = number + formula.value if kind == "add" else number * formula.value
            else:
                (fixed if self.constant[part] else moving).append(part)
        if kind == "mul" and number == 0.0:
            return self.number(0.0)
        if number != neutral:
            fixed.insert(0, self.number(number))
        if len(fixed) > 1:
            fixed = [self.node(kind, tuple(fixed))]
        both = (*fixed, *moving)
        if not both:
            return self.number(neutral)
        return both[0] if len(both) == 1 else self.node(kind, both)

    def reciprocal(self, x: Node) -> Node:
        """Return ``1 / x``."""
        value = self.value(x)
        return self.number(1.0 / value) if value else self.node("rcp", (x,))

    def power(self, base: Node, exponent: int) -> Node:
        """Return a whole power."""
        if exponent < 2:
            return base if exponent else self.number(1.0)
        return self.node("pow", (base,), exponent)

    def acc(self, pairs: Iterable[tuple[Node, Node]]) -> Node:
        """Return a sum of products of two; zeros are dropped."""
        kept = [(a, b) for a, b in pairs if self.value(a) != 0.0 and self.value(b) != 0.0]
        if len(kept) == 1:
            return self.times(*kept[0])
        return self.node("acc", tuple(x for pair in kept for x in pair)) if kept else self.number(0.0)

    def gradient(self, root: Node, by_constants: bool = False) -> dict[Node, Node]:
        """Return the derivative with respect to every species and assignment that occurs.

        `by_constants`: also with respect to parameters and inputs. An assignment is not looked into.
        """
        if not by_constants and self.constant[root]:
            return {}
        key = -1 - root if by_constants else root
        if key not in self._gradients:
            self._gradients[key] = self._gradient(root, by_constants)
        return self._gradients[key]

    def _gradient(self, root: Node, deep: bool) -> dict[Node, Node]:
        formula = self.nodes[root]
        args = formula.args
        if formula.kind in ("y", "p", "name"):
            return {root: self.number(1.0)}
        outer: list[tuple[Node, Node]] = []  # argument, derivative with respect to it
        match formula.kind:
            case "add":
                outer = [(a, self.number(1.0)) for a in args]
            case "mul":
                outer = [(a, self.mul((*args[:i], *args[i + 1 :]))) for i, a in enumerate(args)]
            case "rcp":
                outer = [(args[0], self.mul((self.number(-1.0), root, root)))]
            case "pow":
                n = int(formula.value)
                outer = [(args[0], self.mul((self.number(float(n)), self.power(args[0], n - 1))))]
            case "exp":
                outer = [(args[0], root)]
            case "ln" | "ln0":
                outer = [(args[0], self.reciprocal(args[0]))]
            case "rpow":
                x, n_ = args
                less = self.add((self.number(-1.0), n_))
                outer = [
                    (x, self.mul((n_, self.node("rpow", (x, less))))),
                    (n_, self.mul((root, self.node("ln0", (x,))))),
                ]
        found: dict[Node, list[Node]] = {}
        for arg, factor in outer:
            for leaf, inner in self.gradient(arg, deep).items():
                found.setdefault(leaf, []).append(self.times(factor, inner))
        return {leaf: self.add(parts) for leaf, parts in found.items()}
