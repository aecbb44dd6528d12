"""What libSBML says about a file, with every check on and strict units.

Warnings count: libSBML reports a wrong dimension in a rate only as a warning, and a file with fifty
of them hides the one that matters.
"""

from __future__ import annotations

__all__ = ["sbml_messages"]

_CHECKS = (
    "GENERAL_CONSISTENCY",
    "IDENTIFIER_CONSISTENCY",
    "UNITS_CONSISTENCY",
    "MATHML_CONSISTENCY",
    "SBO_CONSISTENCY",
    "OVERDETERMINED_MODEL",
    "MODELING_PRACTICE",
)


def sbml_messages(text: str) -> tuple[str, ...]:
    """Return every message of libSBML about an SBML text, warnings included; () is a clean file.

    Units are checked strictly, modelling practice too. Each begins with its line and number.
    """
    import libsbml  # not above: it takes as long to import as most of mtorkin, for this alone

    document = libsbml.readSBMLFromString(text)
    for category in _CHECKS:
        document.setConsistencyChecks(getattr(libsbml, f"LIBSBML_CAT_{category}"), True)
    if not document.getNumErrors(libsbml.LIBSBML_SEV_ERROR):
        document.checkInternalConsistency()
        document.checkConsistency()
        document.checkConsistencyWithStrictUnits()  # leaves out modelling practice: hence both
    found = map(document.getError, range(document.getNumErrors()))
    lines = (f"line {e.getLine()}: {e.getErrorId()} {' '.join(e.getMessage().split())}" for e in found)
    return tuple(dict.fromkeys(lines))
