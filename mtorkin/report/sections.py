"""The parts of a report, each from what was found to HTML."""

from __future__ import annotations

import math
from html import escape

import numpy as np
import pandas as pd

from mtorkin.errors import SimulationError, counted
from mtorkin.fit.information import covariance, identify
from mtorkin.fit.result import FitResult
from mtorkin.plot.correlations import plot_correlations
from mtorkin.plot.fit import plot_fit
from mtorkin.plot.fit_strips import plot_fit_strips
from mtorkin.plot.parameters import plot_parameters
from mtorkin.plot.profile import plot_profiles
from mtorkin.plot.residuals import FAR, plot_residuals, standardised
from mtorkin.plot.starts import plot_starts
from mtorkin.report.background import claims, claims_in_a_line, made, short
from mtorkin.report.findings import Findings
from mtorkin.report.page import Section, bullets, figure, note, paragraphs, table
from mtorkin.report.predicted import predicted
from mtorkin.report.priors import disagreements, rule

__all__ = ["all_sections"]

MOST_STRIPS, MOST_ROWS = 8, 12


def all_sections(findings: Findings) -> list[Section]:
    """The sections of a report, in order."""
    result = findings.result
    return [
        Section("What the blots say", "words", _words(findings)),
        Section("Data over model", "data", _data(findings)),
        Section("Blots and model", "strips", _strips(result)),
        Section("Search", "search", _search(result)),
        Section("Parameters", "parameters", _parameters(findings)),
        Section("What is determined", "determined", _determined(findings)),
        Section("Short and prolonged rapamycin", "predicted", predicted(findings)),
        Section("Correlations", "correlations", _correlations(findings)),
        Section("Residuals", "residuals", _residuals(result)),
        Section("Claims", "claims", claims(findings)),
        Section("How it was made", "made", made(findings)),
    ]


def _words(findings: Findings) -> str:
    result, said = findings.result, findings.result.summary().splitlines()
    if findings.profiles is not None:
        kinds = findings.profiles.table["kind"].value_counts()
        counts = ", ".join(f"{int(n)} {kind}" for kind, n in kinds.items())
        profiled = counted(len(findings.profiles.table), "parameter that was", "parameters that were")
        said.append(f"of {profiled} profiled: {counts}")
    if not result.fisher.empty:
        known = identify(result)
        said.append(
            f"near the best fit the blots determine {known.known} of {len(known.directions)} combinations of "
            "parameters within a factor of 10"
        )
    if against := list(disagreements(result, findings.profiles)):
        said.append(f"blots and priors disagree on {', '.join(against)}: see Parameters")
    if findings.before is not None and findings.after is not None:
        said.append(claims_in_a_line(findings.before, findings.after))
    doubt = "" if result.converged else note("The best start did not converge: do not interpret it yet.")
    return doubt + bullets(each[0].upper() + each[1:] for each in said) + "".join(map(note, result.notes))


def _data(findings: Findings) -> str:
    follows = findings.follows
    bands = None if follows is None or follows.curves.empty else follows.curves
    caption = (
        "Each point is a lane, divided by the scale of its blot and antibody; a marker a replicate. Lines "
        "are the model at the best fit, pale bands one noise level up and down."
    )
    if follows is not None and bands is not None:
        caption += (
            f" Darker bands: 95 % of the curve itself ({follows.how}). They are of the readout in its "
            "own unit: blots fix a curve's shape better than its height, so a band can be wider than "
            "the points scatter."
        )
    notes = () if follows is None else follows.notes
    return figure(plot_fit(findings.result, bands=bands), caption, "data over model") + "".join(
        map(note, notes)
    )


def _strips(result: FitResult) -> str:
    blots = [str(name) for name in dict.fromkeys(result.data["blot"])]
    shown = [
        f"<div><h3>{escape(name)}</h3>{figure(plot_fit_strips(result, name), '', f'blot {name}')}</div>"
        for name in blots[:MOST_STRIPS]
    ]
    words = (
        "For each antibody the lanes as they were measured (above) and as the model has them on that blot "
        "(below). The darkest lane of a pair is black. Drawn from the numbers."
    )
    if len(blots) > MOST_STRIPS:
        words += f" The first {MOST_STRIPS} of {len(blots)} blots are shown."
    return paragraphs(words) + f'<div class="side">{"".join(shown)}</div>'


def _search(result: FitResult) -> str:
    starts = result.starts.sort_values("objective", kind="stable").reset_index()
    columns = ["start", "objective", "status", "simulations", "failed_simulations", "seconds"]
    rows = [
        [
            start,
            f"{objective:.2f}" if np.isfinite(objective) else "–",
            status,
            simulations,
            failed,
            f"{seconds:.0f}",
        ]
        for start, objective, status, simulations, failed, seconds in starts[columns]
        .head(MOST_ROWS)
        .to_numpy()
    ]
    words = [f"{result.agreement} of {len(starts)} starts ended within 1 of the best objective."]
    if result.agreement < 2:
        words.append("One alone may have been luck: use more starts.")
    lost = int((~np.isfinite(starts["objective"].to_numpy(float))).sum())
    if lost:
        words.append(f"Could not be simulated at all, and counted as infinitely bad: {lost}.")
    if len(starts) > MOST_ROWS:
        words.append(f"The best {MOST_ROWS} are listed.")
    bound = ", ".join(map(str, result.table.index[result.table["at_bound"]]))
    words.append(f"At a bound: {bound}." if bound else "No parameter ended at a bound.")
    drawn = figure(plot_starts(result), "Negative log-posterior above the best.", "waterfall of starts")
    heads = ["start", "objective>", "status", "simulations>", "failed>", "seconds>"]
    return paragraphs(" ".join(words)) + f'<div class="side">{drawn}<div>{table(heads, rows)}</div></div>'


def _parameters(findings: Findings) -> str:
    result = findings.result
    rows = [
        [
            name,
            short(row["value"]),
            "" if row["unit"] == "1" else row["unit"],
            short(row["start"]),
            f"{row['fold']:.2g}",
            _prior(row),
            "at a bound" if row["at_bound"] else "",
        ]
        for name, row in result.table.iterrows()
    ]
    heads = ["parameter", "value>", "unit", "before>", "factor>", "prior, 95 %>", ""]
    caption = f"Grey: what the prior allows (95 %). {rule(result, findings.profiles)}"
    drawn = plot_parameters(result, findings.profiles, findings.posterior)
    against = [each[0].upper() + each[1:] + "." for each in disagreements(result, findings.profiles).values()]
    said = paragraphs("Blots and priors disagree:") + bullets(against) if against else ""
    return figure(drawn, caption, "parameters against priors") + said + table(heads, rows)


def _determined(findings: Findings) -> str:
    parts, profiles, posterior = [], findings.profiles, findings.posterior
    if profiles is not None:
        caption = (
            "Each parameter held at one value after another, all others fitted anew. Below the dotted line "
            "the blots allow the value (95 %); the broken line adds the parameter's own prior."
        )
        parts += [figure(plot_profiles(profiles), caption, "profile likelihoods")]
        parts += [bullets(profiles.summary().splitlines()), *(note(text) for text in profiles.notes)]
    else:
        parts.append(
            paragraphs("No profiles were made: mtorkin profile FIT --out FOLDER, then this report anew.")
        )
    if not findings.result.fisher.empty:
        lines = identify(findings.result).summary().splitlines()
        parts.append(
            paragraphs(f"Near the best fit, {lines[0]}") + bullets(line.strip() for line in lines[1:])
        )
    if posterior is not None:
        parts.append(paragraphs("Posterior, by walkers:") + bullets(posterior.summary().splitlines()))
    return "".join(parts)


def _correlations(findings: Findings) -> str:
    if len(findings.result.best) < 2:
        return paragraphs("There is one free parameter.")
    if findings.posterior is not None:
        matrix, words = np.cov(findings.posterior.kept.T), "From the sampled posterior (blots and priors)."
    else:
        try:
            matrix = covariance(findings.result)
        except SimulationError as error:
            return note(str(error))
        words = "Near the best fit, blots and priors together."
    caption = f"{words} Numbers where a correlation is 0.5 or more: such parameters are known only together."
    return figure(plot_correlations(matrix, list(findings.result.best)), caption, "correlations")


def _residuals(result: FitResult) -> str:
    lanes = standardised(result)
    far = lanes[lanes["z"].abs() > FAR].sort_values("z", key=lambda z: -z.abs())
    caption = (
        "Left: no trend is wanted. Right: points on the line are noise as it was assumed; ends that leave it "
        "are lanes that do not belong, or a model that misses something."
    )
    body = figure(plot_residuals(result), caption, "residuals")
    if far.empty:
        return body + paragraphs(f"No lane is more than {FAR:g} noise levels from the model.")
    columns = ["blot", "lane", "target", "condition", "time", "z"]
    rows = [
        [blot, lane, target, condition, f"{time:g}", f"{z:+.1f}".replace("-", "−")]
        for blot, lane, target, condition, time, z in far[columns].head(MOST_ROWS).to_numpy()
    ]
    words = f"More than {FAR:g} noise levels from the model: {len(far)} of {len(lanes)} lanes."
    heads = ["blot", "lane", "antibody", "condition", "min>", "noise levels>"]
    return body + paragraphs(words) + table(heads, rows)


def _prior(row: pd.Series) -> str:
    mean, sd = float(row["prior_mean"]), float(row["prior_sd"])
    if not (math.isfinite(mean) and math.isfinite(sd)):
        return "none"
    return f"{short(math.exp(mean - 1.96 * sd))} – {short(math.exp(mean + 1.96 * sd))}"
