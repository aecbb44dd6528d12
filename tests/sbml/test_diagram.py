"""The pictures in a file are of the model: what they show is there, and acts as they say."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import libsbml
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

import mtorkin as mk
from mtorkin.export.sbml import sbml_string
from mtorkin.language.expression import evaluate
from mtorkin.sbml.diagram import Drawing, drawings
from mtorkin.sbml.diagram.drawing import Curve
from mtorkin.sbml.diagram.tables import ArcRow, read_arcs, read_nodes
from mtorkin.steady import steady_state

ARCS = [row for row in read_arcs() if row.role != "hidden"]


@cache
def network() -> mk.Network:
    return mk.build().network


@cache
def drawn() -> dict[str, Drawing]:
    return {d.name: d for d in drawings(network())}


@cache
def at_rest() -> dict[str, float]:
    model = mk.build()
    inputs = {i.id: i.default for i in model.network.inputs}
    return {**model.values, **inputs, **{str(k): float(v) for k, v in steady_state(model).state.items()}}


def rate(id: str, values: dict[str, float]) -> float:
    known = dict(values)
    for a in network().assignments:
        known[a.id] = evaluate(a.expr, known)
    return evaluate(next(r.rate for r in network().reactions if r.id == id), known)


@pytest.mark.parametrize("arc", ARCS, ids=lambda a: f"{a.picture}-{a.node}-{a.reaction[:20]}")
def test_an_arc_is_an_influence_of_that_sign(arc: ArcRow) -> None:
    node = next(n for n in read_nodes() if (n.picture, n.name) == (arc.picture, arc.node))
    moved = {id for id in at_rest() if id == (node.species or node.name)}
    moved |= {id for id in at_rest() if node.species and id.startswith(node.species + "__with__")}
    more = {
        id: x * 1.2 + (0.01 if id == node.name else 0.0) if id in moved else x for id, x in at_rest().items()
    }
    change = rate(arc.reaction, more) - rate(arc.reaction, at_rest())
    assert change > 0 if arc.role == "activator" else change < 0


def test_every_row_of_the_tables_is_used() -> None:
    shown = {(d.name, n.name) for d in drawn().values() for n in d.nodes}
    assert {(n.picture, n.name) for n in read_nodes()} == shown
    reactions = {r.id for r in network().reactions}
    assert {a.reaction for a in read_arcs()} <= reactions


@pytest.mark.parametrize("name", sorted({n.picture for n in read_nodes()}))
def test_no_box_covers_another(name: str) -> None:
    for a, b in combinations((n.box for n in drawn()[name].nodes), 2):
        apart_x = max(a.x, b.x) - min(a.x + a.width, b.x + b.width)
        apart_y = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
        assert max(apart_x, apart_y) >= 2


def along(curve: Curve, steps: int = 60) -> list[tuple[float, float]]:
    """Points of a cubic Bezier curve, evenly in its parameter."""
    found = []
    for i in range(steps + 1):
        t, s = i / steps, 1 - i / steps
        weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
        corners = (curve.start, curve.first, curve.second, curve.end)
        found.append(tuple(sum(w * c[k] for w, c in zip(weights, corners, strict=True)) for k in (0, 1)))
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("name", sorted({n.picture for n in read_nodes()}))
def test_no_line_runs_behind_a_box(name: str) -> None:
    """Lines end at the border of their boxes, and go round others."""
    drawing = drawn()[name]
    for process in drawing.processes:
        for line in process.lines:
            for node in drawing.nodes:
                b = node.box
                behind = [
                    (x, y)
                    for x, y in along(line.curve)
                    if b.x + 1 < x < b.x + b.width - 1 and b.y + 1 < y < b.y + b.height - 1
                ]
                assert not behind, (process.reaction, line.node, node.name)
            width, height = drawing.size
            inside = all(5 < x < width - 5 and 5 < y < height - 5 for x, y in along(line.curve))
            assert inside, (process.reaction, line.node)


@pytest.mark.parametrize("name", sorted({n.picture for n in read_nodes()}))
def test_labels_fit_their_boxes(name: str) -> None:
    """By the widths of letters that matplotlib's own font has, which is wide."""
    for node in drawn()[name].nodes:
        for i, text in enumerate(node.lines):
            size, weight = (9, "normal") if i else (11, "bold")
            font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
            assert TextPath((0, 0), text, prop=font).get_extents().width <= node.box.width, text


def test_participants_are_those_of_the_reaction() -> None:
    sides = {r.id: ({id for id, _ in r.reactants}, {id for id, _ in r.products}) for r in network().reactions}
    for d in drawn().values():
        species = {n.name: n.species for n in d.nodes}
        for p in d.processes:
            left, right = sides[p.reaction]
            lines = [(line.role, species[line.node]) for line in p.lines]
            assert left <= {s for role, s in lines if role in {"substrate", "reversible"}}, p.reaction
            assert right <= {s for role, s in lines if role == "product"}, p.reaction


def test_libsbml_sees_them() -> None:
    document = libsbml.readSBMLFromString(sbml_string(mk.build()))
    plugin = document.getModel().getPlugin("layout")
    assert plugin.getNumLayouts() == len(drawn()) == 5
    for i, d in enumerate(drawn().values()):
        layout = plugin.getLayout(i)
        assert layout.getNumSpeciesGlyphs() == len(d.nodes)
        assert layout.getNumReactionGlyphs() == len(d.processes)
        assert layout.getPlugin("render").getNumLocalRenderInformationObjects() == 1


def test_a_network_that_no_table_knows_has_no_picture() -> None:
    from toy import mtor_like

    assert all(p.reaction for d in drawings(mtor_like().network) for p in d.processes)
    assert "complexes" not in {d.name for d in drawings(mtor_like().network)}
