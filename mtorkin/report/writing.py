"""`write_report`: one HTML file on a fit that needs nothing but itself."""

from __future__ import annotations

import os
from pathlib import Path

from mtorkin.files import write_text
from mtorkin.report.findings import Findings
from mtorkin.report.page import page
from mtorkin.report.sections import all_sections

__all__ = ["write_report"]


def write_report(findings: Findings, path: str | os.PathLike[str]) -> Path:
    """Write the report of a fit as one HTML file, atomically; returns the path.

    Everything is in it: no scripts, and no links to other files. Raises OSError.
    """
    result = findings.result
    # MCF-7 may have been described by generic cells: which, decides what the numbers are
    cells = ", ".join(f"{name} (model: {result.contexts[name]} cells)" for name in result.values if name)
    title = f"Fit of {result.settings['source']}"
    counts = f"{len(result.data)} lanes, {len(result.noise)} antibodies, {len(result.best)} free parameters"
    lead = f"{cells}: {counts}" if cells else counts
    return write_text(path, page(title, lead, all_sections(findings)))
