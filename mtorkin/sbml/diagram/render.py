"""How the pictures look: colours and line ends by role, in each layout.

In each and not once for all of them: COPASI shows a layout with the styles that it holds itself. A
style is found by ids as well as by role, since some tools do not look at the roles of boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtorkin.sbml.xml import Tag, tag

__all__ = ["information"]

# Okabe and Ito's hues, light enough for black letters, dark for the border
FILL = {
    "protein": ("#e8f1fa", "#0072b2"),
    "complex": ("#e2f3ec", "#009e73"),
    "drug": ("#fbe7db", "#d55e00"),
    "molecule": ("#fbf3d5", "#b58900"),
    "input": ("#ffffff", "#666666"),
}
PLACES = {"compartment": ("#fafafa", "#999999"), "place": ("#f4eef8", "#b39bc8")}
# colour, what is at the start of the line, and at its end
LINES: dict[str, tuple[str, str | None, str | None]] = {
    "substrate": ("#333333", None, None),
    "reversible": ("#333333", "arrow", None),
    "reaction": ("#333333", None, None),
    "product": ("#333333", None, "arrow"),
    "activator": ("#009e73", None, "circle"),
    "inhibitor": ("#d55e00", None, "bar"),
}
TEXTS = {
    "title": ("11", "bold", "#111111", "middle"),
    "state": ("9", "normal", "#333333", "middle"),
    "area_label": ("12", "bold", "#888888", "start"),
}


# the style of what a tool finds neither by id nor by role
TYPES = {
    "protein": "SPECIESGLYPH",
    "compartment": "COMPARTMENTGLYPH",
    "reaction": "REACTIONGLYPH",
    "title": "TEXTGLYPH",
}

Ids = Mapping[str, Sequence[str]]


def information(layout: str, ids: Ids) -> Tag:
    """Return the render information of one layout; `ids` are those of its glyphs, by role."""
    colours = sorted({c for pair in (*FILL.values(), *PLACES.values()) for c in pair})
    colours += sorted({looks[0] for looks in LINES.values()} | {c for _, _, c, _ in TEXTS.values()})
    defined = [_colour(c) for c in dict.fromkeys(colours)]
    own = tag(
        "render:renderInformation",
        [
            tag("render:listOfColorDefinitions", defined),
            tag("render:listOfLineEndings", [_arrow(), _circle(), _bar()]),
            tag("render:listOfStyles", _styles(layout, ids)),
        ],
        render_id=f"{layout}_looks",
        render_name="mtorkin",
        render_programName="mtorkin",
        render_backgroundColor="#ffffff",
    )
    return tag("render:listOfRenderInformation", [own])


def _colour(value: str) -> Tag:
    return tag("render:colorDefinition", render_id=_name(value), render_value=value)


def _name(value: str) -> str:
    return f"colour_{value.removeprefix('#')}"


def _styles(layout: str, ids: Ids) -> list[Tag]:
    groups = {role: tag("render:g", [_rectangle(*looks, "6")]) for role, looks in FILL.items()}
    groups |= {role: tag("render:g", [_rectangle(*looks, "14")]) for role, looks in PLACES.items()}
    groups |= {role: _line(*looks) for role, looks in LINES.items()}
    groups |= {role: _letters(*looks) for role, looks in TEXTS.items()}
    return [
        tag(
            "render:style",
            [group],
            render_id=f"{layout}_style_{role}",
            render_idList=" ".join(ids.get(role, ())) or None,
            render_roleList=role,
            render_typeList=TYPES.get(role),
        )
        for role, group in groups.items()
    ]


def _line(colour: str, start: str | None, end: str | None) -> Tag:
    return tag(
        "render:g",
        render_stroke=_name(colour),
        render_stroke__width="1.2",
        render_startHead=start,
        render_endHead=end,
    )


def _letters(size: str, weight: str, colour: str, anchor: str) -> Tag:
    return tag(
        "render:g",
        render_stroke=_name(colour),
        render_font__family="sans-serif",
        render_font__size=size,
        render_font__weight=weight,
        render_text__anchor=anchor,
        render_vtext__anchor="middle",
    )


def _rectangle(fill: str, stroke: str, corner: str) -> Tag:
    return tag(
        "render:rectangle",
        render_stroke=_name(stroke),
        render_stroke__width="1.2",
        render_fill=_name(fill),
        render_x="0",
        render_y="0",
        render_width="100%",
        render_height="100%",
        render_rx=corner,
        render_ry=corner,
    )


def _ending(id: str, size: tuple[float, float, float, float], shape: list[Tag]) -> Tag:
    x, y, width, height = (f"{v:g}" for v in size)
    box = tag(
        "layout:boundingBox",
        [
            tag("layout:position", layout_x=x, layout_y=y),
            tag("layout:dimensions", layout_width=width, layout_height=height),
        ],
    )
    return tag("render:lineEnding", [box, *shape], render_id=id, render_enableRotationalMapping="true")


def _arrow() -> Tag:
    colour = _name(LINES["product"][0])
    corners = [_corner("0", "0"), _corner("100%", "50%"), _corner("0", "100%")]
    shape = tag("render:polygon", [tag("render:listOfElements", corners)])
    group = tag("render:g", [shape], render_stroke=colour, render_fill=colour)
    return _ending("arrow", (-8, -3.5, 8, 7), [group])


def _corner(x: str, y: str) -> Tag:
    return tag("render:element", xsi_type="RenderPoint", render_x=x, render_y=y)


def _circle() -> Tag:
    colour = _name(LINES["activator"][0])
    shape = tag("render:ellipse", render_cx="50%", render_cy="50%", render_rx="50%", render_ry="50%")
    group = tag("render:g", [shape], render_stroke=colour, render_fill="colour_ffffff")
    return _ending("circle", (-6, -3, 6, 6), [group])


def _bar() -> Tag:
    colour = _name(LINES["inhibitor"][0])
    shape = tag("render:rectangle", render_x="0", render_y="0", render_width="100%", render_height="100%")
    group = tag("render:g", [shape], render_stroke=colour, render_fill=colour)
    return _ending("bar", (-2, -5, 2, 10), [group])
