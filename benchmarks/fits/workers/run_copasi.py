"""COPASI's own estimation of the reduced model of the blots; a line of JSON for each start.

The order is a JSON file: `rates` (names), `totals` and `data` by cells and readout, `forms`, `times`,
`low`, `high`, `points` (log10), `method`,
`rest` (what the totals add to the sum of squares). Both kinds of cells are one model, in which events
keep the values at the times of the blots, so that readouts can be divided by their means, as the
published fit has it. States at rest are formulas, which saves COPASI from looking for them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

import basico
import COPASI
import numpy as np
import pandas as pd

PACKAGES = ("copasi-basico", "python-copasi", "numpy")
# places of the readouts, in the order of the forms
IRS, AKT, TSC, PRAS, EBP, S6K = range(6)


def main() -> None:
    """Carry out the order that the first argument names, into the file of the second."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.chdir(order["cache"])
    began = time.process_time()
    _build(order)
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:

        def say(**record: object) -> None:
            print(json.dumps(record), file=out, flush=True)

        say(versions={p: version(p) for p in PACKAGES}, set_up=time.process_time() - began)
        for point in np.array(order["points"]):
            say(**_one(order, point))


def _build(order: dict) -> None:
    basico.new_model(name="reduced")
    for name in order["rates"]:
        basico.add_parameter(name, initial_value=1.0)
    for cell, total in order["totals"].items():
        _add_cell(order["forms"], cell, total)
    last = len(order["times"]) - 1
    for j, at in enumerate(order["times"]):
        for i in range(6) if j < last else ():
            for cell in order["totals"]:
                start = {"initial_expression": _v(f"rest{i}_{cell}")} if j == 0 else {"initial_value": 0.0}
                basico.add_parameter(f"kept{i}_{j}_{cell}", **start)
        if 0 < j < last:
            kept = [
                (f"Values[kept{i}_{j}_{cell}]", _v(f"y{i}_{cell}"))
                for i in range(6)
                for cell in order["totals"]
            ]
            basico.add_event(f"at{j}", f"{{Time}} >= {at}", kept)
    columns = {}
    for i in range(6):
        seen = {
            (j, cell): _v(f"kept{i}_{j}_{cell}" if j < last else f"y{i}_{cell}")
            for j in range(last + 1)
            for cell in order["totals"]
        }
        basico.add_parameter(
            f"mean{i}", type="assignment", expression=f"({' + '.join(seen.values())}) / {len(seen)}"
        )
        for (j, cell), value in seen.items():
            name = f"seen{i}_{j}_{cell}"
            basico.add_parameter(name, type="assignment", expression=f"{value} / {_v(f'mean{i}')}")
            columns[f"Values[{name}]"] = [order["data"][cell][i][j]]
    basico.add_experiment("blots", pd.DataFrame({"Time": [float(order["times"][-1])], **columns}))
    _unweighted(len(columns))


def _v(name: str) -> str:
    return f"{{Values[{name}]}}"


def _add_cell(forms: list[str], cell: str, total: dict[str, float]) -> None:
    """Six states, their rates, and where they are at rest."""
    t = [repr(total[name]) for name in forms]
    y = [_v(f"y{i}_{cell}") for i in range(6)]
    rest = [_v(f"rest{i}_{cell}") for i in range(6)]
    k = {name: _v(name) for name in basico.get_parameters().index}
    held = f"(1 + {k['kTORTSC']} * ({t[TSC]} - {y[TSC]}) + {k['kTORPRAS']} * ({t[PRAS]} - {y[PRAS]}))"
    s6k_on, ebp_on = k["kS6KPhosB"], k["kFourEBP1PhosB"]
    akt_on, irs_on = k["kAktPhos_kcatB"], f"{k['kIRS1Phos']} * {rest[S6K]}"
    at_rest = {
        S6K: f"{t[S6K]} * {s6k_on} / ({s6k_on} + {k['kS6KDephos']})",
        EBP: f"{t[EBP]} * {ebp_on} / ({ebp_on} + {k['kFourEBP1Dephos']})",
        IRS: f"{t[IRS]} * {irs_on} / ({irs_on} + {k['kIRS1Inact']})",
        AKT: f"{t[AKT]} * {akt_on} / ({akt_on} + {k['kAktDephos']} * {rest[IRS]})",
        TSC: f"{t[TSC]} * {k['kTSC2Phos']} * {rest[AKT]}"
        f" / ({k['kTSC2Phos']} * {rest[AKT]} + {k['kTSC2Dephos']})",
        PRAS: f"{t[PRAS]} * {k['kPras40Phos']} * {rest[AKT]}"
        f" / ({k['kPras40Phos']} * {rest[AKT]} + {k['kPras40Dephos']})",
    }
    rates = {
        IRS: f"{k['kIRS1Phos']} * ({t[IRS]} - {y[IRS]}) * {y[S6K]} - {k['kIRS1Inact']} * {y[IRS]}",
        AKT: f"({k['kAktPhos_kcat']} + {akt_on}) * ({t[AKT]} - {y[AKT]})"
        f" - {k['kAktDephos']} * {y[AKT]} * {y[IRS]}",
        TSC: f"{k['kTSC2Phos']} * ({t[TSC]} - {y[TSC]}) * {y[AKT]} - {k['kTSC2Dephos']} * {y[TSC]}",
        PRAS: f"{k['kPras40Phos']} * ({t[PRAS]} - {y[PRAS]}) * {y[AKT]} - {k['kPras40Dephos']} * {y[PRAS]}",
        EBP: f"({k['kFourEBP1Phos']} / {held} + {ebp_on}) * ({t[EBP]} - {y[EBP]})"
        f" - {k['kFourEBP1Dephos']} * {y[EBP]}",
        S6K: f"({k['kS6KPhos']} / {held} + {s6k_on}) * ({t[S6K]} - {y[S6K]}) - {k['kS6KDephos']} * {y[S6K]}",
    }
    for i, expression in at_rest.items():
        basico.add_parameter(f"rest{i}_{cell}", type="assignment", expression=expression)
    for i in range(6):
        basico.add_parameter(f"y{i}_{cell}", initial_expression=rest[i])
    for i in range(6):
        basico.set_parameters(f"y{i}_{cell}", exact=True, status="ode", expression=rates[i])
        basico.set_parameters(f"y{i}_{cell}", exact=True, initial_expression=rest[i])


def _unweighted(columns: int) -> None:
    """Every difference counts as it is; COPASI would weigh columns by their size."""
    task = basico.get_current_model().getTask("Parameter Estimation")
    experiment = task.getProblem().getExperimentSet().getExperiment(0)
    known = experiment.getObjectMap()
    for column in range(1, columns + 1):
        known.setScale(column, 1.0)


def _one(order: dict, point: np.ndarray) -> dict:
    """One start: the sum of squares, with the part of the totals, and what it took."""
    basico.set_fit_parameters(
        [
            {"name": f"Values[{n}]", "lower": order["low"], "upper": order["high"], "start": float(10**x)}
            for n, x in zip(order["rates"], point, strict=True)
        ]
    )
    COPASI.CCopasiMessage.clearDeque()
    clock, processor = time.perf_counter(), time.process_time()
    basico.run_parameter_estimation(
        method=order["method"],
        randomize_start_values=False,
        calculate_statistics=False,
        create_parametersets=False,
        update_model=False,
        use_initial_values=True,
    )
    seconds, cpu = time.perf_counter() - clock, time.process_time() - processor
    found = basico.get_fit_statistic()
    value = float(found["obj"]) + order["rest"]
    return {
        "value": value if np.isfinite(value) else None,
        "message": f"{found.get('f_evals', 0)} evaluations",
        "seconds": seconds,
        "cpu": cpu,
    }


main()
