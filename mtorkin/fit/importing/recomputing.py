"""What normalised columns should be: recomputed from the raw ones, and copies found.

A normalised block is, column by column, the raw one divided by its mean and, often, by a loading
control that was divided by its mean. Which loading control, the numbers say, whatever the title
says; and a column that is the normalised form of another antibody was copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mtorkin.arrays import Array
from mtorkin.fit.importing.reading import not_measured

if TYPE_CHECKING:
    from mtorkin.fit.importing.stacked import Block

__all__ = ["explain"]

MEAN = ""  # divided by the mean of the blot and by no loading control
TOLERANCE = 1e-6
Raw = Mapping[tuple[str, str], Array]


def explain(block: Block, raw: Sequence[Block]) -> tuple[list[str], list[str], str]:
    """Return notes on a normalised block, doubts about it, and the loading control it was divided by.

    The name is "" where the block was divided by the blot's mean alone, or follows no rule.
    """
    known: dict[tuple[str, str], Array] = {}
    for source in raw:
        if source.labels == block.labels:
            known |= {(c.antibody, c.replicate): _numbers(c.cells) for c in source.columns}
    given = {(c.antibody, c.replicate): _numbers(c.cells) for c in block.columns}
    votes = Counter(
        divisor
        for key, values in given.items()
        if key in known
        for divisor in _divisors(values, known[key], known, key[1])
    )
    if not votes:
        return [], [f"the block {block.title!r} does not follow from the raw values; it is not used"], ""
    divisor = max(votes, key=lambda name: votes[name])
    what = f"the block {block.title!r} is the raw one divided by each blot's mean"
    doubts = list(_strangers(block, given, known, divisor))
    if divisor != MEAN:
        what += f" and by {divisor}"
        if not any(word in block.title.lower() for word in divisor.lower().split()):
            doubts.insert(0, f"{what}: it is mislabelled, since its title does not say {divisor}")
    return [what], doubts, divisor


def _numbers(cells: Sequence[str]) -> Array:
    return np.array([np.nan if not_measured(cell) else float(cell.lstrip("<>≤≥ ")) for cell in cells])


def _share(values: Array) -> Array:
    """Values over their mean; an empty column stays empty."""
    if np.all(np.isnan(values)):
        return values
    shares: Array = values / np.nanmean(values)
    return shares


def _same(one: Array, other: Array) -> bool:
    both = ~np.isnan(one) & ~np.isnan(other)
    return both.sum() >= 3 and bool(np.allclose(one[both], other[both], rtol=TOLERANCE, atol=0))


def _form(raw: Array, known: Raw, divisor: str, replicate: str) -> Array:
    """The raw column as the rule of the block makes it."""
    if divisor == MEAN:
        return _share(raw)
    form: Array = _share(raw) / _share(known[divisor, replicate])
    return form


def _divisors(values: Array, raw: Array, known: Raw, replicate: str) -> Iterator[str]:
    """Every loading control (or the mean alone) by which `values` follow from `raw`."""
    for divisor in (MEAN, *dict.fromkeys(name for name, _ in known)):
        if divisor != MEAN and (divisor, replicate) not in known:
            continue
        if _same(values, _form(raw, known, divisor, replicate)):
            yield divisor


def _strangers(
    block: Block, given: Mapping[tuple[str, str], Array], known: Raw, divisor: str
) -> Iterator[str]:
    """A note for every column of a block that is another's, or follows from nothing."""
    for (antibody, replicate), values in given.items():
        if np.all(np.isnan(values)) or (divisor != MEAN and (divisor, replicate) not in known):
            continue
        own = known.get((antibody, replicate))
        if own is not None and _same(values, _form(own, known, divisor, replicate)):
            continue
        others = [
            name
            for (name, of), raw in known.items()
            if of == replicate and name != antibody and _same(values, _form(raw, known, divisor, replicate))
        ]
        where = f"in the block {block.title!r}, {antibody}, replicate {replicate}"
        if others:
            yield f"{where}, is a copy of {others[0]}; what is read are the raw values, which differ"
        else:
            yield f"{where}, does not follow from its raw values; the raw ones are read"
