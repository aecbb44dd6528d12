"""Pictures of profiles: a panel a parameter, what was asked for and nothing lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mtorkin.fit.profiles import Profiles
from mtorkin.fit.walk import Point, Walk
from mtorkin.plot.profile import plot_profiles


def parabola(name: str, sd: float) -> Walk:
    x = np.linspace(-2, 2, 9)
    points = tuple(Point(float(v), 0.5 * float(v / sd) ** 2, 0.0, (float(v), 0.0)) for v in x)
    return Walk(name, points, "threshold", "threshold", 9, 0, 0.0)


def test_picture_of_every_class(tmp_path: Path) -> None:
    lost = Walk("c", (), "failed", "failed", 0, 0, 0.0)
    walks = (parabola("a", 0.5), parabola("b", 5.0), lost)
    found = Profiles(walks, {"a": "nM", "b": "1", "c": "1/min"}, ("a", "b"), 0.0, "x.csv", "")
    assert list(found.table["kind"]) == ["identifiable", "not identifiable", "not identifiable"]
    figure = plot_profiles(found, tmp_path / "p.png")
    panels = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title(loc="left") for axes in panels] == ["a", "b", "c"]
    assert [axes.get_xlabel() for axes in panels] == ["value (nM)", "value", "value (1/min)"]
    assert panels[0].get_xscale() == "log"
    assert (tmp_path / "p.png").stat().st_size > 10_000
    assert found.notes == ("c: its profile could not be computed at all",)
