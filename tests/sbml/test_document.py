"""A file says what the network says, cleanly, and the same way every time."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import roadrunner
import toy
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from mtorkin.equations import equations
from mtorkin.errors import DeclarationError
from mtorkin.export.check import sbml_messages
from mtorkin.language.expression import evaluate
from mtorkin.sbml import Change, Header, Start, write_document

NS = "{http://www.sbml.org/sbml/level3/version1/core}"
UNWANTED = {
    "functionDefinition",
    "localParameter",
    "algebraicRule",
    "constraint",
    "delay",
    "piecewise",
    "priority",
    "conversionFactor",
}
CHANGES = (Change(30.0, {"drug_medium": 5.0, "insulin": 100.0}), Change(50.5, {"insulin": 0.0}))
MODEL = toy.mtor_like()
NETWORK, VALUES = MODEL.network, dict(MODEL.values)


def tree(text: str) -> ET.Element:
    return ET.fromstring(text)


def attributes(text: str, kind: str) -> dict[str, dict[str, str]]:
    return {e.attrib["id"]: dict(e.attrib) for e in tree(text).iter(NS + kind)}


@pytest.mark.parametrize(
    "start", [Start(), Start({"insulin": 3.0}, {"drug_medium": 20.0, "mTOR__FRB_free": 7.5})]
)
@pytest.mark.parametrize("changes", [(), CHANGES])
def test_libsbml_has_nothing_to_say(start: Start, changes: tuple[Change, ...]) -> None:
    text = write_document(
        NETWORK, VALUES, start=start, changes=changes, header=Header(notes="A toy.\nFor <tests>.")
    )
    assert sbml_messages(text) == ()


@pytest.mark.parametrize(
    ("good", "bad", "number"),
    [
        ('units="per_min"', 'units="nM"', "10541"),
        ("<ci>koff</ci>", "<ci>kof</ci>", "10215"),
        (' sbml:units="dimensionless">1<', ">1<", "99505"),
    ],
)
def test_libsbml_does_look(good: str, bad: str, number: str) -> None:
    """Warnings are reported too: a unit mismatch is no more than that to libSBML."""
    text = write_document(NETWORK, VALUES)
    assert good in text
    assert any(number in message for message in sbml_messages(text.replace(good, bad, 1)))


def test_what_tools_read_differently_is_not_used() -> None:
    used = {e.tag.rpartition("}")[2] for e in tree(write_document(NETWORK, VALUES, changes=CHANGES)).iter()}
    assert not used & UNWANTED


def test_quantities_have_names_and_units() -> None:
    text = write_document(NETWORK, VALUES, changes=CHANGES)
    parameters = attributes(text, "parameter")
    assert parameters["kon"]["units"] == "per_nM_per_min"
    assert parameters["kon"]["constant"] == "true"
    assert parameters["PRAS40_pT246"]["constant"] == "false"
    assert "value" not in parameters["PRAS40_pT246"]
    assert parameters["change_1_start"] == {
        "id": "change_1_start",
        "sboTerm": "SBO:0000002",
        "value": "30",
        "units": "minute",
        "constant": "true",
    }
    assert parameters["change_1_drug_medium"]["value"] == "5"
    names = [s["name"] for s in attributes(text, "species").values()]
    assert len(set(names)) == len(names)
    assert "mTOR · with FKBP·drug; S1261-P" in names


def test_inputs_are_constant_unless_something_changes_them() -> None:
    still, moved = (write_document(NETWORK, VALUES, changes=c) for c in ((), CHANGES))
    assert attributes(still, "parameter")["insulin"]["constant"] == "true"
    assert attributes(moved, "parameter")["insulin"]["constant"] == "false"


def test_initial_values() -> None:
    """As declared they follow the abundance; a start that is given is a number, and no total."""
    declared = write_document(NETWORK, VALUES)
    assert 'symbol="mTOR__FRB_free"' in declared
    assert "mTOR_abundance" in attributes(declared, "parameter")
    given = {s.id: 1.5 for s in NETWORK.species}
    begun = write_document(NETWORK, VALUES, start=Start({}, given))
    assert "initialAssignment" not in begun
    assert "mTOR_abundance" not in attributes(begun, "parameter")
    assert {s["initialConcentration"] for s in attributes(begun, "species").values()} == {"1.5"}


def test_modifiers_are_those_of_the_rate() -> None:
    text = write_document(NETWORK, VALUES)
    reaction = next(
        r
        for r in tree(text).iter(NS + "reaction")
        if r.attrib["id"] == "drug_takes_mTOR__FRB_free__with__S1261_p"
    )
    changed = {e.attrib["species"] for e in reaction.iter(NS + "speciesReference")}
    named = {e.attrib["species"] for e in reaction.iter(NS + "modifierSpeciesReference")}
    used = {e.text for e in reaction.iter("{http://www.w3.org/1998/Math/MathML}ci")}
    assert named and named <= used and not named & changed


def test_text_is_escaped() -> None:
    text = write_document(NETWORK, VALUES, header=Header(notes='a < b & "c"'))
    paragraphs = [e.text for e in tree(text).iter("{http://www.w3.org/1999/xhtml}p")]
    assert 'a < b & "c"' in paragraphs
    assert 'insulin that half activates; "K" < its range' in paragraphs


def test_names_that_the_file_adds_do_not_clash() -> None:
    changes = (Change(1.0, {"insulin": 1.0}),)
    twice = replace(NETWORK, observables=(replace(NETWORK.observables[0], id="change_1"),))
    with pytest.raises(DeclarationError, match="mtorkin: id 'change_1' stands for two things"):
        write_document(twice, VALUES, changes=changes)


def test_same_bytes_whatever_the_hash_seed() -> None:
    here = Path(__file__).resolve().parents[1]
    script = (
        "from toy import *; from mtorkin.sbml import *; m = mtor_like(); "
        "print(write_document(m.network, m.values, changes=(Change(9.0, {'insulin': 0.0}),)))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=here,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


TIMES = np.array([0.5, 5.0, 29.0, 31.0, 49.0, 52.0, 90.0])


def by_scipy(values: dict[str, float]) -> np.ndarray:
    """The observables under CHANGES, each period on its own."""
    e = equations(NETWORK)
    species, inputs = {s.id: evaluate(s.initial, values) for s in NETWORK.species}, {"insulin": 1.0}
    rows = []
    bounds = [0.0, *(c.start for c in CHANGES), TIMES[-1]]
    for i, (begin, end) in enumerate(pairwise(bounds)):
        if i:
            for id, value in CHANGES[i - 1].values.items():
                (species if id in species else inputs)[id] = value
        p = e.constants_of({**values, **inputs})
        asked = TIMES[(begin < TIMES) & (end >= TIMES)]
        done = solve_ivp(
            lambda t, y, p=p: e.rhs(y, p),
            (begin, end),
            [species[s] for s in e.species],
            method="LSODA",
            jac=lambda t, y, p=p: e.jacobian(y, p),
            t_eval=np.unique([*asked, end]),
            rtol=1e-10,
            atol=1e-12,
        )
        states = dict(zip(done.t, done.y.T, strict=True))
        rows += [e.observed(states[t].tolist(), p) for t in asked]
        species = dict(zip(e.species, states[end], strict=True))
    return np.array(rows)


def by_roadrunner(text: str) -> np.ndarray:
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    runner.timeCourseSelections = [o.id for o in NETWORK.observables]
    return np.array(runner.simulate(times=[0.0, *TIMES]))[1:]


# each example compiles a model: to shrink one takes minutes
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(st.lists(st.floats(0.1, 10.0), min_size=len(VALUES), max_size=len(VALUES)))
def test_another_simulator_computes_the_same(factors: list[float]) -> None:
    values = {id: x * f for (id, x), f in zip(VALUES.items(), factors, strict=True)}
    ours = by_scipy(values)
    theirs = by_roadrunner(write_document(NETWORK, values, changes=CHANGES))
    assert np.abs(ours - theirs).max() <= 1e-7 * np.abs(ours).max()
    assert (np.abs(ours - theirs).max(axis=0) <= 1e-6 * np.abs(ours).max(axis=0) + 1e-9).all()
