"""XML as a tree of tags, printed the same way everywhere.

Not ElementTree: SBML needs its own namespace both as the default and with a prefix (for units on
numbers), and the printed file is committed, so that its layout must not depend on a library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

__all__ = ["Tag", "document_text", "tag"]


@dataclass(frozen=True)
class Tag:
    """An element: its name, attributes in the order given, and either children or text."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Tag, ...] = ()
    text: str = ""


def tag(name: str, children: Iterable[Tag] = (), text: str = "", /, **attributes: str | None) -> Tag:
    """Return an element; attributes that are None are left out.

    `xmlns_sbml` reads xmlns:sbml, and `stroke__width` stroke-width.
    """
    given = tuple(
        (k.replace("__", "-").replace("_", ":", 1), v) for k, v in attributes.items() if v is not None
    )
    return Tag(name, given, tuple(children), text)


def document_text(root: Tag) -> str:
    """Return the file's text: a declaration, then one element a line, indented by one space."""
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, 0))) + "\n"


def _lines(element: Tag, depth: int) -> Iterator[str]:
    indent = " " * depth
    head = element.name + "".join(f" {k}={quoteattr(v)}" for k, v in element.attributes)
    if element.children:
        yield f"{indent}<{head}>"
        for child in element.children:
            yield from _lines(child, depth + 1)
        yield f"{indent}</{element.name}>"
    elif element.text:
        yield f"{indent}<{head}>{escape(element.text)}</{element.name}>"
    else:
        yield f"{indent}<{head}/>"
