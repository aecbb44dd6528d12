"""What a name must look like to stand in SBML."""

from __future__ import annotations

import re

from mtorkin.errors import DeclarationError


def check_id(id: str, what: str) -> None:
    """Refuse a name that cannot stand in SBML: letters, digits and underscores, no digit first."""
    if not re.fullmatch(r"[A-Za-z_]\w*", id, re.ASCII):
        raise DeclarationError(
            f"{what} {id!r} cannot be an id: use letters, digits and underscores, no digit first"
        )
