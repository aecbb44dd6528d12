"""What CONTRIBUTING.md asks of every file and a machine can see."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 320
LONGEST_FUNCTION = 60

# generated or third-party text, and folders that are not ours
SKIPPED = {".git", "results", "dist", "build", "node_modules"}
TEXT = {".py", ".md", ".toml", ".txt", ".tsv", ".csv", ".xml", ".yaml", ".yml", ".cff", ".bib", ""}
# joined here, so that this file does not break its own rule
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b")
MACHINE = re.compile(r"(?<![\w.:/-])/(home|Users|root|work|opt|mnt|private)/\w|\b[A-Z]:\\Users\\")
HOST = re.compile(r"(index-url|find-links|trusted-host)|(?m:^[^#\n]* @ (https?|file)://)")


def ours(*suffixes: str) -> list[Path]:
    """Every file of the checkout with one of these suffixes, generated folders aside."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if any(p in SKIPPED or p.endswith("cache__") or p.startswith(".venv") for p in parts):
            continue
        if any(p.startswith(".") and p != ".ci" for p in parts[:-1]):
            continue
        if any(p.endswith((".egg-info", "_cache")) for p in parts):
            continue
        if path.is_file() and path.suffix in suffixes:
            found.append(path)
    return found


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


SOURCES = [path for path in ours(".py") if path.is_relative_to(ROOT / "mtorkin")]


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    assert lines <= LONGEST_FILE, f"{shown(path)} has {lines} lines; at most {LONGEST_FILE}"
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long, f"at most {LONGEST_FUNCTION} lines: " + "; ".join(long)


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_modules_say_what_they_are_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), shown(path)


@pytest.mark.parametrize(
    ("pattern", "what"),
    [(UNFINISHED, "unfinished"), (MACHINE, "a path of one machine"), (HOST, "where a pip looks")],
    ids=["unfinished", "machine", "host"],
)
def test_no_file_says(pattern: re.Pattern[str], what: str) -> None:
    here = Path(__file__).resolve()
    found = [
        f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in ours(*TEXT)
        if path != here
        for text in [path.read_text(encoding="utf-8")]
        for match in pattern.finditer(text)
    ]
    assert not found, f"{what}: " + "; ".join(found)
