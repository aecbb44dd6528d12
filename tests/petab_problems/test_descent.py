"""The descent of one start, on functions whose minimum is known."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mtorkin.engines import available
from mtorkin.errors import SimulationError, TableError
from mtorkin.petab import fitting, likelihood
from mtorkin.petab.descent import Point, descend
from mtorkin.petab.reading import read_petab

sys.path.insert(0, str(Path(__file__).parent))

from small import written

pytest.importorskip("fides")
needs_native = pytest.mark.skipif("native" not in available(), reason="the native engine is not built")

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


@pytest.mark.parametrize("error", [np.linalg.LinAlgError("no eigenvalues"), ValueError("not finite")])
def test_linear_algebra_that_fails_is_no_end_of_the_program(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def eig(matrix: np.ndarray) -> None:
        raise error

    monkeypatch.setattr(np.linalg, "eig", eig)  # which fides calls for a plane
    evaluate, begin = squares(valley), np.array([-1.2, 1.0])
    ended = descend(evaluate, evaluate(begin), np.full(2, -2.0), np.full(2, 2.0), 50, whole=False)
    assert not ended.converged and ended.message == str(error)
    assert ended.point.value <= evaluate(begin).value


def test_no_handler_of_a_log_is_left_behind() -> None:
    evaluate = squares(valley)
    descend(evaluate, evaluate(np.zeros(2)), np.full(2, -2.0), np.full(2, 2.0), 3)
    loggers = logging.root.manager.loggerDict.items()
    ours = [x for name, x in loggers if name.startswith("fides_") and isinstance(x, logging.Logger)]
    assert ours and not any(x.handlers for x in ours)


def test_a_start_where_nothing_slopes_ends() -> None:
    def flat(x: np.ndarray) -> Point:
        return Point(x.copy(), 3.0, np.zeros(2), np.zeros((2, 2)))

    ended = descend(flat, flat(np.zeros(2)), -np.ones(2), np.ones(2), 50)
    assert ended.point.value == 3.0


@needs_native
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


@needs_native
def test_where_finer_tolerances_fail_the_lowest_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def readouts(problem, x, tolerances, slopes=True):  # type: ignore[no-untyped-def]
        if tolerances.rtol < fitting.TOLERANCES.rtol:
            raise SimulationError("too many steps")
        return likelihood.readouts(problem, x, tolerances, slopes)

    heats: list[float] = []

    def watched(*given, **named):  # type: ignore[no-untyped-def]
        ended = descend(*given, **named)
        heats.append(ended.point.value)
        return ended

    monkeypatch.setattr(fitting, "readouts", readouts)
    monkeypatch.setattr(fitting, "descend", watched)
    problem = read_petab(written(tmp_path))
    start = fitting.run_start(problem, 0, fitting.first_points(problem, 12, 1))
    assert len(heats) == fitting.HEATS and start.objective == min(heats)
    assert start.status == "stopped"
    assert "finer tolerances" in start.message and "too many steps" in start.message


@needs_native
def test_other_tolerances_are_another_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = read_petab(written(tmp_path))
    fitting.fit_petab(problem, starts=1, draws=1, steps=2, out=tmp_path / "starts")
    monkeypatch.setattr(fitting, "FINE", 1e-1)
    with pytest.raises(TableError):
        fitting.fit_petab(problem, starts=1, draws=1, steps=2, out=tmp_path / "starts")
