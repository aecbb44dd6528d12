"""What the fitting commands say of noise, backgrounds and kinds of cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from mtorkin.cli import treatments, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit import Blots, LogNormal, Normal
    from mtorkin.model import Model

KINDS = ("log-normal", "normal")
ALL = "all"


def noise_of(kind: str, sigma: float | None) -> LogNormal | Normal:
    """Return the noise that --noise and --sigma say. Raises DeclarationError for another kind or level."""
    from mtorkin.fit import LogNormal, Normal

    words.known(kind, KINDS, "kind of noise", "see `mtorkin fit --help`")
    if sigma is not None and not (math.isfinite(sigma) and sigma > 0):
        raise DeclarationError(
            f"--sigma {sigma:g}: a noise level is a positive number (0.2: a factor of 1.2, or 20 % of the "
            "mean band); leave --sigma out to find one for each antibody"
        )
    return LogNormal(sigma=sigma) if kind == KINDS[0] else Normal(sigma=sigma)


def offsets(text: str | None, blots: Blots) -> list[str]:
    """Return the antibodies that --offset names; "all" is every one that was blotted."""
    return list(blots.targets) if text == ALL else words.names(text) or []


def given(blots: Blots) -> list[str]:
    """Return what the lanes were given, by the names of inputs."""
    return [name for c in blots.conditions.values() for name in treatments.named(c.protocol)]


def _check_joint(context: str, blots: Blots) -> None:
    """Raise DeclarationError where --joint has nothing to join or --context says otherwise."""
    from mtorkin.build import GENERIC

    if context != GENERIC:
        raise DeclarationError(
            f"--joint takes the context of each cell line, so --context {context} does not go with it"
        )
    if len(blots.cell_lines) < 2:
        raise DeclarationError(
            "--joint: the lanes are all of one kind of cells; leave it out, or name the cells in the column "
            "context of the blots or cell_line of the conditions"
        )


def models_of(context: str, blots: Blots, make: Callable[[str], Model]) -> dict[str, Model]:
    """Return a model for each kind of cells: in the context of that name (MCF-7: MCF7), else generic.

    `make` gives the model of a context; `context` is what --context says. Raises DeclarationError where
    that is another than the generic one, and where the lanes are of one kind of cells.
    """
    from mtorkin.build import GENERIC, contexts, with_drugs
    from mtorkin.drugs import on_request

    _check_joint(context, blots)
    known = {_plain(name): name for name in contexts()}
    drugs = on_request(given(blots))
    return {line: with_drugs(make(known.get(_plain(line), GENERIC)), *drugs) for line in blots.cell_lines}


def unused_context(context: str, blots: Blots) -> str:
    """Return a sentence where blots are of cells that have a context and the model is generic, else ""."""
    from mtorkin.build import GENERIC, contexts

    known = {_plain(name): name for name in contexts()}
    lines = {line: known[_plain(line)] for line in blots.cell_lines if _plain(line) in known}
    if context != GENERIC or len(lines) != 1 or len(blots.cell_lines) != 1:
        return ""
    line, there = next(iter(lines.items()))
    return (
        f"the lanes are of {line}, and the model is of {GENERIC} cells: add --context {there} to begin with "
        f"what is known of {line} (mtorkin show {there})"
    )


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
