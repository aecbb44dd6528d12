"""Networks as SBML text: no simulation, no files, no library; `mtorkin.export` writes the files."""

from mtorkin.sbml.document import Change, Start, write_document
from mtorkin.sbml.rates import write_rates

__all__ = ["Change", "Start", "write_document", "write_rates"]
