"""The page of the book is made of its rows, and its links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from mtorkin.book import read_rows

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reference/what-is-in-the-model.md"


def test_it_is_fresh() -> None:
    made = runpy.run_path(str(ROOT / "docs/reference/make_book.py"))
    fresh = made["page"](read_rows(), made["read_models"]())
    assert PAGE.read_text(encoding="utf-8") == fresh, "run python docs/reference/make_book.py"


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\(([^)#]+)", PAGE.read_text(encoding="utf-8"))
    assert links and not [link for link in links if not (PAGE.parent / link).exists()]
