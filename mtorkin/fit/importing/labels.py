"""What a lane's label says: "MCF-7 15 minutes ins + aa" is 15 min of "MCF-7 ins + aa".

Read only where it can be read in one way: exactly one duration with its unit, and words left over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Label", "read_label"]

UNITS = {
    "s": "s",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
    "min": "min",
    "mins": "min",
    "minute": "min",
    "minutes": "min",
    "'": "min",
    "′": "min",
    "h": "h",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
}
_WORDS = "|".join(sorted((re.escape(word) for word in UNITS), key=len, reverse=True))
DURATION = re.compile(rf"(?<![\w.,-])(\d+(?:\.\d+)?)\s*({_WORDS})(?![\w'′])", re.IGNORECASE)
# a duration of which nobody can say whether it is the lane's time: "30 min rapamycin, 15 min insulin"
LONE_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:\.\d+)?(?!\s*(?:[nuµmp]M|ng|µg|ug|mg|%))(?![\w/-])")


@dataclass(frozen=True)
class Label:
    """A duration as written, with its unit (s, min or h), and the words around it."""

    condition: str
    time: str
    unit: str


def read_label(text: str) -> Label | None:
    """Return what a label says, or None where it can be read in no way or in several.

    Several durations, a bare number beside the duration that is no concentration, and a label that
    is nothing but a duration are left for a person to read.
    """
    found = list(DURATION.finditer(text))
    if len(found) != 1:
        return None
    match = found[0]
    words = " ".join((text[: match.start()] + " " + text[match.end() :]).split()).strip(" ,;:_-")
    if not words or LONE_NUMBER.search(words):
        return None
    return Label(words, match.group(1), UNITS[match.group(2).lower()])
