"""The model in words and equations, mechanism by mechanism, as Markdown or LaTeX."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtorkin.errors import DeclarationError, nearest
from mtorkin.export.description.latex import latex_lines
from mtorkin.export.description.markdown import markdown_lines
from mtorkin.export.description.sections import Description, description_of
from mtorkin.files import write_text
from mtorkin.model import Model

__all__ = ["FORMATS", "description_string", "write_description"]

FORMATS: Final[Mapping[str, tuple[str, Callable[[Description], Iterator[str]]]]] = MappingProxyType(
    {"markdown": (".md", markdown_lines), "latex": (".tex", latex_lines)}
)


def description_string(model: Model, *, format: str = "markdown") -> str:
    """Return every equation of a model with what it means, its parameters and their sources.

    `format` is ``markdown`` or ``latex`` (an article that any LaTeX compiles). Concentrations are nM,
    times min. Raises DeclarationError for another format.
    """
    if format not in FORMATS:
        raise DeclarationError(
            f"no format {format!r}{nearest(format, FORMATS)} (there are {', '.join(FORMATS)})"
        )
    return "\n".join(FORMATS[format][1](description_of(model))) + "\n"


def write_description(model: Model, path: str | os.PathLike[str]) -> Path:
    """Write `description_string` to a ``.md`` or ``.tex`` file, atomically; returns the path.

    Raises DeclarationError for another suffix, and OSError.
    """
    found = {suffix: name for name, (suffix, _) in FORMATS.items()}
    if Path(path).suffix not in found:
        raise DeclarationError(f"{path}: name it {' or '.join(found)}")
    return write_text(path, description_string(model, format=found[Path(path).suffix]))
