"""Networks as SBML text: no simulation, no library; `mtorkin.export` writes the files."""

from mtorkin.sbml.annotation import History, Relation, Remark
from mtorkin.sbml.document import Change, Header, Start, document, write_document
from mtorkin.sbml.level2 import LOST, as_level2
from mtorkin.sbml.rates import needed, write_rates
from mtorkin.sbml.xml import document_text

__all__ = [
    "LOST",
    "Change",
    "Header",
    "History",
    "Relation",
    "Remark",
    "Start",
    "as_level2",
    "document",
    "document_text",
    "needed",
    "write_document",
    "write_rates",
]
