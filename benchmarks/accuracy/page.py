"""The page with the achieved errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

import numpy as np
import pandas as pd

HEAD = """# How accurate the native engine is

Written by `make accuracy` (`benchmarks/accuracy`); do not edit. A small part of it is in the tests
(`tests/engines/test_accuracy.py`).

rtol and atol = rtol / 1000 nM are those of the steps, the same for all integrators (a user's are given to
each with a factor of its own, so that results are good to what was asked for). The error of a simulation is
the root mean square of what is off, over times and species, in units of rtol·|y| + atol: 1 is as far off as
one step may be. Exact is scipy's BDF with rtol 1e-10 as a user asks for it (steps at 5e-12). CVODE is
libRoadRunner's, on the same rates."""


def page(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the page as Markdown, from the tables of all sections."""
    parts = (HEAD, _protocols(tables["protocols"]), _sets(tables["sets"]), _networks(tables["networks"]))
    rest = (_derivatives(tables["derivatives"]), _steady(tables["steady"]), _order(tables["order"]))
    versions = ", ".join(f"{n} {version(n)}" for n in ("libroadrunner", "numpy", "scipy"))
    return "\n\n".join((*parts, *rest, f"Measured with {versions}.")) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; numbers have three digits."""
    lines = [list(head), ["---"] * len(head), *([_cell(x) for x in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(x: object) -> str:
    if isinstance(x, float | np.floating):
        return f"{x:.3g}"
    return str(x)


def summary(found: pd.DataFrame, by: Sequence[str] = ("rtol", "engine")) -> list[list[object]]:
    """Return one row for each tolerance and engine: how many, failed, median, 95 %, largest error."""
    rows: list[list[object]] = []
    for key, group in found.groupby(list(by), sort=False):
        e = group.error.dropna()
        quantiles = [float(e.quantile(q)) for q in (0.5, 0.95, 1.0)] if len(e) else [np.nan] * 3
        rows.append([*(f"{k:g}" if isinstance(k, float) else k for k in key), len(group)])
        rows[-1] += [int(group.error.isna().sum()), *quantiles]
    return rows


def farther(found: pd.DataFrame) -> str:
    """Return in words how often native is farther off than CVODE."""
    keys = [k for k in ("cells", "run", "rtol") if k in found]
    wide = found.pivot_table(index=keys, columns="engine", values="error", dropna=False)
    both = wide.dropna()
    worse = both[both.native > both.CVODE]
    said = f"Native is farther off than CVODE in {len(worse)} of {len(both)} runs"
    if not len(worse):
        return said + "."
    most = f"{worse.native.max():.2g}, where CVODE's in all runs is at most {both.CVODE.max():.2g}"
    return f"{said}; its error there is at most {most}."


COLUMNS = ("rtol", "engine", "runs", "failed", "median", "95 %", "largest")


def _protocols(found: pd.DataFrame) -> str:
    cells, runs = found.cells.nunique(), found.run.nunique()
    return (
        f"## {runs} named protocols on {cells} kinds of cells\n\nOne simulation at a time.\n\n"
        f"{table(COLUMNS, summary(found))}\n\n{farther(found)}"
    )


def _sets(found: pd.DataFrame) -> str:
    kept = found[found.engine == "native"].groupby("rtol", sort=False).totals.max()
    said = ", ".join(f"{x:.1g} at {rtol:g}" for rtol, x in kept.items())
    return (
        f"## {found.run.nunique()} sets far apart\n\nEach parameter times a log-normal factor with sigma 1; "
        "24 h of 100 nM rapamycin from the fed state of the generic cell. Native has the sets side by side "
        f"in lanes.\n\n{table(COLUMNS, summary(found))}\n\n{farther(found)}\n\nConserved totals change by at "
        f"most (as a share of the total): {said}."
    )


def _networks(found: pd.DataFrame) -> str:
    rows = [
        [r.run, r.species, r.reactions, f"{r.rtol:g}", r.engine, "failed" if np.isnan(r.error) else r.error]
        for r in found.itertuples()
    ]
    return (
        "## Networks that are expanded state by state\n\nThe explicit networks of `tests/oracles`, in which "
        "every combination of marks is a species. CVODE stands beside the one that libRoadRunner compiles "
        "in seconds: of the others it had not compiled one after six minutes.\n\n"
        + table(("network", "species", "reactions", "rtol", "engine", "error"), rows)
    )


def _derivatives(found: pd.DataFrame) -> str:
    rows = [
        [f"{x:g}" if k == "rtol" else x for k, x in zip(found, row, strict=True)] for row in found.to_numpy()
    ]
    return (
        "## Sensitivities\n\nDerivatives of all observables by 75 parameters, a dose and two inputs of a "
        "later period, against central differences of fourth order between runs at 1e-10. Relative errors of "
        "every entry of which a change by 1 % moves the observable by more than 1e-6 of its peak. rtol is as "
        f"a user asks for it here.\n\n{table(tuple(found), rows)}"
    )


def _steady(found: pd.DataFrame) -> str:
    return (
        f"## Steady states\n\nOf {len(found)} kinds of cells in lanes: at most {found.apart.max():.1g} from "
        "those of `steady_state`, as a share of each concentration above 1e-6 nM; the largest net rate is "
        f"{found.residual.max():.1g} of what flows through a species."
    )


def _order(found: pd.DataFrame) -> str:
    rows = []
    for most, group in found.groupby("order"):
        slopes = [
            -np.polyfit(np.log(g.steps.astype(float)), np.log(g.error), 1)[0] for _, g in group.groupby("run")
        ]
        rows.append([most, *(float(np.quantile(slopes, q)) for q in (0.5, 0.0, 1.0))])
    return (
        "## Order of convergence\n\nWith the order limited and tolerances falling by a hundred, the error "
        "falls with a power of the number of steps. Eight sets, exact from native at 1e-11.\n\n"
        + table(("order at most", "power, median of 8 sets", "lowest", "highest"), rows)
    )
