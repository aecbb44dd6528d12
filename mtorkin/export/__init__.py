"""Models as files that other tools run, and whether these get the same numbers."""

from mtorkin.export.agreement import agreement_table
from mtorkin.export.check import sbml_messages
from mtorkin.export.description import description_string, write_description
from mtorkin.export.odes import odes_string, write_odes
from mtorkin.export.sbml import (
    antimony_string,
    sbml_level2_string,
    sbml_string,
    write_antimony,
    write_sbml,
)

__all__ = [
    "agreement_table",
    "antimony_string",
    "description_string",
    "odes_string",
    "sbml_level2_string",
    "sbml_messages",
    "sbml_string",
    "write_antimony",
    "write_description",
    "write_odes",
    "write_sbml",
]
