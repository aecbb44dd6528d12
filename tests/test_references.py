"""Every literature key in use has an entry, every entry is in use, and says how far it was checked."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from mtorkin.tables import read_tables

ROOT = Path(__file__).resolve().parents[1]
PARAMETERS = ROOT / "parameters"
BIBLIOGRAPHY = PARAMETERS / "references.bib"

KEY = re.compile(r"\b[A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?\b")
ENTRY = re.compile(r"^@(\w+)\{(\w+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
DOI = re.compile(r"10\.\d{4,9}/\S+")


@dataclass(frozen=True)
class Entry:
    key: str
    fields: dict[str, str]


@cache
def entries() -> tuple[Entry, ...]:
    text = BIBLIOGRAPHY.read_text(encoding="utf-8")
    return tuple(Entry(key, dict(FIELD.findall(body))) for _, key, body in ENTRY.findall(text))


def citing_files() -> list[Path]:
    """Everything that may cite: mechanisms, shared activities, tables, claims, documentation."""
    package = ROOT / "mtorkin"
    return [
        *sorted((package / "mechanisms").glob("*.py")),
        package / "activities.py",
        package / "molecules.py",
        *sorted(PARAMETERS.rglob("*.tsv")),
        *sorted((package / "claims").rglob("*.toml")),
        PARAMETERS / "README.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


@cache
def used() -> dict[str, str]:
    """Key -> the first place that cites it."""
    found: dict[str, str] = {}
    for path in citing_files():
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for key in KEY.findall(line):
                found.setdefault(key, f"{path.relative_to(ROOT).as_posix()}:{n}")
    return found


def test_the_bibliography_is_read_whole() -> None:
    text = BIBLIOGRAPHY.read_text(encoding="utf-8")
    assert len(entries()) == len(re.findall(r"^@", text, re.MULTILINE)) > 0
    assert [key for key, n in Counter(e.key for e in entries()).items() if n > 1] == []


def test_every_key_resolves() -> None:
    known = {e.key for e in entries()}
    missing = [f"{where}: {key}" for key, where in used().items() if key not in known]
    assert not missing, "not in parameters/references.bib: " + "; ".join(missing)


def test_every_entry_is_used() -> None:
    unused = [e.key for e in entries() if e.key not in used()]
    assert not unused, "nothing cites " + ", ".join(unused)


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.key)
def test_an_entry_says_how_far_it_was_checked(entry: Entry) -> None:
    assert re.match(r"(verified|unverified): \w", entry.fields.get("note", "")), entry.key
    year = re.search(r"\d{4}", entry.key)
    assert year is not None and entry.fields["year"] == year.group()
    assert DOI.fullmatch(entry.fields.get("doi", "10.1000/x"))
    assert entry.fields.get("pmid", "1").isdigit()


def test_no_paper_is_there_twice() -> None:
    for name in ("doi", "pmid", "title"):
        values = [e.fields[name].lower() for e in entries() if name in e.fields]
        assert [v for v, n in Counter(values).items() if n > 1] == []


def test_sources_of_numbers_are_keys_and_verified_ones_were_read() -> None:
    notes = {e.key: e.fields["note"] for e in entries()}
    for row in read_tables(PARAMETERS).rows.values():
        if row.source:
            assert row.source in notes, f"{row.where}: {row.source}"
            assert row.locator, f"{row.where}: where in {row.source}?"
        if row.verified:
            assert notes.get(row.source, "").startswith("verified:"), f"{row.where}: {row.parameterId}"


def test_what_a_claim_calls_verified_was_read() -> None:
    notes = {e.key: e.fields["note"] for e in entries()}
    for path in sorted((ROOT / "mtorkin" / "claims").rglob("*.toml")):
        for name, claim in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for key in claim.get("verified", []) if isinstance(claim, dict) else []:
                assert notes.get(key, "").startswith("verified:"), f"{path.name}, {name}: {key}"
