"""The parts of a report, each from what was found to HTML."""

from __future__ import annotations

import math
from importlib import metadata

import numpy as np
import pandas as pd

from mtorkin.claims.running import FAILED, PASSED
from mtorkin.errors import SimulationError
from mtorkin.fit.information import covariance, identify
from mtorkin.fit.result import FitResult
from mtorkin.plot.correlations import plot_correlations
from mtorkin.plot.fit import plot_fit
from mtorkin.plot.fit_strips import plot_fit_strips
from mtorkin.plot.parameters import plot_parameters
from mtorkin.plot.profile import plot_profiles
from mtorkin.plot.residuals import FAR, plot_residuals, standardised
from mtorkin.plot.starts import plot_starts
from mtorkin.report.findings import Findings, changed_claims
from mtorkin.report.page import Section, bullets, figure, note, paragraphs, table

__all__ = ["all_sections"]

MOST_STRIPS = 8
PACKAGES = ("mtorkin", "numpy", "scipy", "pandas", "matplotlib", "libroadrunner", "emcee", "arviz-stats")


def all_sections(findings: Findings) -> list[Section]:
    """The sections of a report, in order."""
    result = findings.result
    return [
        Section("What the blots say", "words", _words(findings)),
        Section("Data over model", "data", _data(result)),
        Section("Blots and model", "strips", _strips(result)),
        Section("Search", "search", _search(result)),
        Section("Parameters", "parameters", _parameters(findings)),
        Section("What is determined", "determined", _determined(findings)),
        Section("Correlations", "correlations", _correlations(findings)),
        Section("Residuals", "residuals", _residuals(result)),
        Section("Claims", "claims", _claims(findings)),
        Section("How it was made", "made", _made(findings)),
    ]


def _words(findings: Findings) -> str:
    result = findings.result
    lines = result.summary().splitlines()
    said = [lines[0], lines[1], *lines[2:]]
    if findings.profiles is not None:
        kinds = findings.profiles.table["kind"].value_counts()
        counts = ", ".join(f"{int(n)} {kind}" for kind, n in kinds.items())
        said.append(f"of {len(findings.profiles.table)} profiled parameters: {counts}")
    elif not result.fisher.empty:
        known = identify(result)
        said.append(
            f"near the best fit the blots determine {known.known} of {len(known.directions)} combinations of "
            "parameters within a factor of 10 (no profiles were made)"
        )
    if findings.before is not None and findings.after is not None:
        said.append(_claims_in_a_line(findings.before, findings.after))
    body = bullets(said) + "".join(note(text) for text in result.notes)
    if not result.converged:
        body = note("The best start did not converge: nothing below is to be interpreted yet.") + body
    return body


def _data(result: FitResult) -> str:
    caption = (
        "Each point is a lane, divided by the scale of its blot and antibody; a marker a replicate. Lines are "
        "the model at the best fit, bands one noise level up and down."
    )
    return figure(plot_fit(result), caption, "data over model")


def _strips(result: FitResult) -> str:
    blots = list(dict.fromkeys(result.data["blot"]))
    shown = [f'<div><p><b>{name}</b></p>{figure(plot_fit_strips(result, str(name)), "", f"strips of blot {name}")}</div>'
             for name in blots[:MOST_STRIPS]]  # fmt: skip
    more = "" if len(blots) <= MOST_STRIPS else f" The first {MOST_STRIPS} of {len(blots)} blots are shown."
    words = (
        "For each antibody the lanes as they were measured (above) and as the model has them on that blot (below); "
        "the darkest lane of a pair is black. Drawn from the numbers." + more
    )
    return paragraphs(words) + f'<div class="side">{"".join(shown)}</div>'


def _search(result: FitResult) -> str:
    rows = [
        [index, _short(row["objective"]), row["status"], row["simulations"], row["failed_simulations"], f"{row['seconds']:.0f}"]
        for index, row in result.starts.sort_values("objective", kind="stable").iterrows()
    ]  # fmt: skip
    heads = ["start", "objective>", "status", "simulations>", "failed>", "seconds>"]
    failed = int((~np.isfinite(result.starts["objective"].to_numpy(float))).sum())
    words = [
        f"{result.agreement} of {len(result.starts)} starts ended within 1 of the best objective."
        + (" One alone may have been luck: use more starts." if result.agreement < 2 else "")
    ]
    if failed:
        words.append(f"{failed} starts could not be simulated at all; they count as infinitely bad.")
    caption = "Negative log-posterior above the best, of each start."
    shown = rows if len(rows) <= 12 else rows[:12]
    more = "" if len(rows) <= 12 else paragraphs(f"The best 12 of {len(rows)} starts are listed.")
    drawn = figure(plot_starts(result), caption, "waterfall of starts")
    return paragraphs(*words) + f'<div class="side">{drawn}<div>{table(heads, shown)}{more}</div></div>'


def _parameters(findings: Findings) -> str:
    result = findings.result
    rows = [
        [
            name,
            _short(row["value"]),
            "" if row["unit"] == "1" else row["unit"],
            _short(row["start"]),
            f"{row['fold']:.2g}",
            _prior(row),
            "at a bound" if row["at_bound"] else "",
        ]
        for name, row in result.table.iterrows()
    ]
    heads = ["parameter", "value>", "unit", "before>", "factor>", "prior, 95 %>", ""]
    caption = "Grey: what the prior allows (95 %). A dot outside it is a parameter that blots and prior disagree on."
    drawn = plot_parameters(result, findings.profiles, findings.posterior)
    return figure(drawn, caption, "parameters against priors") + table(heads, rows)


def _determined(findings: Findings) -> str:
    parts, profiles, posterior = [], findings.profiles, findings.posterior
    if profiles is not None:
        caption = (
            "Each parameter held at one value after another, all others fitted anew. Below the dotted line the "
            "blots allow the value (95 %); the broken line adds the parameter's own prior."
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
        parts.append(paragraphs(f"Posterior. {'. '.join(posterior.summary().splitlines())}."))
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
        "Left: no trend is wanted. Right: points on the line are noise as it was assumed; ends that leave it are lanes "
        "that do not belong, or a model that misses something."
    )
    body = figure(plot_residuals(result), caption, "residuals")
    if far.empty:
        return body + paragraphs(f"No lane is more than {FAR:g} noise levels from the model.")
    rows = [
        [row["blot"], row["lane"], row["target"], row["condition"], f"{row['time']:g}", f"{row['z']:+.1f}".replace("-", "−")]
        for _, row in far.head(10).iterrows()
    ]  # fmt: skip
    words = f"{len(far)} of {len(lanes)} lanes are more than {FAR:g} noise levels from the model:"
    return (
        body
        + paragraphs(words)
        + table(["blot", "lane", "antibody", "condition", "min>", "noise levels>"], rows)
    )


def _claims(findings: Findings) -> str:
    if findings.before is None or findings.after is None:
        return paragraphs("The claims were not run again: leave --no-claims out.")
    changed = changed_claims(findings.before, findings.after)
    body = paragraphs(_claims_in_a_line(findings.before, findings.after).capitalize() + ".")
    if changed.empty:
        return body
    rows = [
        [row["id"], row["statement"], row["criterion"], _short(row["value_before"]), _short(row["value_after"]), _turn(str(row["before"]), str(row["after"]))]
        for _, row in changed.iterrows()
    ]  # fmt: skip
    return body + table(["", "claim", "criterion", "before>", "fitted>", ""], rows)


def _claims_in_a_line(before: pd.DataFrame, after: pd.DataFrame) -> str:
    changed = changed_claims(before, after)
    lost, won = int((changed["before"] == PASSED).sum()), int((changed["after"] == PASSED).sum())
    judged = int(after["status"].isin([PASSED, FAILED]).sum())
    met = [int((table["status"] == PASSED).sum()) for table in (before, after)]
    return (
        f"claims of the literature: {met[1]} of {judged} criteria are met with the fitted values, {met[0]} before; "
        f"{lost} lost, {won} won"
    )


def _turn(before: str, after: str) -> str:
    if after == PASSED:
        return "now met"
    return "no longer met" if before == PASSED else f"{before} → {after}"


def _made(findings: Findings) -> str:
    result = findings.result
    rows = [[name.replace("_", " "), value] for name, value in result.settings.items() if value]
    rows.append(["noise", repr(result.scatter)])
    rows += [[name, version] for name in PACKAGES if (version := _version(name))]
    if findings.posterior is not None:
        rows.append(["seed of the posterior", str(findings.posterior.seed)])
    words = (
        "The fingerprint is a checksum of lanes, conditions, free parameters, bounds, priors and all values of the "
        "model; sha256 are those of the files as they were read. The same inputs, seed and versions give this fit again."
    )
    body = "".join(f"<tr><td>{name}</td><td><code>{value}</code></td></tr>" for name, value in _escaped(rows))
    return paragraphs(words) + f"<table><tbody>{body}</tbody></table>"


def _escaped(rows: list[list[str]]) -> list[list[str]]:
    from html import escape

    return [[escape(cell) for cell in row] for row in rows]


def _prior(row: pd.Series) -> str:
    mean, sd = float(row["prior_mean"]), float(row["prior_sd"])
    if not (math.isfinite(mean) and math.isfinite(sd)):
        return "none"
    return f"{_short(math.exp(mean - 1.96 * sd))} – {_short(math.exp(mean + 1.96 * sd))}"


def _short(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{value:.3g}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
