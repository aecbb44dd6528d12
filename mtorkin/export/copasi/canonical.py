"""COPASI's file without what differs from run to run: the date, and the order of annotations.

COPASI orders annotations by where they lie in memory, and writes the time at which it wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["canonical"]

_DATE = re.compile(r"^(<!-- generated with COPASI .*?) at \S+Z -->$", re.MULTILINE)
_BLOCK = re.compile(
    r"(<rdf:Description rdf:about=[^>]*>\n)(.*?)(^ *</rdf:Description>\n *</rdf:RDF>$)",
    re.MULTILINE | re.DOTALL,
)
_SOURCE = re.compile(r'<SBMLReference file="[^"]*">')
# without its list of databases COPASI does not know its own name for this one
_SBO = "urn:miriam:unknown:SBO:"


def canonical(text: str) -> str:
    """Return a COPASI file's text, the same for the same model."""
    text = _DATE.sub(r"\1 -->", text).replace(_SBO, "urn:miriam:obo.sbo:SBO:")
    text = _SOURCE.sub('<SBMLReference file="">', text)
    return _BLOCK.sub(lambda m: m[1] + "".join(_ordered(m[2].splitlines(keepends=True))) + m[3], text)


def _ordered(lines: list[str]) -> Iterable[str]:
    """Elements that are indented alike, each with what is in it, in alphabetical order."""
    if not lines:
        return []
    depth = _depth(lines[0])
    parts: list[list[str]] = []
    for line in lines:
        if _depth(line) == depth and not line.lstrip().startswith("</"):
            parts.append([line])
        elif parts:
            parts[-1].append(line)
        else:
            return lines
    inner = (_sorted_within(part) for part in parts)
    return [line for part in sorted(inner) for line in part]


def _sorted_within(part: list[str]) -> list[str]:
    """An element: its first line, what is in it sorted, its last line."""
    if len(part) < 3 or not part[-1].lstrip().startswith("</"):
        return part
    return [part[0], *_ordered(part[1:-1]), part[-1]]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
