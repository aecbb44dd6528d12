"""Plots for COPASI, with the panels and colours of our own figures."""

from __future__ import annotations

from mtorkin.export.copasi import Curve, Estimation, Plot
from mtorkin.model import Model
from mtorkin.plot.style import COLOURS, label
from mtorkin.plot.time_course import OVERVIEW

__all__ = ["dose_plots", "fit_plots", "panels", "time_plots"]

# each opens a window when the task runs
OPEN = ("mTOR complexes", "S6K", "4E-BP1", "Akt")
OPEN_FITS = 6
LINE, SYMBOL, BOTH = 0, 2, 3
DOSE_RESPONSE = ("S6K_pT389", "FourEBP1_pT37_46", "Akt_pS473", "mTORC1", "mTORC2")


def panels(model: Model) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return our overview as far as the model has it: titles, and (id, label, colour) of each line.

    A model that has nothing of it has a panel for each of its first twelve observables.
    """
    have = [str(id) for id in model.observables.index]
    found = [
        (panel.title, [(*line, c) for line, c in zip(panel.lines, COLOURS, strict=False) if line[0] in have])
        for panel in OVERVIEW
    ]
    kept = [(title, lines) for title, lines in found if lines]
    return kept or [(label(id), [(id, label(id), COLOURS[0])]) for id in have[:12]]


def time_plots(model: Model) -> tuple[Plot, ...]:
    """Return the panels of our overview as plots of the time course [min]."""
    return tuple(
        Plot(title, tuple(Curve(text, "", id, colour) for id, text, colour in lines), active=title in OPEN)
        for title, lines in panels(model)
    )


def dose_plots(model: Model, dose: str, log: bool) -> tuple[Plot, Plot]:
    """Return what the scan shows: readouts at the end against a dose (by id), and one over time.

    `dose` must be a value that lasts: after a scan COPASI shows the last point again, by when what
    the scan had set is back to what it was before.
    """
    have = set(map(str, model.observables.index))
    shown = [id for id in DOSE_RESPONSE if id in have] or sorted(have)[:5]
    ends = tuple(
        Curve(label(id), dose, id, colour, line_type=BOTH, activity="after")
        for id, colour in zip(shown, COLOURS, strict=False)
    )
    name = label(shown[0])
    course = Plot(f"{name} at each dose", (Curve(name, "", shown[0], COLOURS[0]),), tasks="Scan")
    return Plot("Dose-response", ends, log_x=log, tasks="Scan"), course


def fit_plots(fit: Estimation) -> tuple[Plot, ...]:
    """Return one plot an antibody, lanes of each blot as symbols with the model as a line, and the progress.

    The y axis is a natural log, less the mean of the blot's lanes.
    """
    shown: dict[str, list[Curve]] = {}
    for experiment in fit.experiments:
        seen = [c for c in experiment["columns"] if c["role"] == "seen"]
        for n, column in enumerate(seen):
            if not column["id"].startswith("ln_"):
                continue
            target, _, blot = column["name"].partition(" ")
            curves = shown.setdefault(target, [])
            colour = COLOURS[len(curves) // 2 % len(COLOURS)]
            time, lanes, model = (
                f"point:{n}:{what} Value:{experiment['name']}"
                for what in ("Independent", "Measured", "Fitted")
            )
            name = f"{experiment['name']}, {blot}"
            curves += [
                Curve(f"{name}: lanes", time, lanes, colour, 1.2, SYMBOL, "after"),
                Curve(f"{name}: model", time, model, colour, 1.2, LINE, "after"),
            ]
    sites = [id for id in shown if "_p" in id][:OPEN_FITS]
    task = "Parameter Estimation"
    plots = [
        # the title says what the axes are: COPASI knows no unit of them
        Plot(f"Fit of {label(id)} (ln of lanes, min)", tuple(curves), active=id in sites, tasks=task)
        for id, curves in shown.items()
    ]
    progress = Curve("objective", "fit:Function Evaluations", "fit:Best Value", COLOURS[0])
    return (*plots, Plot("Progress of the fit", (progress,), tasks=task))
