"""The equations alone, for those who want nothing else: a NumPy module, or a MATLAB/Octave file.

Both say the same, in the ids of the SBML: numbers, the rates of reactions, dc/dt [nM/min] and the
observables, one line each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtorkin.errors import DeclarationError, nearest
from mtorkin.export.odes.matlab import matlab_lines
from mtorkin.export.odes.parts import Parts, parts_of
from mtorkin.export.odes.python import python_lines
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["LANGUAGES", "odes_string", "write_odes"]

LANGUAGES: Final[Mapping[str, tuple[str, Callable[[Parts], Iterator[str]]]]] = MappingProxyType(
    {"python": (".py", python_lines), "matlab": (".m", matlab_lines)}
)


def odes_string(
    model: Model, protocol: Protocol | None = None, *, language: str = "python", name: str = "mtorkin_odes"
) -> str:
    """Return the equations as a file of ``python`` or ``matlab`` [nM, min].

    Without a protocol, the initial state is the steady state of fed cells; with one, it is that at
    time 0, and later changes stand in a list that the file's example run goes through. `name` is the
    function's, in MATLAB that of the file. Raises DeclarationError for another language, and as
    `sbml_string`.
    """
    if language not in LANGUAGES:
        raise DeclarationError(
            f"no language {language!r}{nearest(language, LANGUAGES)} (there are {', '.join(LANGUAGES)})"
        )
    return "\n".join(LANGUAGES[language][1](parts_of(model, protocol, name))) + "\n"


def write_odes(
    model: Model,
    path: str | os.PathLike[str],
    protocol: Protocol | None = None,
    *,
    language: str | None = None,
) -> Path:
    """Write `odes_string` to a file, atomically; returns the path.

    Without `language`, ``.m`` is MATLAB and ``.py`` Python. Raises DeclarationError, for another
    suffix too, and OSError.
    """
    suffix = Path(path).suffix
    found = {made: name for name, (made, _) in LANGUAGES.items()}
    if language is None and suffix not in found:
        raise DeclarationError(f"{path}: name it .py or .m, or say the language")
    chosen = found[suffix] if language is None else language
    return write_text(path, odes_string(model, protocol, language=chosen, name=Path(path).stem))
