"""`next_experiment`: which further blot would tell most.

A candidate is a protocol, antibodies and times: one new blot, so each antibody has a new scale on it,
of which nothing is known. Near the best fit the lanes are straight in ln(parameters): with J their
derivatives over noise and S those by the new scales, what the blot adds is the Schur complement

    F = J'J - J'S (S'S)^-1 S'J = J' (1 - S S^+) J,

which is the square of what `likelihood.project_jacobian` gives (that takes up backgrounds too). With C the
covariance of today's fit (blots and priors), the covariance afterwards is (C^-1 + F)^-1, and what is
learnt, in bits, is

    all parameters (D-optimal):  1/2 log2 det(1 + C F)
    one direction g:             1/2 log2 (g'C g / g'(C^-1 + F)^-1 g)

One bit halves an interval. The expected values are those of the model at the best fit, so candidates that
would prove the model wrong are not valued for it.

References: optimal design by Fisher information, Atkinson and Donev 1992 (named for the idea; not read
here).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, SimulationError, nearest
from mtorkin.fit import likelihood
from mtorkin.fit.evaluator import Evaluator, Jacobian
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.information import covariance
from mtorkin.fit.lanes import Floats, Priors, blot_data
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.result import FitResult
from mtorkin.fit.runs import Experiment
from mtorkin.protocol import Protocol

__all__ = ["Candidate", "Design", "Readout", "next_experiment"]

FEWEST = 2  # lanes of an antibody: one alone says nothing once its scale is free
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Candidate:
    """A blot that could be made: protocol, antibodies (observable ids), times of lanes (min).

    Each time is a lane, and every antibody is seen on all lanes. `context` is the kind of cells, where
    the fit is of several.
    """

    protocol: Protocol
    antibodies: tuple[str, ...]
    times: tuple[float, ...]
    context: str | None = None


@dataclass(frozen=True)
class Readout:
    """A prediction to be made certain: an observable at a time (min) of a protocol."""

    protocol: Protocol
    observable: str
    time: float
    context: str | None = None


@dataclass(frozen=True, eq=False)
class Design:
    """Candidates, those that would tell most first.

    `table` has one row a candidate: name, antibodies, times (min), lanes, bits (what is learnt about
    `about`), and, where that is one number, fold_before and fold_after (95 %: ×/÷). `failed` says why
    candidates could not be judged, by name.
    """

    table: pd.DataFrame
    about: str
    failed: Mapping[str, str]

    def summary(self, shown: int = 5) -> str:
        """A few lines for a person: the best candidates and what they would bring."""
        lines = [f"what a further blot would tell about {self.about} (one bit halves an interval):"]
        for row in self.table.head(shown).to_dict(orient="records"):
            after = f", ×/÷ {row['fold_before']:.3g} → {row['fold_after']:.3g}" if "fold_after" in row else ""
            times = ", ".join(f"{time:g}" for time in row["times"])
            lines.append(f"  {row['bits']:.2f} bits{after}: {row['name']}, lanes at {times} min")
        if len(self.table) and self.table["bits"].iloc[0] < 0.1:
            lines.append("none of these would change much: consider other treatments or antibodies")
        lines += [f"  could not be judged: {name}: {why}" for name, why in self.failed.items()]
        return "\n".join(lines)


def next_experiment(
    result: FitResult,
    candidates: Mapping[str, Candidate],
    *,
    about: str | Readout | None = None,
    lanes: int | None = None,
    jacobian: Jacobian = best_derivatives,
) -> Design:
    """Rank blots that could be made by what they would tell, given the blots that were fitted.

    `about` is a free parameter, a `Readout`, or None for all free parameters together. With `lanes`, that
    many of each candidate's times are chosen, one after another, each the one that tells most with those
    before. Noise levels are those of the fit; an antibody that was not blotted has their median.

    Raises DeclarationError for candidates without antibodies or enough times, unknown observables,
    contexts and parameters, and a result without its model; SimulationError where the fit has no
    derivatives, or the readout asked about cannot be simulated.
    """
    problem, now = result.solvable(), covariance(result)
    for name, each in candidates.items():
        _check(problem, name, each, lanes)
    if lanes is not None and lanes < FEWEST:
        raise DeclarationError(f"lanes = {lanes}: at least {FEWEST}, since each antibody has a new scale")
    direction = _direction(result, problem, about, jacobian)
    rows, failed = [], {}
    for name, each in candidates.items():
        try:
            slopes, readouts = _slopes(result, problem, each, jacobian)
        except SimulationError as error:
            failed[name] = str(error)
            continue
        gain = _gain(result, each, slopes, readouts, now, direction)
        chosen = list(range(len(each.times))) if lanes is None else _chosen(gain, len(each.times), lanes)
        rows.append(_row(name, each, chosen, gain(chosen), now, direction))
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values("bits", ascending=False, kind="stable", ignore_index=True)
    if isinstance(about, Readout):
        words = f"{about.observable} at {about.time:g} min"
    else:
        words = "all free parameters" if about is None else about
    return Design(table, words, failed)


def _check(problem: FitProblem, name: str, each: Candidate, lanes: int | None) -> None:
    context = _context(problem, each.context)
    known = problem.models[context].observables.index
    for antibody in each.antibodies:
        if antibody not in known:
            raise DeclarationError(
                f"candidate {name}: no observable {antibody!r}{nearest(antibody, known)}; see "
                "model.observables"
            )
    least = FEWEST if lanes is None else max(lanes, FEWEST)
    if not each.antibodies or len(set(each.times)) < least:
        raise DeclarationError(
            f"candidate {name}: it has {len(each.antibodies)} antibodies and {len(set(each.times))} times; "
            f"at least 1 and {least} are needed"
        )
    if list(each.times) != sorted(set(each.times)) or each.times[0] < 0:
        raise DeclarationError(f"candidate {name}: times are minutes from 0 up, each once and in order")


def _context(problem: FitProblem, context: str | None) -> str:
    if context is None:
        return next(iter(problem.models))
    if context not in problem.models:
        raise DeclarationError(
            f"no context {context!r} in this fit{nearest(context, problem.models)}; it has "
            f"{', '.join(problem.models)}"
        )
    return context


def _slopes(
    result: FitResult, problem: FitProblem, each: Candidate, jacobian: Jacobian
) -> tuple[Floats, Floats]:
    """d ln(readout) / d ln(parameter) (antibodies, times, parameters), and ln(readout)."""
    shape = (len(each.antibodies), len(each.times))
    times = np.unique(np.append(each.times, 0.0))
    antibody, time = (index.ravel() for index in np.indices(shape))
    experiment = Experiment(
        condition="candidate",
        protocol=each.protocol,
        times=times,
        targets=each.antibodies,
        lane=np.arange(antibody.size, dtype=np.int64),
        time=np.searchsorted(times, np.array(each.times))[time].astype(np.int64),
        target=antibody.astype(np.int64),
        context=_context(problem, each.context),
    )
    table = {
        "condition": "candidate",
        "target": np.array(each.antibodies)[antibody],
        "time": times[experiment.time],
    }
    made = replace(problem, experiments=(experiment,), lanes=pd.DataFrame(table))
    x, evaluator = np.log(list(result.best.values())), Evaluator(made)
    readouts = evaluator.log_readouts(x)
    if readouts is None:
        raise SimulationError(evaluator.message)
    return jacobian(evaluator, x).reshape(*shape, -1), readouts.reshape(shape)


def _gain(
    result: FitResult,
    each: Candidate,
    slopes: Floats,
    readouts: Floats,
    now: Floats,
    direction: Floats | None,
) -> Callable[[Sequence[int]], float]:
    """What lanes at some of the times tell, in bits, as a function of their places."""
    known = dict(zip(result.noise["target"], result.noise["sigma"].to_numpy(float), strict=True))
    median = float(np.median(list(known.values())))
    sigmas = np.array([known.get(name, median) for name in each.antibodies])
    free = slopes.shape[-1]
    nothing = Priors(np.full(free, np.nan), np.full(free, np.nan))

    def gain(places: Sequence[int]) -> float:
        seen = readouts[:, places].ravel()
        group = np.repeat(np.arange(len(sigmas)), len(places)).astype(np.int64)
        offset = np.array([name in result.offset for name in each.antibodies])
        data = blot_data(np.exp(seen), group, group, offset=offset, noise=result.scatter)
        rows = slopes[:, places].reshape(-1, free)
        whitened = likelihood.project_jacobian(data, seen, rows, sigmas, nothing)
        return _bits(now, whitened, direction)

    return gain


def _bits(now: Floats, whitened: Floats, direction: Floats | None) -> float:
    """Bits from rows (lanes, parameters) in noise levels, by the covariance `now`."""
    inner = np.eye(len(whitened)) + whitened @ now @ whitened.T
    if direction is None:
        return 0.5 * float(np.linalg.slogdet(inner)[1]) / math.log(2)
    along = whitened @ now @ direction
    before = float(direction @ now @ direction)
    after = before - float(along @ np.linalg.solve(inner, along))  # Woodbury
    return 0.5 * math.log2(before / max(after, 1e-300))


def _chosen(gain: Callable[[Sequence[int]], float], count: int, lanes: int) -> list[int]:
    """The places of `lanes` times, chosen one after another; the first two together."""
    pairs = [[i, j] for j in range(count) for i in range(j)]
    chosen = max(pairs, key=lambda pair: gain(pair))
    while len(chosen) < lanes:
        left = [i for i in range(count) if i not in chosen]
        chosen.append(max(left, key=lambda i: gain(sorted([*chosen, i]))))
    return sorted(chosen)


def _row(
    name: str, each: Candidate, chosen: list[int], bits: float, now: Floats, direction: Floats | None
) -> dict[str, object]:
    row: dict[str, object] = {
        "name": name,
        "antibodies": each.antibodies,
        "times": tuple(each.times[i] for i in chosen),
        "lanes": len(chosen),
        "bits": bits,
    }
    if direction is not None:
        sd = math.sqrt(float(direction @ now @ direction))
        row |= {"fold_before": math.exp(Z95 * sd), "fold_after": math.exp(Z95 * sd / 2**bits)}
    return row


def _direction(
    result: FitResult, problem: FitProblem, about: str | Readout | None, jacobian: Jacobian
) -> Floats | None:
    """Derivatives of what is asked about, by the natural logs of the parameters; None for all of them."""
    if about is None:
        return None
    if isinstance(about, Readout):
        asked = Candidate(about.protocol, (about.observable,), (about.time,), about.context)
        known = problem.models[_context(problem, about.context)].observables.index
        if about.observable not in known:
            raise DeclarationError(f"no observable {about.observable!r}{nearest(about.observable, known)}")
        slopes: Floats = _slopes(result, problem, asked, jacobian)[0][0, 0]
        return slopes
    if about not in problem.free:
        raise DeclarationError(
            f"no free parameter {about!r} in this fit{nearest(about, problem.free)}; it freed "
            f"{', '.join(problem.free)}"
        )
    return np.array([float(name == about) for name in problem.free])


def candidates_of(
    protocols: Mapping[str, Protocol],
    antibodies: Iterable[Sequence[str]],
    times: Sequence[float],
    context: str | None = None,
) -> dict[str, Candidate]:
    """Every protocol with every group of antibodies, by "protocol: antibodies"; times in min."""
    return {
        f"{name}: {' + '.join(group)}": Candidate(protocol, tuple(group), tuple(times), context)
        for name, protocol in protocols.items()
        for group in antibodies
    }
