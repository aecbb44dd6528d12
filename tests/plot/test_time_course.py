"""Figures: what is drawn, not how it looks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import artist
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from mtorkin.build import build
from mtorkin.errors import DeclarationError
from mtorkin.plot.doses import doses
from mtorkin.plot.style import label, spread, styled, time_axis
from mtorkin.plot.time_course import OVERVIEW, plot_time_course
from mtorkin.plot.two_scales import Curve, Subject, plot_two_scales
from mtorkin.plot.without_help import without_help
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, every
from mtorkin.simulate import simulate

PULSE = Protocol(Period(UNTIL_STEADY, insulin=0.1), Period(0, rapamycin=100), Period(30, rapamycin=0))


def test_doses_cover_all_of_the_time() -> None:
    found = [(d.name, d.start, d.end, d.text) for d in doses(PULSE, build(), 60)]
    assert found == [
        ("insulin", -np.inf, 60, "0.1 nM"),
        ("rapamycin", -np.inf, 0, "none"),
        ("rapamycin", 0, 30, "100 nM"),
        ("rapamycin", 30, 60, "none"),
    ]


def test_what_is_given_again_is_one_bar_with_marks() -> None:
    daily = every(1440, times=5, rapamycin=20)
    found = doses(Protocol(Period(UNTIL_STEADY), *daily), build(), 5 * 1440)
    assert [(d.start, d.text) for d in found] == [(-np.inf, "none"), (0, "5 × 20 nM")]
    assert found[1].again == (1440, 2880, 4320, 5760)


@pytest.mark.parametrize("row", range(3))
def test_amounts_can_be_read_on_their_bars(row: int) -> None:
    """The third input of a protocol has a black bar."""
    set_at_0 = dict(list({"amino_acids": 0.5, "insulin": 1, "rapamycin": 20}.items())[: row + 1])
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, **set_at_0))
    course = simulate(build(), protocol, [0, 30, 60])
    strip = plot_time_course(course, protocol, build(), observables=["Akt_pS473"]).axes[1]
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in strip.patches if bar.get_alpha() > 0.5}
    for text in (t for t in strip.texts if t.get_text() != "none"):
        bar = bars[round(text.get_position()[1])]
        if bar.get_x() < text.get_position()[0] < bar.get_x() + bar.get_width():
            shades = (text.get_color(), bar.get_fc()[:3])
            ink, ground = (np.dot([0.299, 0.587, 0.114], to_rgb(shade)) for shade in shades)
            assert abs(ink - ground) > 0.3


@pytest.mark.parametrize(("end", "unit"), [(180, "min"), (2880, "h"), (28 * 1440, "d")])
def test_the_unit_of_time_follows_from_the_length(end: float, unit: str) -> None:
    axes = Figure().add_subplot()
    assert time_axis(axes, 0.0, end) == unit
    assert 2 <= len(axes.get_xticks()) <= 6


def test_an_input_at_its_default_is_not_drawn() -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, insulin=1, amino_acids=0))
    assert {d.name for d in doses(protocol, build(), 60)} == {"amino_acids"}


def test_time_course_is_written_with_a_panel_each(tmp_path: Path) -> None:
    model = build()
    course = simulate(model, PULSE, [0, 10, 30, 60])
    figure = plot_time_course(course, PULSE, model, path=tmp_path / "x.png")
    assert [p.name for p in tmp_path.iterdir()] == ["x.png"]
    titles = [a.get_title(loc="left") for a in figure.axes]
    assert titles[: len(OVERVIEW)] == [panel.title for panel in OVERVIEW]
    one = plot_time_course(course, PULSE, model, observables=["Akt_pS473"])
    assert len(one.axes) == 2
    assert one.axes[0].get_ylabel() == "nM"
    assert one.axes[1].get_xlabel() == "time (min)"
    with pytest.raises(DeclarationError, match="did you mean 'Akt_pS473'"):
        plot_time_course(course, PULSE, model, observables=["Akt_pS437"])


def test_a_png_is_what_savefig_writes(tmp_path: Path) -> None:
    model = build()
    course = simulate(model, PULSE, [0, 10, 30, 60])
    figure = plot_time_course(course, PULSE, model, path=tmp_path / "x.png")
    with styled():
        plot_time_course(course, PULSE, model).savefig(tmp_path / "y.png", metadata={"Software": None})
    assert (tmp_path / "x.png").read_bytes() == (tmp_path / "y.png").read_bytes()
    assert figure.dpi == 100


@pytest.mark.parametrize("observables", [None, ["Akt_pS473", "S6K_pT389", "translation"]])
def test_nothing_runs_into_the_next_panel_or_off_the_figure(observables: list[str] | None) -> None:
    model = build()
    course = simulate(model, PULSE, [0, 10, 30, 60])
    with styled():
        figure = plot_time_course(course, PULSE, model, observables=observables)
        figure.canvas.draw()
    boxes = [axes.get_tightbbox(for_layout_only=True) for axes in figure.axes]
    width, height = figure.bbox.width, figure.bbox.height
    for axes, box in zip(figure.axes, boxes, strict=True):
        assert box is not None
        assert 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height, axes.get_title(loc="left")
    for i, a in enumerate(boxes):
        assert a is not None
        for b in boxes[i + 1 :]:
            assert b is not None and not a.overlaps(b)


def test_two_scales_meet_at_one_hour(tmp_path: Path) -> None:
    model = build()
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
    frame = simulate(model, protocol, [0, 30, 60, 1440]).to_frame()
    subject = Subject("S6K", "nM", (Curve("pT389", frame["S6K_pT389"], "k"),))
    plot_two_scales(
        [subject], protocol, model, bands=frame[["mTORC2"]], lanes=[0, 1440], path=tmp_path / "x.png"
    )
    assert (tmp_path / "x.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("FourEBP1_pT37_46", "4E-BP1 pT37/46"),
        ("mTOR_pS2481_in_mTORC2", "mTOR pS2481 in mTORC2"),
        ("S6_pS240_244", "S6 pS240/244"),
        ("mTORC1", "mTORC1"),
    ],
)
def test_labels(id: str, text: str) -> None:
    assert label(id) == text


def test_labels_are_spread_and_stay_inside() -> None:
    placed = spread([0.0, 0.01, 0.5], 0.14, 0.04, 0.97)
    assert placed[1] - placed[0] >= 0.1399
    assert min(placed) >= 0.0399
    assert placed[2] == pytest.approx(0.5)


def test_help_of_matplotlib_is_left_out_in_a_block_only() -> None:
    usual = artist.kwdoc
    with pytest.raises(RuntimeError), without_help():
        assert artist.kwdoc(artist.Artist) == ""
        raise RuntimeError
    assert artist.kwdoc is usual
