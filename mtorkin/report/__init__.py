"""One page on a fit, and everything it found in one file that other programs read."""

from mtorkin.report.dataset import write_dataset
from mtorkin.report.findings import Findings
from mtorkin.report.writing import write_report

__all__ = ["Findings", "write_dataset", "write_report"]
