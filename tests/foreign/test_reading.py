"""SBML of others: the same numbers as roadrunner, and a refusal for what is not supported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import roadrunner

from mtorkin.build import build
from mtorkin.engines import available
from mtorkin.export import sbml_string
from mtorkin.foreign import NotRead, read_sbml, sbml_of, simulate_foreign
from mtorkin.foreign.course import course, start_slopes
from mtorkin.protocol import Period, Protocol
from mtorkin.simulate import simulate

MODELS = Path(__file__).resolve().parents[3] / "shared" / "models"
PUBLISHED = sorted(MODELS.glob("*/*.xml"))
MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'
CORE = "http://www.sbml.org/sbml/level3/version1/core"
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>'
LAW = "<apply><times/><ci>k</ci><ci>A</ci></apply>"


def document(law: str = LAW, more: str = "", functions: str = "") -> bytes:
    """A decays into B, which is an amount; `k` is 0.5 and the volume 2."""
    return f"""<sbml xmlns="{CORE}" level="3" version="1"><model id="m">{functions}
    <listOfCompartments><compartment id="c" size="2" constant="true"/></listOfCompartments>
    <listOfSpecies>
     <species id="A" compartment="c" initialConcentration="3" hasOnlySubstanceUnits="false"/>
     <species id="B" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true"/>
    </listOfSpecies>
    <listOfParameters><parameter id="k" value="0.5" constant="true"/>
     <parameter id="n" value="1.7" constant="true"/><parameter id="x" constant="false" value="1"/>
    </listOfParameters>{more}
    <listOfReactions><reaction id="r" fast="false" reversible="false">
     <listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
     <listOfProducts><speciesReference species="B" stoichiometry="2" constant="true"/></listOfProducts>
     <kineticLaw><math {MATH}>{law}</math></kineticLaw></reaction></listOfReactions>
    </model></sbml>""".encode()


def of_roadrunner(sbml: str, times: np.ndarray, ids: list[str]) -> np.ndarray:
    runner = roadrunner.RoadRunner(sbml)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-14
    return np.array(runner.simulate(times=times.tolist(), selections=ids))


def piecewise(before: str, after: str, limit: str) -> str:
    return (
        f"<piecewise><piece>{before}<apply><lt/>{TIME}{limit}</apply></piece>"
        f"<otherwise>{after}</otherwise></piecewise>"
    )


LAWS = {
    "mass action": LAW,
    "hill": "<apply><divide/><apply><power/><ci>A</ci><ci>n</ci></apply>"
    "<apply><plus/><cn>2</cn><apply><power/><ci>A</ci><ci>n</ci></apply></apply></apply>",
    "exp and ln": "<apply><times/><apply><exp/><apply><minus/><ci>A</ci></apply></apply>"
    "<apply><ln/><apply><plus/><cn>1</cn><ci>A</ci></apply></apply></apply>",
    "time": f"<apply><times/><ci>A</ci><apply><exp/><apply><minus/>{TIME}</apply></apply></apply>",
    "piecewise": f"<apply><times/><ci>A</ci>{piecewise('<cn>0</cn>', '<ci>k</ci>', '<cn>1.3</cn>')}</apply>",
    "root": "<apply><root/><ci>A</ci></apply>",
}


@pytest.mark.parametrize("engine", [e for e in available() if e != "roadrunner"])
@pytest.mark.parametrize("law", LAWS)
def test_rates_are_those_of_roadrunner(law: str, engine: str) -> None:
    text = document(LAWS[law])
    times = np.linspace(0, 3, 7)
    found = simulate_foreign(sbml_of(text), times, engine=engine, rtol=1e-8, atol=1e-12)
    expected = of_roadrunner(text.decode(), times, ["[A]", "B"])
    assert found[["A", "B"]].to_numpy() == pytest.approx(expected, rel=1e-7)


@pytest.mark.skipif("native" not in available(), reason="the native engine is not built")
@pytest.mark.parametrize("law", LAWS)
def test_slopes_are_differences(law: str) -> None:
    model, times = sbml_of(document(LAWS[law])), np.array([0.5, 2.5])

    def at(**changed: float) -> np.ndarray:
        numbers = model.numbers(changed)
        return course(model, numbers, times, model.start(numbers), rtol=1e-10, atol=1e-14).states

    numbers, by = model.numbers({}), ("k", "n")
    slopes = course(
        *(model, numbers, times, model.start(numbers), by, start_slopes(model, numbers, by), 1e-9, 1e-13)
    ).slopes
    assert slopes is not None
    for i, id in enumerate(by):
        h = 1e-5
        up, down = at(**{id: numbers[id] + h}), at(**{id: numbers[id] - h})
        assert slopes[:, i] == pytest.approx((up - down) / (2 * h), rel=1e-4, abs=1e-7)


def test_functions_rules_and_initial_assignments() -> None:
    functions = f"""<listOfFunctionDefinitions><functionDefinition id="f"><math {MATH}><lambda>
     <bvar><ci>u</ci></bvar><apply><times/><ci>u</ci><ci>u</ci></apply></lambda></math></functionDefinition>
     </listOfFunctionDefinitions>"""
    more = f"""<listOfInitialAssignments><initialAssignment symbol="A"><math {MATH}><apply><plus/>
     <ci>n</ci><ci>k</ci></apply></math></initialAssignment></listOfInitialAssignments>
     <listOfRules><rateRule variable="x"><math {MATH}><apply><minus/><ci>x</ci></apply></math></rateRule>
     </listOfRules>"""
    law = "<apply><times/><ci>k</ci><apply><ci>f</ci><ci>A</ci></apply><ci>x</ci></apply>"
    text, times = document(law, more, functions), np.linspace(0, 2, 5)
    found = simulate_foreign(sbml_of(text), times, rtol=1e-8, atol=1e-12)
    expected = of_roadrunner(text.decode(), times, ["[A]", "B", "x"])
    assert found[["A", "B", "x"]].to_numpy() == pytest.approx(expected, rel=1e-7)


EVENT = f"""<listOfEvents><event id="e"><trigger initialValue="true" persistent="true"><math {MATH}>
 <apply><geq/>%s<cn>1</cn></apply></math></trigger>%s<listOfEventAssignments>
 <eventAssignment variable="A"><math {MATH}>%s</math></eventAssignment></listOfEventAssignments></event>
 </listOfEvents>"""


@pytest.mark.parametrize("engine", [e for e in ("native", "scipy") if e in available()])
@pytest.mark.parametrize("changed", ["A", "x"])
def test_a_course_goes_on_from_any_time(changed: str, engine: str) -> None:
    """Across an event at 1 and a piecewise rate that changes at 2, in one or in two parts."""
    law = f"<apply><times/><ci>x</ci>{piecewise(LAW, '<ci>A</ci>', '<cn>2</cn>')}</apply>"
    event = EVENT.replace('variable="A"', f'variable="{changed}"') % (TIME, "", "<cn>2.5</cn>")
    model = sbml_of(document(law, event))
    numbers = model.numbers({})
    times, tight = np.array([0.5, 1.5, 2.5, 3.0]), {"rtol": 1e-9, "atol": 1e-12, "engine": engine}
    whole = course(model, numbers, times, model.start(numbers), **tight).states
    for cut in (0, 1, 2):
        rest = course(model, numbers, times[cut:], whole[cut], since=times[cut], **tight)
        assert rest.states == pytest.approx(whole[cut:], rel=1e-7)


def test_an_event_at_0_counts_where_only_0_is_asked_for() -> None:
    event = (EVENT % (TIME, "", "<cn>7</cn>")).replace("<cn>1</cn>", "<cn>0</cn>")
    model = sbml_of(document(more=event.replace('initialValue="true"', 'initialValue="false"')))
    for times in ([0.0], [0.0, 1.0]):
        assert simulate_foreign(model, times)["A"].iloc[0] == 7.0


REFUSED = {
    "entities": (b'<!DOCTYPE x [<!ENTITY a "b">]>' + document(), "document type"),
    "no SBML": (b"<html/>", "not SBML"),
    "cut off": (document()[:-40], "not well-formed"),
    "another level": (document().replace(b"level3/version1/core", b"level1"), "not SBML"),
    "a package": (
        document().replace(b"<sbml ", b'<sbml xmlns:comp="u" comp:required="true" '),
        "SBML package u",
    ),
    "unknown name": (document("<ci>nobody</ci>"), "'nobody' is not known"),
    "unknown operator": (document("<apply><sin/><ci>A</ci></apply>"), "<sin>"),
    "delay": (document("<apply><csymbol definitionURL='x/delay'>d</csymbol></apply>"), "<csymbol>"),
    "state condition": (
        document(piecewise("<cn>1</cn>", "<cn>2</cn>", "<ci>A</ci>")),
        "depends on A",
    ),
    "algebraic rule": (
        document(
            more=f"<listOfRules><algebraicRule><math {MATH}><ci>k</ci></math></algebraicRule></listOfRules>"
        ),
        "<algebraicRule>",
    ),
    "circular rules": (
        document(
            more=f'<listOfRules><assignmentRule variable="x"><math {MATH}><ci>x</ci></math></assignmentRule>'
            "</listOfRules>"
        ),
        "depend on each other",
    ),
    "event delay": (
        document(more=EVENT % (TIME, f"<delay><math {MATH}><cn>1</cn></math></delay>", "<cn>1</cn>")),
        "delay",
    ),
    "event on a state": (document(more=EVENT % ("<ci>A</ci>", "", "<cn>1</cn>")), "depends on A"),
    "event from a state": (document(more=EVENT % (TIME, "", "<ci>B</ci>")), "sets to what changes"),
    "too deep": (document("<apply><minus/>" * 500 + "<ci>A</ci>" + "</apply>" * 500), "nested deeper"),
    "infinite": (document().replace(b'value="0.5"', b'value="INF"'), "infinite"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_supported_is_refused(case: str) -> None:
    text, words = REFUSED[case]
    with pytest.raises(NotRead, match=words):
        sbml_of(text)


def test_functions_that_would_explode_are_refused() -> None:
    double = "".join(
        f"""<functionDefinition id="f{i}"><math {MATH}><lambda><bvar><ci>u</ci></bvar><apply><plus/>
        <apply><ci>f{i - 1}</ci><ci>u</ci></apply><apply><ci>f{i - 1}</ci><ci>u</ci></apply></apply></lambda>
        </math></functionDefinition>"""
        for i in range(1, 40)
    )
    first = f"""<functionDefinition id="f0"><math {MATH}><lambda><bvar><ci>u</ci></bvar><ci>u</ci></lambda>
        </math></functionDefinition>"""
    functions = f"<listOfFunctionDefinitions>{first}{double}</listOfFunctionDefinitions>"
    with pytest.raises(NotRead, match=r"parts|too large"):
        sbml_of(document("<apply><ci>f39</ci><ci>A</ci></apply>", functions=functions))


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.parent.name)
def test_published_models_are_those_of_roadrunner(path: Path) -> None:
    model, times = read_sbml(path), np.linspace(0, 60, 13)
    found = simulate_foreign(model, times, rtol=1e-8, atol=1e-12)
    ids = [s for s in model.species if s in found.columns]
    expected = of_roadrunner(str(path), times, [f"[{id}]" for id in ids])
    far = np.abs(found[ids].to_numpy() - expected).max(0)
    assert np.all(far <= 1e-6 * np.abs(expected).max(0) + 1e-12)


@pytest.mark.skipif(not PUBLISHED, reason="the published models are not here")
def test_a_published_course_is_met() -> None:
    table = pd.read_csv(MODELS / "reference_trajectories" / "Varusai2018_default.csv", index_col="time")
    model = read_sbml(MODELS / "Varusai2018_BIOMD823" / "Varusai2018.xml")
    found = simulate_foreign(model, table.index.to_numpy(), rtol=1e-8, atol=1e-12)
    assert (found[table.columns] - table).abs().max().max() < 1e-6 * table.max().max()


def test_our_own_export_comes_back_with_its_doses() -> None:
    model = build()
    protocol = Protocol(
        Period(0, rapamycin=100, insulin=100), Period(20, rapamycin=0), Period(30, Torin1=250)
    )
    times = [0.0, 10.0, 20.0, 25.0, 60.0]
    expected = simulate(model, protocol, times, rtol=1e-9, atol=1e-12)
    again = sbml_of(sbml_string(model, protocol).encode())
    found = simulate_foreign(again, times, rtol=1e-9, atol=1e-12)
    for id in ("S6K_pT389", "Akt_pS473", "rapamycin", "mTORC1"):
        assert found[id].to_numpy()[1:] == pytest.approx(expected[id][1:], rel=1e-6, abs=1e-9), id
