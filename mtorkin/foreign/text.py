"""Formulas written as text, as in PEtab tables: a parser of its own, nothing is evaluated as code.

``+ - * / ^ **``, brackets, numbers, names, and exp, ln, log, log2, log10, sqrt and pow.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from mtorkin.errors import DeclarationError
from mtorkin.foreign.formulas import LARGEST, Names, size_of
from mtorkin.foreign.refusal import NotRead
from mtorkin.language.expression import Expr, Number, add, div, mul
from mtorkin.language.functions import exp, ln, real_power

__all__ = ["formula_of"]

TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),]))", re.ASCII
)
LONGEST = 20_000  # characters
DEEPEST = 60
FUNCTIONS: dict[tuple[str, int], Callable[..., Expr]] = {
    ("exp", 1): exp,
    ("ln", 1): ln,
    ("log", 1): ln,
    ("log", 2): lambda x, base: div(ln(x), ln(base)),
    ("log10", 1): lambda x: div(ln(x), math.log(10.0)),
    ("log2", 1): lambda x: div(ln(x), math.log(2.0)),
    ("sqrt", 1): lambda x: real_power(x, 0.5),
    ("pow", 2): real_power,
}


def formula_of(text: str, names: Names, place: str) -> Expr:
    """Return a formula; `names` gives what names stand for, `place` where it stands. Raises NotRead."""
    if len(text) > LONGEST:
        raise NotRead(f"{place}: a formula longer than {LONGEST} characters")
    tokens = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None:
            raise NotRead(f"{place}: {text[at : at + 20].strip()!r} is not understood in {text[:200]!r}")
        tokens.append(found[0].strip())
        at = found.end()
    parser = _Parser(tokens, names, place)
    try:
        result = parser.sum()
    except (DeclarationError, ArithmeticError, ValueError) as error:
        raise NotRead(f"{place}: {error} in {text[:200]!r}") from None
    if parser.at < len(tokens):
        raise NotRead(f"{place}: {tokens[parser.at]!r} is not expected in {text[:200]!r}")
    if size_of(result) > LARGEST:
        raise NotRead(f"{place}: a formula with more than {LARGEST} parts")
    return result


@dataclass(eq=False)
class _Parser:
    tokens: list[str]
    names: Names
    place: str
    at: int = 0
    depth: int = 0

    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *allowed: str) -> str:
        token = self.next()
        if token not in allowed or not token:
            return ""
        self.at += 1
        return token

    def need(self, what: str) -> None:
        if not self.take(what):
            raise NotRead(f"{self.place}: {what!r} is expected before {self.next()!r}")

    def sum(self) -> Expr:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRead(f"{self.place}: a formula nested deeper than {DEEPEST}")
        terms = [self.product()]
        while sign := self.take("+", "-"):
            term = self.product()
            terms.append(term if sign == "+" else mul(-1.0, term))
        self.depth -= 1
        return add(*terms) if len(terms) > 1 else terms[0]

    def product(self) -> Expr:
        factors = [self.signed()]
        while sign := self.take("*", "/"):
            right = self.signed()
            if sign == "*":
                factors.append(right)
            else:
                factors = [div(mul(*factors), right)]
        return mul(*factors) if len(factors) > 1 else factors[0]

    def signed(self) -> Expr:
        negative = False
        while sign := self.take("+", "-"):
            negative ^= sign == "-"
        found = self.power()
        return mul(-1.0, found) if negative else found

    def power(self) -> Expr:
        base = self.atom()
        if not self.take("^", "**"):
            return base
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRead(f"{self.place}: a formula nested deeper than {DEEPEST}")
        exponent = self.signed()
        self.depth -= 1
        return real_power(base, exponent)

    def atom(self) -> Expr:
        token = self.next()
        self.at += 1
        if token == "(":
            found = self.sum()
            self.need(")")
            return found
        if token and (token[0].isdigit() or token[0] == "."):
            value = float(token)
            if not math.isfinite(value):
                raise NotRead(f"{self.place}: {token!r} is not finite")
            return Number(value)
        if token and (token[0].isalpha() or token[0] == "_"):
            return self.call(token) if self.take("(") else self.named(token)
        raise NotRead(f"{self.place}: a name or number is expected before {token!r}")

    def named(self, id: str) -> Expr:
        found = self.names(id)
        if found is None:
            raise NotRead(f"{self.place}: {id!r} is not known here")
        return found

    def call(self, name: str) -> Expr:
        args = [self.sum()]
        while self.take(","):
            args.append(self.sum())
        self.need(")")
        if (name, len(args)) not in FUNCTIONS:
            raise NotRead(f"{self.place}: no function {name!r} of {len(args)} arguments")
        return FUNCTIONS[name, len(args)](*args)
