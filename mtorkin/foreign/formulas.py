"""MathML of others as our expressions; text is never evaluated, only looked up.

Function definitions are put in where they are called. How large a formula may become is limited
before it is built.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mtorkin.errors import DeclarationError, nearest
from mtorkin.foreign.conditions import TIME, Comparison, Condition, Logic, Truth
from mtorkin.foreign.declared import Law
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.xml import Node
from mtorkin.language.expression import Expr, Number, add, children, div, mul
from mtorkin.language.functions import exp, ln, real_power

__all__ = ["Maths", "Names", "size_of"]

LARGEST = 20_000  # parts of a formula
MOST_WORK = 3_000_000  # parts read from one file
DEEPEST = 40  # functions within functions
AVOGADRO = 6.02214179e23  # as SBML Level 3 defines it
CONSTANTS = {"pi": math.pi, "exponentiale": math.e}
COMPARISONS = frozenset({"lt", "leq", "gt", "geq", "eq", "neq"})

Names = Callable[[str], Expr | None]


def size_of(expr: Expr, most: int = LARGEST) -> int:
    """How many parts an expression has, counted as far as `most` and one more."""
    count, todo = 0, [expr]
    while todo and count <= most:
        count += 1
        todo += children(todo.pop())
    return count


@dataclass(eq=False)
class Maths:
    """Reads formulas of one file.

    `piecewise` gets the cases of a `piecewise` and returns an expression for it.
    """

    functions: Mapping[str, Law]
    piecewise: Callable[[list[tuple[Expr, Condition]], Expr, str], Expr]
    work: int = 0
    _sizes: dict[str, int] = field(default_factory=dict)

    def formula(self, law: Law, names: Names) -> Expr:
        """Return a formula; `names` gives what its ids stand for. Raises NotRead."""
        return self._bounded(_Formula(self, law.place, names).expr(law.math), law.place)

    def condition(self, law: Law, names: Names) -> Condition:
        """Return a condition. Raises NotRead."""
        return _Formula(self, law.place, names).condition(law.math)

    def _bounded(self, expr: Expr, place: str) -> Expr:
        if size_of(expr) > LARGEST:
            raise NotRead(f"{place}: a formula with more than {LARGEST} parts")
        return expr

    def called(self, id: str, args: list[Expr], place: str, depth: int) -> Expr:
        """Return the body of a function with its arguments put in."""
        function = self.functions[id]
        if function.math.name != "lambda" or not function.math.children:
            raise NotRead(f"{function.place}: not a function")
        *bound, body = function.math.children
        names = [b.children[0].text if b.children else "" for b in bound]
        if len(names) != len(args):
            raise NotRead(f"{place}: {id} takes {len(names)} arguments and gets {len(args)}")
        if id not in self._sizes:
            self._sizes[id] = _count(body)
        widest = max(map(size_of, args), default=1)
        if self._sizes[id] * widest > 10 * LARGEST:
            raise NotRead(f"{place}: {id} would make a formula too large")
        inner = dict(zip(names, args, strict=True))
        formula = _Formula(self, self.functions[id].place, inner.get, depth + 1)
        return self._bounded(formula.expr(body), place)


def _count(node: Node) -> int:
    return 1 + sum(map(_count, node.children))


@dataclass(eq=False)
class _Formula:
    maths: Maths
    place: str
    names: Names
    depth: int = 0

    def refuse(self, node: Node, why: str) -> NotRead:
        return NotRead(f"{self.place}: line {node.line}: <{node.name}>: {why}")

    def expr(self, node: Node) -> Expr:
        self.maths.work += 1
        if self.maths.work > MOST_WORK:
            raise self.refuse(node, "the formulas of this file are too large")
        match node.name:
            case "cn":
                return Number(self._number(node))
            case "ci":
                return self._named(node)
            case "csymbol":
                return self._symbol(node)
            case "apply":
                return self._apply(node)
            case "piecewise":
                return self._piecewise(node)
            case "pi" | "exponentiale":
                return Number(CONSTANTS[node.name])
        raise self.refuse(node, "is not supported here")

    def _number(self, node: Node) -> float:
        kind = node.attributes.get("type", "real")
        texts = [t.strip() for t in node.texts]
        try:
            if kind == "e-notation":
                value = float(texts[0]) * 10.0 ** int(texts[1])
            elif kind == "rational":
                value = float(texts[0]) / float(texts[1])
            else:
                value = float(texts[0])
        except (ValueError, IndexError, ArithmeticError):
            raise self.refuse(node, f"{' '.join(texts)[:80]!r} is not a number") from None
        if not math.isfinite(value):
            raise self.refuse(node, f"{' '.join(texts)[:80]!r} is not finite")
        return value

    def _named(self, node: Node) -> Expr:
        found = self.names(node.text)
        if found is None:
            raise self.refuse(node, f"{node.text[:80]!r} is not known here")
        return found

    def _symbol(self, node: Node) -> Expr:
        what = node.attributes.get("definitionURL", "").rpartition("/")[2]
        if what == "time":
            return TIME
        if what == "avogadro":
            return Number(AVOGADRO)
        raise self.refuse(node, f"{what[:80]!r} is not supported")

    def _apply(self, node: Node) -> Expr:
        if not node.children:
            raise self.refuse(node, "is empty")
        what, *given = node.children
        if what.name == "ci":
            id = what.text
            if id not in self.maths.functions:
                raise self.refuse(what, f"no function {id[:80]!r}{nearest(id[:80], self.maths.functions)}")
            if self.depth > DEEPEST:
                raise self.refuse(what, f"functions are nested deeper than {DEEPEST}")
            return self.maths.called(id, [self.expr(g) for g in given], self.place, self.depth)
        base = [g.children[0] for g in given if g.name in ("degree", "logbase") and g.children]
        args = [self.expr(g) for g in given if g.name not in ("degree", "logbase")]
        try:
            return self._operator(what, args, self.expr(base[0]) if base else None)
        except (DeclarationError, ArithmeticError, ValueError) as error:
            raise self.refuse(what, str(error)) from None

    def _operator(self, what: Node, args: list[Expr], base: Expr | None) -> Expr:
        match what.name, len(args):
            case "plus", _:
                return add(*args)
            case "times", _:
                return mul(*args)
            case "minus", 1:
                return mul(-1.0, args[0])
            case "minus", 2:
                return add(args[0], mul(-1.0, args[1]))
            case "divide", 2:
                return div(*args)
            case "power", 2:
                return real_power(*args)
            case "root", 1:
                return real_power(args[0], div(1.0, Number(2.0) if base is None else base))
            case "exp", 1:
                return exp(args[0])
            case "ln", 1:
                return ln(args[0])
            case "log", 1:
                return div(ln(args[0]), ln(Number(10.0) if base is None else base))
        raise self.refuse(what, f"is not supported with {len(args)} arguments")

    def _piecewise(self, node: Node) -> Expr:
        cases = []
        for piece in node.of("piece"):
            if len(piece.children) != 2:
                raise self.refuse(piece, "needs a value and a condition")
            cases.append((self.expr(piece.children[0]), self.condition(piece.children[1])))
        otherwise = node.first("otherwise")
        if otherwise is None or len(otherwise.children) != 1:
            raise self.refuse(node, "has no value where no condition holds")
        return self.maths.piecewise(cases, self.expr(otherwise.children[0]), self.place)

    def condition(self, node: Node) -> Condition:
        self.maths.work += 1
        if node.name in ("true", "false"):
            return Truth(node.name == "true")
        if node.name != "apply" or not node.children:
            raise self.refuse(node, "is no condition")
        what, *given = node.children
        if what.name in COMPARISONS and len(given) == 2:
            left, right = map(self.expr, given)
            return Comparison(what.name, add(left, mul(-1.0, right)))
        if what.name in ("and", "or", "xor") or (what.name == "not" and len(given) == 1):
            return Logic(what.name, tuple(map(self.condition, given)))
        raise self.refuse(what, "is not supported in a condition")
