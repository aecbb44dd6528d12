"""The descent of one start, on functions whose minimum is known."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtorkin.engines import available
from mtorkin.errors import DeclarationError
from mtorkin.petab import fitting
from mtorkin.petab.descent import Point, descend, imported
from mtorkin.petab.reading import read_petab

sys.path.insert(0, str(Path(__file__).parent))

from small import written

Residuals = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def squares(residuals: Residuals, seen: list[float] | None = None) -> Callable[[np.ndarray], Point]:
    def evaluate(x: np.ndarray) -> Point:
        left, slopes = residuals(x)
        point = Point(x.copy(), 0.5 * float(left @ left), slopes.T @ left, slopes.T @ slopes)
        if seen is not None:
            seen.append(point.value)
        return point

    return evaluate


def valley(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rosenbrock's, least at (1, 1)."""
    left = np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]])
    return left, np.array([[-20 * x[0], 10.0], [-1.0, 0.0]])


def bent(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Residuals that stay large, so that Gauss and Newton's Hessian has the wrong curvature: least at 0."""
    left = np.array([x[0] + 1, 3 * x[0] ** 2 + x[0] - 1, x[1]])
    return left, np.array([[1.0, 0.0], [6 * x[0] + 1, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize("whole", [False, True])
def test_a_narrow_valley_is_followed(whole: bool) -> None:
    low, high = np.array([-2.0, -2.0]), np.array([2.0, 2.0])
    evaluate = squares(valley)
    ended = descend(evaluate, evaluate(np.array([-1.2, 1.0])), low, high, 200, whole)
    assert ended.converged
    assert ended.point.x == pytest.approx([1, 1], abs=1e-3)


@pytest.mark.parametrize("whole", [False, True])
def test_a_minimum_at_a_bound_is_found(whole: bool) -> None:
    low, high = np.array([-2.0, -2.0]), np.array([0.5, 2.0])
    evaluate = squares(valley)
    ended = descend(evaluate, evaluate(np.array([-2.0, 2.0])), low, high, 200, whole)
    assert ended.point.x == pytest.approx([0.5, 0.25], abs=1e-4)
    assert np.all((ended.point.x >= low) & (ended.point.x <= high))


def test_large_residuals_do_not_hold_it_up() -> None:
    evaluate = squares(bent)
    ended = descend(evaluate, evaluate(np.array([1.5, 1.5])), np.full(2, -3.0), np.full(2, 3.0), 200)
    lowest = min(evaluate(np.array([a, 0.0])).value for a in np.linspace(-3, 3, 60001))
    assert ended.point.value == pytest.approx(lowest, abs=1e-6)


def test_points_without_a_value_are_steps_refused() -> None:
    whole, refused = squares(valley), 0

    def evaluate(x: np.ndarray) -> Point | None:
        nonlocal refused
        if x[1] < 0.2:
            refused += 1
            return None
        return whole(x)

    ended = descend(evaluate, whole(np.array([-1.2, 1.0])), np.full(2, -2.0), np.full(2, 2.0), 300)
    assert refused
    assert np.isfinite(ended.point.value) and ended.point.x[1] >= 0.2
    assert ended.point.value < whole(np.array([-1.2, 1.0])).value


def test_the_lowest_point_seen_is_the_answer() -> None:
    seen: list[float] = []
    evaluate = squares(valley, seen)
    ended = descend(evaluate, evaluate(np.array([-1.2, 1.0])), np.full(2, -2.0), np.full(2, 2.0), 7)
    assert not ended.converged and "improving" in ended.message
    assert ended.point.value == min(seen)


@pytest.mark.parametrize("whole", [False, True])
def test_a_hessian_out_of_range_is_no_end_of_the_program(whole: bool) -> None:
    def steep(x: np.ndarray) -> Point:
        size = np.array([1e160, 1e-160])
        return Point(x.copy(), 0.5 * float(x @ (size * x)), size * x, np.diag(size))

    begin = np.array([0.5, 0.5])
    ended = descend(steep, steep(begin), -np.ones(2), np.ones(2), 50, whole)
    assert np.all(np.isfinite(ended.point.x)) and ended.point.value <= steep(begin).value


def test_a_start_where_nothing_slopes_ends() -> None:
    def flat(x: np.ndarray) -> Point:
        return Point(x.copy(), 3.0, np.zeros(2), np.zeros((2, 2)))

    ended = descend(flat, flat(np.zeros(2)), -np.ones(2), np.ones(2), 50)
    assert ended.point.value == 3.0


@pytest.mark.skipif("native" not in available(), reason="the native engine is not built")
def test_a_start_goes_on_from_the_lowest_of_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = read_petab(written(tmp_path))
    points = fitting.first_points(problem, 12, 1)
    heats: list[float] = []
    long: list[float] = []

    def watched(evaluate, begin, low, high, steps, whole=True):  # type: ignore[no-untyped-def]
        ended = descend(evaluate, begin, low, high, steps, whole)
        (long if whole else heats).append(begin.value if whole else ended.point.value)
        return ended

    monkeypatch.setattr(fitting, "descend", watched)
    start = fitting.run_start(problem, 0, points)
    assert len(heats) == fitting.HEATS and len(long) == 1
    assert long[0] == pytest.approx(min(heats), rel=1e-3, abs=1e-3)
    assert math.isfinite(start.objective) and start.objective <= long[0]
    assert any(
        start.begin == pytest.approx(fitting._named(problem, x)) for x in points
    )  # the point that the winner began at, not one after steps


def test_without_fides_a_fit_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fides", None)
    with pytest.raises(DeclarationError, match=r"pip install 'mtorkin\[petab\]'"):
        imported()
