"""Networks as SBML text: no simulation, no library; `mtorkin.export` writes the files."""

from mtorkin.sbml.annotation import History, Relation
from mtorkin.sbml.document import Change, Header, Start, write_document
from mtorkin.sbml.rates import needed, write_rates

__all__ = ["Change", "Header", "History", "Relation", "Start", "needed", "write_document", "write_rates"]
