"""Where the files that come with mtorkin are.

A wheel carries the folders `parameters/`, `sbml/` and `examples/data/` inside the package; a
checkout (also one installed with `pip install -e`) has them at its top level.
"""

from __future__ import annotations

from pathlib import Path

from mtorkin.errors import MtorkinError

__all__ = ["blots_dir", "parameters_dir", "sbml_dir"]

_PACKAGE = Path(__file__).resolve().parent


def parameters_dir() -> Path:
    """The folder with the parameter tables. Raises MtorkinError where the install lacks it."""
    return _folder("parameters", "parameters")


def sbml_dir() -> Path:
    """The folder with the generated SBML. Raises MtorkinError where the install lacks it."""
    return _folder("sbml", "sbml")


def blots_dir() -> Path:
    """The folder with the bundled blot tables. Raises MtorkinError where the install lacks it."""
    return _folder("blots", "examples/data")


def _folder(packaged: str, checkout: str) -> Path:
    candidates = (_PACKAGE / "_data" / packaged, _PACKAGE.parent / checkout)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    looked = " and ".join(str(candidate) for candidate in candidates)
    raise MtorkinError(
        f"the folder {packaged!r} that comes with mtorkin is missing: looked at {looked}; "
        "reinstall mtorkin, or run it from a complete checkout"
    )
