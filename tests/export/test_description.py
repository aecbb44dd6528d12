"""A description has every equation, parameter and source, and LaTeX that can be set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from matplotlib.mathtext import MathTextParser
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.errors import DeclarationError
from mtorkin.export.description import description_string, write_description
from mtorkin.language.infix import infix


@pytest.mark.parametrize("model", [toy_model(), mk.build()], ids=["toy", "whole"])
def test_markdown_has_every_equation(model: mk.Model) -> None:
    text, network = description_string(model), model.network
    for i, r in enumerate(network.reactions, start=1):
        assert f"`v{i} = {infix(r.rate)}`" in text
    for x in (*network.assignments, *network.observables):
        assert text.count(f"`{x.id} = {infix(x.expr)}`") == 1
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|", text, flags=re.MULTILINE)
    assert sorted(rows) == sorted({*rows}), "a parameter stands in one table"
    assert {id: float(v) for id, v in rows} == {**model.values, **{i.id: i.default for i in network.inputs}}
    assert len(re.findall(r"`d\(\w+\)/dt = ", text)) == len(network.species)
    for mechanism in network.mechanisms:
        assert mechanism.about.strip().splitlines()[0] in text
    balances = text[text.index("## Balances") : text.index("## Sources")]
    used = [int(n) for n in re.findall(r"\bv(\d+)\b", balances)]
    moved = sum(len(r.reactants) + len(r.products) for r in network.reactions)
    assert len(used) == moved and set(used) <= {*range(1, len(network.reactions) + 1)}


def test_what_is_known_of_a_number() -> None:
    text = description_string(mk.build().with_values(K_insulin=7.0))
    row = next(line for line in text.splitlines() if line.startswith("| `K_insulin` "))
    assert "| 7 | nM |" in row and "changed from" in row
    sourced = next(r for r in mk.build().table.rows.values() if r.source and r.unit == "1/min")
    assert sourced.source in next(x for x in text.splitlines() if f"| `{sourced.parameterId}` |" in x)


def test_latex_can_be_set() -> None:
    """No LaTeX here: braces and environments match, and a parser of TeX mathematics takes the formulas."""
    text = description_string(mk.build(), format="latex")
    assert text.isascii() and "?" not in re.sub(r"\\url\{[^}]*\}", "", text)
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    assert re.findall(r"\\begin\{(\w+)\}", text).count("longtable") == text.count(r"\end{longtable}")
    assert text.count("$") % 2 == 0
    inside = [part for line in text.splitlines() for part in re.findall(r"(?<!\\)\$(.*?)(?<!\\)\$", line)]
    assert len(inside) > 2000
    parser = MathTextParser("path")
    for mathematics in sorted({*inside}, key=len)[::150]:
        parser.parse("$" + mathematics.replace(r"\id", r"\mathrm").replace(r"\tfrac", r"\frac") + "$")
    assert not re.search(r"(?<![\\$])[&%#](?![^\n]*\\\\)", text.partition(r"\begin{document}")[2])


def test_formats(tmp_path: Path) -> None:
    assert write_description(toy_model(), tmp_path / "a.md").read_text("utf-8").startswith("# ")
    assert write_description(toy_model(), tmp_path / "a.tex").read_text("utf-8").startswith("\\documentclass")
    with pytest.raises(DeclarationError, match=r"name it \.md or \.tex"):
        write_description(toy_model(), tmp_path / "a.txt")
    with pytest.raises(DeclarationError, match="no format 'tex'"):
        description_string(toy_model(), format="tex")
