"""One page on a fit, and everything it found in one file that other programs read."""

from mtorkin.report.dataset import earlier_claims, write_dataset
from mtorkin.report.findings import Findings
from mtorkin.report.following import Following, following
from mtorkin.report.writing import write_report

__all__ = ["Findings", "Following", "earlier_claims", "following", "write_dataset", "write_report"]
