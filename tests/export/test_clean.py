"""libSBML has nothing to say, with strict units, of the model in any cells, experiment or with any drug."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache

import pytest

import mtorkin as mk
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import sbml_string
from mtorkin.protocol import NAMED

NS = "{http://www.sbml.org/sbml/level3/version1/core}"
# a number that stands where a value does: what contexts differ in, besides their name
VALUE = re.compile(r' (?:value|initialConcentration)="[^"]*"')
# the others of mk.drugs() are mechanisms of a kind that is here or in the standard model
WITH = ("everolimus", "zotarolimus", "temsirolimus_iv_human", "rapamycin_oral_mouse")


def without_values(text: str) -> str:
    """A text without values, and without the notes and papers that say where values are from."""
    lines = VALUE.sub("", text).splitlines()
    return "\n".join(x for x in lines if not x.lstrip().startswith(("<p>", "<rdf:li rdf:resource")))


@cache
def generic() -> str:
    return sbml_string(mk.build())


def test_no_message_in_the_generic_context() -> None:
    assert sbml_messages(generic()) == ()


@pytest.mark.parametrize("context", [c for c in mk.contexts() if c != "generic"])
def test_no_message_in_a_context(context: str) -> None:
    """A context changes values only, which no check looks at so long as they are finite numbers."""
    text = sbml_string(mk.build(context=context))
    numbers = [float(x) for x in re.findall(r' (?:value|initialConcentration)="([^"]*)"', text)]
    assert all(0 <= x < float("inf") for x in numbers)
    same = without_values(text).replace(f"in {context} cells", "in generic cells") == without_values(
        generic()
    )
    assert same or sbml_messages(text) == ()


@pytest.mark.parametrize("protocol", NAMED)
def test_no_message_under_a_protocol(protocol: str) -> None:
    assert sbml_messages(sbml_string(mk.build(), NAMED[protocol].protocol)) == ()


@cache
def text_with(drug: str) -> str:
    return sbml_string(mk.build(drugs=(drug,)))


@pytest.mark.parametrize("drug", WITH)
def test_no_message_with_a_drug_on_request(drug: str) -> None:
    assert sbml_messages(text_with(drug)) == ()


def texts() -> Iterator[str]:
    yield generic()
    yield from map(text_with, WITH)


def test_names_are_unique_and_no_id_is_among_them() -> None:
    for text in texts():
        root = ET.fromstring(text)
        for kind in ("species", "reaction"):
            names = [e.attrib["name"] for e in root.iter(NS + kind)]
            assert len(set(names)) == len(names)
            assert not [n for n in names if n.endswith("]")], "an id had to tell two things apart"
            assert not [n for n in names if "__" in n]
