"""`python -m benchmarks.recovery [--sets 100]`: fits of made-up blots of the model itself.

For each data set the truth of 30 parameters is drawn from their priors, blots of nine antibodies in four
treatments are simulated with it, every antibody of a blot gets a scale of its own and every lane a noise
of 10 to 30 % (by antibody), and the model is fitted from its own values, as a user would. A 95 % interval
holds the truth where minus twice the log-posterior there, with all other parameters, scales and noise
levels fitted anew, is within 3.84 of its minimum; that is what `mtorkin profile` walks along. Of each set
some parameters are asked, in turn.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

import mtorkin as mk
from benchmarks import runs
from mtorkin.errors import SimulationError
from mtorkin.files import write_text
from mtorkin.fit.evaluator import Evaluator
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Settings, polish
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.walk import THRESHOLD
from mtorkin.protocol import NAMED

FREE = (
    *("K_insulin", "K_amino_acids", "k_PIP3", "k_PIP3_residual", "mTORC2_basal", "k_Akt_T308"),
    *("k_Akt_T308_off", "kcat_Akt_S473", "k_Akt_S473_off", "k_PRAS40_T246", "k_PRAS40_T246_off"),
    *("kcat_TSC2_T1462", "k_TSC2_T1462_off", "k_TSC2_on_Rheb", "K_Rheb_mTORC1", "kcat_S6K_T389"),
    *("k_S6K_T389_off", "kcat_FourEBP1_T37_46", "k_FourEBP1_T37_46_off", "kcat_IRS_pS636"),
    *("k_IRS_pS636_off", "k_IRS_pS636_deg", "kcat_FourEBP1_S65", "S6K_abundance", "TSC2_abundance"),
    *("PTEN_abundance", "Akt_abundance", "FourEBP1_abundance", "IRS_abundance", "PRAS40_abundance"),
)
TARGETS = (
    *("Akt_pT308", "Akt_pS473", "PRAS40_pT246", "TSC2_pT1462", "S6K_pT389", "IRS_pS636"),
    *("FourEBP1_pT37_46", "FourEBP1_pS65", "S6_pS240_244"),
)
TREATMENTS = {
    "insulin": (0, 2, 5, 15, 30, 60, 120),
    "amino-acid-withdrawal": (0, 5, 15, 30, 60),
    "torin1": (0, 5, 15, 60, 240),
    "wortmannin": (0, 2, 5, 15, 60),
}
BLOTS = 3
WEAKEST = 1e-3  # of a readout over its largest value: below it a band is not seen
ASKED = 4  # parameters of a data set
PAGE = runs.HOME / "recovery.tsv"


@dataclass(frozen=True)
class Found:
    """What came of a data set. `lower`: the fit is as low as the truth, polished, or lower.

    `held` says of each parameter asked whether its interval holds the truth.
    """

    number: int
    seconds: float
    lower: bool
    held: dict[str, bool]


def drawn(model: mk.Model, random: np.random.Generator) -> dict[str, float]:
    """Return a truth: each parameter from its prior, within its bounds."""
    rows = model.parameters.loc[list(FREE)]
    logs = random.normal(rows["prior_mean"].astype(float), rows["prior_sd"].astype(float))
    values = np.clip(np.exp(logs), rows["lower"].astype(float), rows["upper"].astype(float))
    return dict(zip(FREE, map(float, values), strict=True))


def made(model: mk.Model, random: np.random.Generator) -> pd.DataFrame:
    """Return lanes of blots of a model. Raises SimulationError."""
    noise, rows = random.uniform(0.1, 0.3, len(TARGETS)), []
    for treatment, times in TREATMENTS.items():
        run = mk.simulate(model, NAMED[treatment].protocol, list(times), engine="native")
        for number in range(1, BLOTS + 1):
            for target, sigma in zip(TARGETS, noise, strict=True):
                bands = np.asarray(run[target])
                bands = np.maximum(bands, WEAKEST * bands.max())
                values = bands * np.exp(random.normal(3, 1) + sigma * random.normal(size=len(times)))
                rows += [
                    (f"{treatment}_{number}", f"{t} min", treatment, t, target, v, number)
                    for t, v in zip(times, values, strict=True)
                ]
    names = ["blot", "lane", "condition", "time", "target", "signal", "replicate"]
    return pd.DataFrame(rows, columns=names)


def own(problem: FitProblem, name: str, log_value: float) -> float:
    """The term of a parameter's own prior."""
    place = problem.free.index(name)
    return 0.5 * float((log_value - problem.priors.mean[place]) / problem.priors.sd[place]) ** 2


def height(problem: FitProblem, place: int, at: float, guess: Floats, sigmas: Floats) -> float:
    """Minus twice the log-posterior with one parameter held, the others fitted anew from a guess."""
    name = problem.free[place]
    pinned = Evaluator(problem.pinned(name, at))
    ended = polish(pinned, np.delete(guess, place), sigmas, Settings(), best_derivatives)[2]
    return 2 * (ended + own(problem, name, at))


def one(number: int, seed: int) -> Found | None:
    """Make and fit one data set; None where its truth cannot be simulated."""
    began, model, random = time.process_time(), mk.build(), np.random.default_rng([seed, number])
    truth = drawn(model, random)
    try:
        table = made(model.with_values(**truth), random)
    except SimulationError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.csv"
        table.to_csv(path, index=False)
        blots = mk.read_blots(path)
    result = mk.fit(model, blots, FREE, starts=1, progress=False)
    problem, settings = result.solvable(), Settings()
    x, sigmas = np.log(list(result.best.values())), result.noise["sigma"].to_numpy(float)
    x, sigmas, lowest = polish(Evaluator(problem), x, sigmas, settings, best_derivatives)
    true = np.log(list(truth.values()))
    there = polish(Evaluator(problem), true, sigmas, settings, best_derivatives)
    lower = bool(lowest <= there[2] + 0.01)
    if not lower:
        x, sigmas, lowest = there
    held = {}
    for place in (number * ASKED + np.arange(ASKED)) % len(FREE):
        name, at = FREE[place], float(true[place])
        held[name] = any(
            height(problem, place, at, guess, sigmas) < THRESHOLD + 2 * lowest for guess in (x, true)
        )
    return Found(number, time.process_time() - began, lower, held)


def main() -> None:
    """Make, fit and ask; a line for each data set, and what they come to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    os.environ.update(runs.ONE_THREAD)
    lines, found = ["set\tseconds\tas low as the truth\theld\tof\tnot held"], []
    with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
        for each in pool.map(partial(one, seed=given.seed), range(given.sets)):
            if each is None:
                continue
            found.append(each)
            out = ", ".join(name for name, held in each.held.items() if not held)
            counts = f"{sum(each.held.values())}\t{len(each.held)}\t{out}"
            lines.append(f"{each.number}\t{each.seconds:.1f}\t{each.lower}\t{counts}")
            print(lines[-1], flush=True)
            write_text(PAGE, "\n".join(lines) + "\n")
    held = [x for each in found for x in each.held.values()]
    above = sum(not each.lower for each in found)
    print(f"{sum(held)} of {len(held)} intervals ({np.mean(held):.1%}) hold the truth: {len(found)} sets")
    print(f"{given.sets - len(found)} truths could not be simulated, {above} fits ended above the truth's")
    print(f"{np.median([each.seconds for each in found]):.1f} s of the processor a set")


if __name__ == "__main__":
    main()
