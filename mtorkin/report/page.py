"""A page of HTML that needs nothing but itself: text, tables, and figures as SVG inside it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from matplotlib.figure import Figure

from mtorkin.plot.style import save, styled
from mtorkin.report.look import STYLE

__all__ = ["Section", "bullets", "figure", "note", "page", "paragraphs", "table"]


@dataclass(frozen=True)
class Section:
    """A heading, an id for links, and HTML below it."""

    title: str
    id: str
    body: str


def page(title: str, lead: str, sections: Sequence[Section]) -> str:
    """The whole page; title and lead are text, the bodies of sections HTML."""
    links = " ".join(f'<a href="#{s.id}">{escape(s.title)}</a>' for s in sections)
    parts = [f'<section id="{s.id}">\n<h2>{escape(s.title)}</h2>\n{s.body}\n</section>' for s in sections]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n<nav>{links}</nav>\n{body}\n'
        "</body>\n</html>\n"
    )


def figure(drawn: Figure, caption: str, alt: str) -> str:
    """A figure as it is drawn, inside the page. An image, so that names in figures cannot clash."""
    width = drawn.get_size_inches()[0] * 96
    with tempfile.TemporaryDirectory() as folder, styled():
        from matplotlib import rc_context

        # letters as shapes: the page looks the same where a font is missing
        with rc_context({"svg.fonttype": "path"}):
            data = save(drawn, Path(folder) / "figure.svg").read_bytes()
    source = "data:image/svg+xml;base64," + base64.b64encode(data).decode("ascii")
    text = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{source}" width="{width:.0f}" alt="{escape(alt)}">{text}</figure>'


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a column whose head ends in ">" holds numbers."""
    kinds = [' class="number"' if head.endswith(">") else "" for head in heads]
    top = "".join(f"<th{k}>{escape(h.removesuffix('>'))}</th>" for h, k in zip(heads, kinds, strict=True))
    lines = [
        "<tr>" + "".join(f"<td{k}>{escape(str(c))}</td>" for c, k in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    ]
    return (
        f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )


def paragraphs(*texts: str) -> str:
    """Paragraphs of text."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def bullets(texts: Iterable[str]) -> str:
    """A list of sentences."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def note(text: str) -> str:
    """A sentence to be wary of."""
    return f'<div class="note">{escape(text)}</div>'
