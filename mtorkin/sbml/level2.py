"""A Level 3 document as Level 2 Version 4, for tools that read nothing newer.

The equations, numbers, units, terms, notes, annotations and events are kept. What Level 2 has no place
for is lost (see `LOST`); a test asks libSBML whether the rest is sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mtorkin.sbml.xml import Tag, tag

__all__ = ["LOST", "as_level2"]

LEVEL2 = "http://www.sbml.org/sbml/level2/version4"
LOST = (
    "the pictures (layout and render), the groups of mechanisms with their texts and papers, and "
    "the compartments of reactions; numbers inside formulas are parameters (number_1)"
)

# what Level 3 says of a whole model, Level 2 says by redefining its own units
_UNITS = {
    "nmole": "substance",
    "minute": "time",
    "square_metre": "area",
}
_LOST_ATTRIBUTES = {
    "model": {"substanceUnits", "timeUnits", "volumeUnits", "areaUnits", "lengthUnits", "extentUnits"},
    "cn": {"sbml:units"},
    "reaction": {"compartment"},
    "speciesReference": {"constant"},
    "trigger": {"initialValue", "persistent"},
}
_LOST_ELEMENTS = frozenset({"groups:listOfGroups", "layout:listOfLayouts"})


def as_level2(root: Tag) -> Tag:
    """Return a document's tree in Level 2 Version 4."""
    attributes = (("xmlns", LEVEL2), ("level", "2"), ("version", "4"))
    numbers = {t.text: None for t in _all(root) if t.name == "cn"}
    return replace(root, attributes=attributes, children=tuple(_element(c, numbers) for c in root.children))


def _element(element: Tag, numbers: Mapping[str, None]) -> Tag:
    if element.name == "cn":
        return tag("ci", (), _number_id(element.text))
    lost = _LOST_ATTRIBUTES.get(element.name, set())
    attributes = tuple((k, _renamed(k, v, _UNITS)) for k, v in element.attributes if k not in lost)
    children = [_element(c, numbers) for c in element.children if c.name not in _LOST_ELEMENTS]
    if element.name == "apply" and element.children[0].name == "power":
        children[-1] = tag("cn", (), element.children[-1].text, type="integer")
    if element.name == "listOfParameters":
        children += map(_number, numbers)
    return replace(element, attributes=attributes, children=tuple(children))


def _all(element: Tag) -> Iterator[Tag]:
    yield element
    for child in element.children:
        yield from _all(child)


def _number(text: str) -> Tag:
    """A number of a formula as a parameter: only so has it a unit in Level 2."""
    return tag(
        "parameter",
        id=_number_id(text),
        sboTerm="SBO:0000002",
        value=text,
        units="dimensionless",
        constant="true",
    )


def _number_id(text: str) -> str:
    return "number_" + text.replace("-", "minus_").replace(".", "_")


def _renamed(attribute: str, value: str, names: Mapping[str, str]) -> str:
    """A unit under the name that Level 2 has for it; everything else as it is."""
    return names.get(value, value) if attribute in {"id", "units", "substanceUnits"} else value
