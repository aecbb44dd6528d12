"""Networks as SBML text: no simulation, no files, no library; `mtorkin.export` writes the files."""

from mtorkin.sbml.document import Change, Start, write_document

__all__ = ["Change", "Start", "write_document"]
