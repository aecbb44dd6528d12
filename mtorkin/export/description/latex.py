"""A description as a LaTeX article: amsmath, longtable, hyperref; 7-bit, so that any LaTeX takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtorkin.export.description.sections import Balance, Description, Number, Section
from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Pow, mul
from mtorkin.language.expression import Number as Constant
from mtorkin.language.infix import number_text
from mtorkin.language.mechanism import Assignment, Observable

__all__ = ["formula", "latex_lines"]

HEAD = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[margin=22mm]{geometry}
\usepackage{amsmath,longtable,textcomp}
\usepackage[hidelinks]{hyperref}
\newcommand{\id}[1]{\mathrm{#1}}
\setlength{\parindent}{0pt}\setlength{\parskip}{3pt}\sloppy\raggedright"""

# a letter that pdfTeX has only as a command
_LETTERS = {
    "·": r"\textperiodcentered{}",
    "→": r"$\rightarrow$",
    "∅": r"$\emptyset$",
    "–": "--",
    "’": "'",
    "×": r"$\times$",
    "µ": r"\textmu{}",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "γ": r"$\gamma$",
    "Δ": r"$\Delta$",
    "κ": r"$\kappa$",
    "μ": r"$\mu$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "±": r"$\pm$",
    "é": r"\'e",
    "ä": r"\"a",
    "ö": r"\"o",
    "ü": r"\"u",
}
_SIGNS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SIGNS |= {c: "\\" + c for c in "&%$#_{}"}
_SIGNS |= {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"}


def latex_lines(what: Description) -> Iterator[str]:
    """Yield the lines of the article."""
    yield from HEAD.splitlines()
    yield rf"\title{{{_text(what.title)}}}\date{{}}\author{{}}"
    yield from (r"\begin{document}", r"\maketitle")
    for paragraph in what.notes:
        yield from (_text(paragraph), "")
    yield r"A rate $v$ is the change of concentration [nM/min] in its own compartment; a number before"
    yield r"it is the ratio of volumes. Reactions are numbered through the model."
    sizes = ", ".join(rf"{_text(id)} {number_text(size)}" for id, size in what.compartments)
    yield from (rf"Volumes: {sizes}.", r"\tableofcontents", r"\section{Inputs}", *_numbers(what.inputs))
    for section in what.sections:
        yield from _section(section)
    if what.totals:
        yield from (r"\section{Totals that cells start with}", *_numbers(what.totals))
    if what.others:
        yield from (r"\section{Quantities that nothing uses here}", *map(_quantity, what.others))
    yield from (r"\section{Balances}", "Every species, with its concentration before cells come to rest.", "")
    yield from map(_balance, what.balances)
    yield r"\section{Sources}"
    yield from (rf"{_text(key)}: \url{{{uri}}}" + "\n" for key, uri in what.sources)
    yield r"\end{document}"


def _section(section: Section) -> Iterator[str]:
    yield from ("", rf"\section{{{_text(section.title.replace('_', ' '))}}}")
    for paragraph in re.split(r"\n\s*\n", section.about.strip()):
        yield from (_text(paragraph), "")
    if section.numbers:
        yield from (r"\subsection*{Parameters}", *_numbers(section.numbers))
    if section.assignments:
        yield from (r"\subsection*{Quantities}", *map(_quantity, section.assignments))
    if section.steps:
        yield r"\subsection*{Reactions}"
        for s in section.steps:
            yield f"{_text(s.name)}: $v_{{{s.number}}} = {formula(s.rate)}$ ({_text(s.compartment)})\n"
    if section.observables:
        yield from (r"\subsection*{Observables}", *map(_quantity, section.observables))


def _quantity(x: Assignment | Observable) -> str:
    return f"${_id(x.id)} = {formula(x.expr)}$ [{_text(x.unit)}]{_said(x.meaning)}\n"


def _numbers(rows: Sequence[Number]) -> Iterator[str]:
    width = r"@{}p{42mm}rlp{58mm}p{34mm}@{}"
    yield rf"{{\small\begin{{longtable}}{{{width}}}"
    yield r"parameter & value & unit & meaning & evidence, source \\ \hline \endhead"
    for n in rows:
        known = ": ".join(_text(x) for x in (n.evidence, n.source) if x)
        value = rf"${_number(n.value)}$"
        yield rf"${_id(n.id)}$ & {value} & {_text(n.unit)} & {_text(n.meaning)} & {known} \\"
    yield r"\end{longtable}}"


def _balance(b: Balance) -> str:
    text = ""
    for factor, number in b.terms:
        size = "" if abs(factor) == 1 else rf"{_number(abs(factor))}\,"
        text += f" {'-' if factor < 0 else '+'} {size}v_{{{number}}}"
    total = text.removeprefix(" + ").strip() or "0"
    rate = rf"\tfrac{{d}}{{dt}}{_id(b.id)} = {total}"
    return f"{_text(b.name)}: ${rate}$; at first ${formula(b.initial)}$ ({_text(b.compartment)})\n"


def formula(expr: Expr, tight: int = 0) -> str:
    r"""Return an expression as LaTeX mathematics, with \frac for quotients; brackets where they belong."""
    match expr:
        case Constant(value):
            text, level = _number(value), 1 if value < 0 else 4
        case Leaf():
            text, level = _id(expr.id), 4
        case Add(terms):
            parts = [formula(t, 1) for t in terms]
            text, level = parts[0], 1
            for part in parts[1:]:
                text += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
        case Mul(factors):
            if factors[0] == Constant(-1.0):
                text, level = "-" + formula(mul(*factors[1:]), 2), 1
            else:
                text, level = r" \cdot ".join(formula(f, 2) for f in factors), 2
        case Div(n, d):
            text, level = rf"\frac{{{formula(n)}}}{{{formula(d)}}}", 3
        case Pow(base, n):
            text, level = f"{formula(base, 4)}^{{{n}}}", 3
        case _:
            raise TypeError(f"not an expression: {expr!r}")
    return rf"\left({text}\right)" if level < tight else text


def _id(id: str) -> str:
    return r"\id{" + id.replace("_", r"\_") + "}"


def _number(value: float) -> str:
    head, sign, power = number_text(value).partition("e")
    return rf"{head} \cdot 10^{{{int(power)}}}" if sign else head


def _said(meaning: str) -> str:
    return f": {_text(' '.join(meaning.split()))}" if meaning else ""


def _text(text: str) -> str:
    """Text for LaTeX; a letter that is not known here stands as a question mark."""
    return "".join(_SIGNS.get(c) or _LETTERS.get(c) or (c if c.isascii() else "?") for c in text)
