"""The numbers and the code in the documentation are those of the model as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mtorkin.build import build
from mtorkin.language import Mechanism
from mtorkin.mechanisms import ALL
from mtorkin.network import Network, assemble
from mtorkin.tables import ParameterTable, read_tables

from . import write_numbers

DOCS = Path(__file__).resolve().parents[2] / "docs"
AGAIN = "python tests/network/write_numbers.py writes it anew"


def rows_of(path: Path, columns: int) -> dict[str, list[float]]:
    """Table rows of a text with some number of numeric columns, by their first cell."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == columns + 1 and all(map(_numeric, cells[1:])):
            found[cells[0]] = [float(c) for c in cells[1:]]
    return found


def _numeric(cell: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?", cell) is not None


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_the_size_of_the_model_is_as_written() -> None:
    text = write_numbers.THE_MODEL.read_text(encoding="utf-8")
    line = write_numbers.line("", write_numbers.size())
    assert line in text, f"the line should be {line}; {AGAIN}"
    assert f"{len(ALL)} mechanisms with {write_numbers.rules()} rules" in text, AGAIN


def test_the_evidence_is_counted_as_it_is() -> None:
    line = write_numbers.line("", write_numbers.evidence())
    text = write_numbers.EVIDENCE_OF.read_text(encoding="utf-8")
    assert line in text, f"the line should be {line}; {AGAIN}"


@pytest.mark.parametrize(
    ("path", "measure"),
    [
        (write_numbers.THE_MODEL, write_numbers.emerging),
        (write_numbers.MEDIUM, write_numbers.depletion),
    ],
    ids=["what emerges", "the medium"],
)
def test_results_are_as_written(path: Path, measure: Callable[[], write_numbers.Rows]) -> None:
    for name, values in measure().items():
        written = rows_of(path, columns=len(values))
        assert written[name] == pytest.approx(values, abs=1.5), f"{name}; {AGAIN}"


def run(path: Path) -> tuple[Mechanism, Network]:
    """Execute the Python of a page, in order; return the mechanism and the network it makes."""
    scope: dict[str, object] = {}
    for n, source in enumerate(blocks(path, "python")):
        exec(compile(source, f"{path.stem}_{n}.py", "exec"), scope)
    made = [v for v in scope.values() if isinstance(v, Mechanism)]
    network = scope["network"]
    assert len(made) == 1 and isinstance(network, Network)
    return made[0], network


@pytest.mark.parametrize("page", ["write-a-mechanism", "add-a-drug"])
def test_the_example_runs_and_its_table_fits(page: str, tmp_path: Path, capsys: object) -> None:
    path = DOCS / "how-to" / f"{page}.md"
    mechanism, network = run(path)
    (table,) = blocks(path, "tsv")
    (tmp_path / f"{mechanism.name}.tsv").write_text(table, encoding="utf-8")
    extra = read_tables(tmp_path)
    core = build().table
    new = {p.id for p in network.parameters} - set(core.rows)
    assert {id for id in new if not id.endswith("_abundance")} == set(extra.rows)
    known = ParameterTable({**core.rows, **extra.rows}, {**core.origin, **extra.origin})
    for p in network.parameters:
        if p.id in known.rows:
            assert known.rows[p.id].unit == p.unit


def test_the_example_is_a_small_step() -> None:
    mechanism, network = run(DOCS / "how-to" / "write-a-mechanism.md")
    assert len(network.species) == len(assemble(ALL).species) + 1
    added = [r for r in network.reactions if r.mechanism == mechanism.name]
    assert {r.label.split(":")[0] for r in added} == {rule.name for rule in mechanism.rules}


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{path.name}: {target}"
        for path in DOCS.rglob("*.md")
        for target in re.findall(r"\]\(([^)#:]+\.md)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).is_file()
    ]
    assert broken == []
