"""What tables of a PEtab problem may name, whatever their format, and which files are read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from mtorkin.errors import nearest
from mtorkin.foreign.declared import Document
from mtorkin.foreign.document import read_document
from mtorkin.foreign.reading import made
from mtorkin.foreign.refusal import NotRead
from mtorkin.petab.problem import Parameter, Reference
from mtorkin.petab.tables import Row, as_number

__all__ = ["Known", "model_of", "paths"]


def model_of(path: Path) -> Document:
    """Return what the SBML file of a problem declares. Raises NotRead."""
    document = read_document(path)
    made(document)  # whatever it refuses is refused now
    return document


def paths(said: object, folder: Path, name: str, kind: str, needed: bool = True) -> list[Path]:
    """Return the files that a YAML file `name` lists as `kind`, in its folder. Raises NotRead."""
    texts = [said] if isinstance(said, str) else said
    if not needed and texts in (None, [], [""]):
        return []
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t for t in texts):
        raise NotRead(f"{name}: {kind} names no file")
    for text in texts:
        if Path(text).is_absolute() or ".." in Path(text).parts or "://" in text:
            raise NotRead(f"{name}: {kind}: {text[:80]!r} is not a file beside it; nothing else is read")
    return [folder / text for text in texts]


class Known:
    """What formulas and tables may name; `aliases` are other names of what the model has."""

    def __init__(
        self,
        document: Document,
        parameters: dict[str, Parameter],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.document, self.parameters, self.aliases = document, parameters, aliases or {}
        self.model = {*document.quantities, *document.compartments}

    def own(self, id: str) -> str:
        """The name in the model."""
        return self.aliases.get(id, id)

    def reference(self, text: str, row: Row, column: str) -> Reference:
        """A number or a parameter. Raises NotRead."""
        value = as_number(text)
        if value is not None:
            if not math.isfinite(value):
                raise row.error(column, f"{text[:80]!r} is not finite")
            return value
        id = self.own(text)
        if id not in self.parameters:
            raise row.error(
                column, f"{text[:80]!r} is no number and no parameter{nearest(text[:80], self.parameters)}"
            )
        return id
