"""What stands behind a fit: claims of the literature, and how it was made."""

from __future__ import annotations

import math
from html import escape
from importlib import metadata

import pandas as pd

from mtorkin.claims.running import FAILED, PASSED
from mtorkin.report.findings import Findings, changed_claims
from mtorkin.report.page import paragraphs, table

__all__ = ["claims", "claims_in_a_line", "made", "short"]

PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "libroadrunner", "emcee", "arviz-stats")
KEPT = " As an earlier report on the same fit found them; they were not run again."
CHECKSUMS = (
    "The fingerprint is a checksum of lanes, conditions, free parameters, bounds, priors and all values of "
    "the model; sha256 are those of the files as they were read. The same inputs, seed and versions give "
    "this fit again."
)


def claims(findings: Findings) -> str:
    """Criteria that the fitted values meet and the model's did not, and the other way round."""
    if findings.before is None or findings.after is None:
        return paragraphs("The claims were not run again: leave --no-claims out.")
    changed = changed_claims(findings.before, findings.after)
    line = claims_in_a_line(findings.before, findings.after)
    body = paragraphs(line[0].upper() + line[1:] + "." + (KEPT if findings.kept else ""))
    if changed.empty:
        return body
    columns = ["id", "statement", "criterion", "value_before", "value_after", "before", "after"]
    rows = [
        [id, statement, criterion, short(old), short(new), _turn(str(before), str(after))]
        for id, statement, criterion, old, new, before, after in changed[columns].to_numpy()
    ]
    return body + table(["", "claim", "criterion", "before>", "fitted>", ""], rows)


def claims_in_a_line(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """How many criteria are met, and how many the fit lost and won."""
    changed = changed_claims(before, after)
    lost, won = int((changed["before"] == PASSED).sum()), int((changed["after"] == PASSED).sum())
    judged = int(after["status"].isin([PASSED, FAILED]).sum())
    met = [int((each["status"] == PASSED).sum()) for each in (before, after)]
    return (
        f"claims of the literature: {met[1]} of {judged} criteria are met with the fitted values, {met[0]} "
        f"before; {lost} lost, {won} won"
    )


def _turn(before: str, after: str) -> str:
    if after == PASSED:
        return "won"
    return "lost" if before == PASSED else f"{before} → {after}"


def made(findings: Findings) -> str:
    """Seeds, checksums and versions."""
    result = findings.result
    rows = [[name, value] for name, value in result.settings.items() if value]
    rows.append(["noise", repr(result.scatter)])
    if findings.posterior is not None:
        rows.append(["seed of the posterior", str(findings.posterior.seed)])
    rows += [[name, version] for name in PACKAGES if (version := _version(name))]
    lines = [f"<tr><td>{escape(name)}</td><td><code>{escape(value)}</code></td></tr>" for name, value in rows]
    return paragraphs(CHECKSUMS) + f"<table><tbody>{''.join(lines)}</tbody></table>"


def short(value: float) -> str:
    """A number to three digits; a dash where there is none."""
    return f"{value:.3g}" if math.isfinite(value) else "–"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
