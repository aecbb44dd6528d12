"""XML from strangers: read by the standard library's expat, nothing fetched, nothing expanded.

A document type declaration, which is where entities are declared, is refused before anything of it
is used. Size, depth and number of elements are limited, so that what is read stays small.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from mtorkin.foreign.refusal import NotRead

__all__ = ["Node", "file_bytes", "parse"]

LARGEST = 64 * 2**20  # bytes of a file
DEEPEST = 100  # elements within elements
MOST = 2_000_000  # elements
SKIPPED = frozenset({"notes", "annotation"})  # free text, in which nothing that is computed stands


@dataclass(slots=True)
class Node:
    """An element: local `name`, namespace `space`, `texts` before, between and after its children.

    The names of attributes in a namespace are "namespace name".
    """

    name: str
    space: str
    attributes: dict[str, str]
    line: int
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=lambda: [""])

    @property
    def text(self) -> str:
        """All text of the element itself, stripped."""
        return "".join(self.texts).strip()

    def of(self, name: str) -> Iterator[Node]:
        """The children with a name."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        """The first child with a name, if any."""
        return next(self.of(name), None)

    def listed(self, name: str) -> list[Node]:
        """The children of a child, such as those of ``listOfSpecies``."""
        return [each for child in self.of(name) for each in child.children]


def file_bytes(path: str | os.PathLike[str], largest: int = LARGEST) -> bytes:
    """Return what is in a file. Raises NotRead where it is larger than `largest` bytes or not there."""
    try:
        with Path(path).open("rb") as file:
            text = file.read(largest + 1)
    except OSError as error:
        raise NotRead(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # a name with a null byte
        raise NotRead(f"{path!r}: {error}") from error
    if len(text) > largest:
        raise NotRead(f"{path}: larger than {largest} bytes, the most that is read")
    return text


class _Builder:
    """What expat calls."""

    def __init__(self, source: str, parser: expat.XMLParserType) -> None:
        self.source, self.parser = source, parser
        self.root: Node | None = None
        self.stack: list[Node] = []
        self.skipping = 0
        self.count = 0

    def refuse(self, why: str) -> NotRead:
        return NotRead(f"{self.source}:{self.parser.CurrentLineNumber}: {why}")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST:
            raise self.refuse(f"more than {MOST} elements")
        space, _, local = name.rpartition(" ")
        if self.skipping or local in SKIPPED:
            self.skipping += 1
            if self.skipping + len(self.stack) > 10 * DEEPEST:
                raise self.refuse("notes are nested too deeply")
            return
        if len(self.stack) >= DEEPEST:
            raise self.refuse(f"elements are nested deeper than {DEEPEST}")
        node = Node(local, space, attributes, self.parser.CurrentLineNumber)
        if self.stack:
            self.stack[-1].children.append(node)
            self.stack[-1].texts.append("")
        else:
            self.root = node
        self.stack.append(node)

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        else:
            self.stack.pop()

    def text(self, data: str) -> None:
        if not self.skipping and self.stack:
            self.stack[-1].texts[-1] += data

    def doctype(self, *_: object) -> int:
        raise self.refuse("has a document type declaration, which is not read (entities could be in it)")


def parse(text: bytes, source: str) -> Node:
    """Return the root element of an XML text; `source` is its name in errors.

    Raises NotRead where it is not well formed, declares a document type, or is beyond a limit.
    """
    if len(text) > LARGEST:
        raise NotRead(f"{source}: larger than {LARGEST} bytes, the most that is read")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    builder = _Builder(source, parser)
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.text
    for what in ("StartDoctypeDeclHandler", "EntityDeclHandler", "ExternalEntityRefHandler"):
        setattr(parser, what, builder.doctype)
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotRead(
            f"{source}:{error.lineno}: not well-formed XML: {expat.ErrorString(error.code)}"
        ) from None
    except (LookupError, UnicodeError, ValueError) as error:  # an encoding that Python does not know
        raise NotRead(f"{source}: {error}") from None
    assert builder.root is not None
    return builder.root
