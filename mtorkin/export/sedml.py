"""A simulation experiment as SED-ML Level 1 Version 4: one model, one time course, its outputs.

The algorithm is LSODA (KISAO:0000560), its tolerances are KISAO:0000209 (relative) and
KISAO:0000211 (absolute). Every observable is a column of the report; the plots are given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtorkin.language.infix import number_text
from mtorkin.sbml.xml import Tag, document_text, tag

__all__ = ["Course", "Line", "Picture", "sedml_text"]

SEDML = "http://sed-ml.org/sed-ml/level1/version4"
SBML = "http://www.sbml.org/sbml/level3/version1/core"
MATHML = "http://www.w3.org/1998/Math/MathML"
XHTML = "http://www.w3.org/1999/xhtml"
LANGUAGE = "urn:sedml:language:sbml.level-3.version-1"
TIME = "time_min"


@dataclass(frozen=True)
class Course:
    """Times from 0 to `until` [min] in `steps` steps, and tolerances [1, nM]."""

    until: float
    steps: int
    rtol: float = 1e-8
    atol: float = 1e-10


@dataclass(frozen=True)
class Line:
    """An observable, by id, with its label and colour (#rrggbb)."""

    id: str
    label: str
    colour: str


@dataclass(frozen=True)
class Picture:
    """Lines over time under a title."""

    title: str
    lines: tuple[Line, ...]


def sedml_text(
    source: str,
    course: Course,
    observables: Sequence[str],
    pictures: Sequence[Picture],
    *,
    title: str = "",
    notes: Sequence[str] = (),
) -> str:
    """Return a SED-ML document for the SBML file `source`, beside it; `notes` are paragraphs."""
    colours = dict.fromkeys(line.colour for p in pictures for line in p.lines)
    style = {colour: f"style_{i}" for i, colour in enumerate(colours, start=1)}
    paragraphs = [tag("p", (), text) for text in notes]
    children = [
        *([tag("notes", [tag("body", paragraphs, xmlns=XHTML)])] if paragraphs else []),
        *([tag("listOfStyles", [_style(id, colour) for colour, id in style.items()])] if style else []),
        tag("listOfModels", [tag("model", id="model", language=LANGUAGE, source=source)]),
        tag("listOfSimulations", [_course(course)]),
        tag(
            "listOfTasks",
            [tag("task", id="task", modelReference="model", simulationReference="course")],
        ),
        tag("listOfDataGenerators", list(_generators(observables))),
        tag("listOfOutputs", [_report(observables), *_plots(pictures, style)]),
    ]
    root = tag("sedML", children, xmlns=SEDML, xmlns_sbml=SBML, level="1", version="4", name=title or None)
    return document_text(root)


def _style(id: str, colour: str) -> Tag:
    return tag("style", [tag("line", type="solid", color=colour, thickness="1.5")], id=id)


def _course(course: Course) -> Tag:
    tolerances = (("KISAO:0000209", course.rtol), ("KISAO:0000211", course.atol))
    parameters = [tag("algorithmParameter", kisaoID=k, value=number_text(v)) for k, v in tolerances]
    algorithm = tag("algorithm", [tag("listOfAlgorithmParameters", parameters)], kisaoID="KISAO:0000560")
    return tag(
        "uniformTimeCourse",
        [algorithm],
        id="course",
        initialTime="0",
        outputStartTime="0",
        outputEndTime=number_text(course.until),
        numberOfSteps=str(course.steps),
    )


def _generators(observables: Sequence[str]) -> Iterator[Tag]:
    time = tag("variable", id="t", symbol="urn:sedml:symbol:time", taskReference="task")
    yield _generator(TIME, "time [min]", time, "t")
    for id in observables:
        target = f"/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='{id}']"
        yield _generator(
            f"data_{id}", id, tag("variable", id=f"x_{id}", target=target, taskReference="task"), f"x_{id}"
        )


def _generator(id: str, name: str, variable: Tag, symbol: str) -> Tag:
    math = tag("math", [tag("ci", (), symbol)], xmlns=MATHML)
    return tag("dataGenerator", [tag("listOfVariables", [variable]), math], id=id, name=name)


def _report(observables: Sequence[str]) -> Tag:
    columns = [tag("dataSet", id="column_time", label="time", dataReference=TIME)]
    columns += [tag("dataSet", id=f"column_{id}", label=id, dataReference=f"data_{id}") for id in observables]
    return tag("report", [tag("listOfDataSets", columns)], id="report", name="every observable")


def _plots(pictures: Sequence[Picture], style: dict[str, str]) -> Iterator[Tag]:
    for i, picture in enumerate(pictures, start=1):
        curves = [
            tag(
                "curve",
                id=f"curve_{i}_{j}",
                name=line.label,
                order=str(j - 1),
                style=style[line.colour],
                type="points",
                xDataReference=TIME,
                yDataReference=f"data_{line.id}",
            )
            for j, line in enumerate(picture.lines, start=1)
        ]
        axes = [tag("xAxis", type="linear", name="time [min]"), tag("yAxis", type="linear")]
        listed = tag("listOfCurves", curves)
        yield tag("plot2D", [*axes, listed], id=f"plot_{i}", name=picture.title, legend="true")
