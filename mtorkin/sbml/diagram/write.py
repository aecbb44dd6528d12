"""Drawings in the words of SBML's layout and render packages.

Every id begins with the picture's name, as ids of a file must differ. A line has a role, and its
looks with it (see `render`); no reference of a reaction has an id, so the lines name none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mtorkin.sbml.diagram.drawing import Area, Box, Curve, Drawing, Line, Node, Point, Process
from mtorkin.sbml.diagram.render import information
from mtorkin.sbml.xml import Tag, tag

__all__ = ["LAYOUT", "RENDER", "layouts"]

LAYOUT = "http://www.sbml.org/sbml/level3/version1/layout/version1"
RENDER = "http://www.sbml.org/sbml/level3/version1/render/version1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
INSIDE = "cell"  # where places lie that are no compartments
LINE = 13.0  # pt, from one line of a label to the next


def layouts(drawn: Iterable[Drawing]) -> list[Tag]:
    """Return the list of layouts of a model; [] where nothing is drawn."""
    made = [_layout(d) for d in drawn]
    return [tag("layout:listOfLayouts", made, xmlns_xsi=XSI)] if made else []


def _layout(d: Drawing) -> Tag:
    id = f"layout_{d.name}"
    parts = {
        "listOfCompartmentGlyphs": [_area(i, a, id) for i, a in enumerate(d.areas)],
        "listOfSpeciesGlyphs": [_species(n, id) for n in d.nodes],
        "listOfReactionGlyphs": [_reaction(p, id) for p in d.processes],
        "listOfTextGlyphs": [*_texts(d, id)],
    }
    lists = [tag(f"layout:{name}", children) for name, children in parts.items() if children]
    return tag(
        "layout:layout",
        [_size("layout:dimensions", *d.size), *lists, information(id, _ids_by_role(lists))],
        layout_id=id,
        layout_name=d.name.replace("_", " "),
    )


def _ids_by_role(lists: Iterable[Tag]) -> dict[str, list[str]]:
    """The ids of the boxes and texts, and of the lines that no attribute but the role tells apart."""
    found: dict[str, list[str]] = {}
    for glyphs in lists:
        for glyph in _with_children(glyphs):
            said = dict(glyph.attributes)
            role = said.get("render:objectRole", "")
            if role and role != said.get("layout:role", ""):
                found.setdefault(role, []).append(said["layout:id"])
    return found


def _with_children(element: Tag) -> Iterator[Tag]:
    yield element
    for child in element.children:
        yield from _with_children(child)


def _area(i: int, area: Area, id: str) -> Tag:
    """A compartment, or a place that the model has none for: as that is drawn behind everywhere."""
    return tag(
        "layout:compartmentGlyph",
        [_box(area.box)],
        render_objectRole="compartment" if area.compartment else "place",
        layout_id=f"{id}_area_{i}",
        layout_compartment=area.compartment or INSIDE,  # COPASI refuses a glyph of none
    )


def _species(node: Node, id: str) -> Tag:
    return tag(
        "layout:speciesGlyph",
        [_box(node.box)],
        render_objectRole=node.kind,
        layout_id=_glyph(id, node.name),
        layout_species=node.species or None,
    )


def _glyph(id: str, name: str) -> str:
    return f"{id}_{name}"


def _reaction(p: Process, id: str) -> Tag:
    own = f"{id}__{p.reaction}"
    lines = [_reference(i, line, own, id) for i, line in enumerate(p.lines)]
    x, y = zip(p.curve.start, p.curve.end, strict=True)
    box = Box(min(x), min(y), max(x) - min(x), max(y) - min(y))
    return tag(
        "layout:reactionGlyph",
        [_box(box), _curve(p.curve), tag("layout:listOfSpeciesReferenceGlyphs", lines)],
        render_objectRole="reaction",
        layout_id=own,
        layout_reaction=p.reaction,
    )


def _reference(i: int, line: Line, own: str, id: str) -> Tag:
    return tag(
        "layout:speciesReferenceGlyph",
        [_box(Box(0.0, 0.0, 0.0, 0.0)), _curve(line.curve)],
        render_objectRole=line.role,
        layout_id=f"{own}__{i}",
        layout_speciesGlyph=_glyph(id, line.node),
        layout_role="substrate" if line.role == "reversible" else line.role,
    )


def _texts(d: Drawing, id: str) -> Iterator[Tag]:
    for i, a in enumerate(d.areas):
        box = Box(a.box.x + 8, a.box.y + 5, a.box.width - 16, 16.0)
        yield _text(f"{id}_label_{i}", a.label, box, "area_label")
    for node in d.nodes:
        for i, line in enumerate(node.lines):
            top = node.box.y + (node.box.height - LINE * len(node.lines)) / 2 + i * LINE
            box = Box(node.box.x, top, node.box.width, LINE)
            role = "state" if i else "title"
            # some tools write nothing on a box that is of no species
            of = _glyph(id, node.name) if node.species else None
            yield _text(f"{_glyph(id, node.name)}_text_{i}", line, box, role, of)


def _text(id: str, text: str, box: Box, role: str, of: str | None = None) -> Tag:
    return tag(
        "layout:textGlyph",
        [_box(box)],
        render_objectRole=role,
        layout_id=id,
        layout_graphicalObject=of,
        layout_text=text,
    )


def _box(box: Box) -> Tag:
    place = _point("layout:position", (box.x, box.y))
    return tag("layout:boundingBox", [place, _size("layout:dimensions", box.width, box.height)])


def _size(name: str, width: float, height: float) -> Tag:
    return tag(name, layout_width=_pt(width), layout_height=_pt(height))


def _curve(curve: Curve) -> Tag:
    points = [("start", curve.start), ("end", curve.end)]
    if not curve.is_straight:
        points += [("basePoint1", curve.first), ("basePoint2", curve.second)]
    segment = tag(
        "layout:curveSegment",
        [_point(f"layout:{name}", point) for name, point in points],
        xsi_type="LineSegment" if curve.is_straight else "CubicBezier",
    )
    return tag("layout:curve", [tag("layout:listOfCurveSegments", [segment])])


def _point(name: str, point: Point) -> Tag:
    return tag(name, layout_x=_pt(point[0]), layout_y=_pt(point[1]))


def _pt(x: float) -> str:
    """A tenth of a point is finer than any screen; without the sign of a zero."""
    return f"{round(x, 1) + 0.0:g}"
