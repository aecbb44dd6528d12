"""Checksums of the files that a fit was made from."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mtorkin.cli import options

if TYPE_CHECKING:
    from mtorkin.fit import FitResult


def noted(result: FitResult, path: Path, conditions: Path | None) -> FitResult:
    """Return a fit with the checksums of its files among its settings."""
    return replace(result, settings={**result.settings, **checksums(options.table_file(path), conditions)})


def checksums(path: Path, conditions: Path | None) -> dict[str, str]:
    """Return sha256 by file name: blots, and their conditions as `read_blots` finds them beside."""
    stems = dict.fromkeys([path.stem, path.stem.removesuffix("_blots")])
    beside = [path.with_name(f"{stem}_conditions{path.suffix}") for stem in stems]
    others = [conditions] if conditions is not None else [each for each in beside if each.is_file()][:1]
    return {f"sha256 {file.name}": hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, *others)}
