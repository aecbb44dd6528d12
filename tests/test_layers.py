"""Imports point one way.

The package is a stack of layers; a module imports from the layers below its own and from its own
folder, nothing else. Mechanisms stand beside the stack: they know the language and the molecules,
and only `drugs`, `build`, the command line and the public names know them. A new top-level module fails
this test until it has a place in `LAYERS`.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "mtorkin"

# from the bottom; the members of one line do not import each other
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "errors",
        "files _resources arrays pickles antibodies",
        "language",
        "directed",
        "entities",
        "made parts",
        "closure conservation",
        "resolve",
        "network",
        "equations tables",
        "model",
        "protocol",
        "sbml",
        "engines",
        "settle trajectory",
        "steady",
        "simulate",
        "many",
        "sensitivities foreign",  # models of others, by the same engines
        "export response",
        "fit cohort",
        "petab",
        "plot",
        "molecules",
        "activities",
        "mechanisms",
        "drugs",
        "build",
        "bundle",  # archives with figures and data, of any context
        "book context_tables",
        "claims",  # runs may be in a context, or have more drugs
        "report",
        "cli",
    )
)

# beside the stack: what these import is listed, not ranked, and few know them
ONLY: dict[str, frozenset[str]] = {
    "molecules": frozenset({"errors", "language"}),
    "activities": frozenset({"errors", "language", "molecules"}),
    "mechanisms": frozenset({"errors", "language", "molecules", "activities"}),
}
KNOW_BIOLOGY = frozenset({"drugs", "build", "cli"})

# heavy or replaceable packages, and the only places that may import them
CONFINED: dict[str, tuple[str, ...]] = {
    "libsbml": ("mtorkin.export", "mtorkin.sbml"),
    "roadrunner": ("mtorkin.engines.roadrunner",),
    "antimony": ("mtorkin.export.antimony",),
    "typer": ("mtorkin.cli",),
    "rich": ("mtorkin.cli", "mtorkin.fit.workers", "mtorkin.fit.sampling"),
    "emcee": ("mtorkin.fit.ensemble",),
    "arviz_stats": ("mtorkin.fit.posterior",),
    "matplotlib": ("mtorkin.plot", "mtorkin.report.page"),
    "fides": ("mtorkin.petab.descent",),
    "openpyxl": ("mtorkin.fit",),
    "xarray": ("mtorkin.many", "mtorkin.sensitivities", "mtorkin.fit.prediction", "mtorkin.report"),
    "yaml": ("mtorkin.petab",),
    "threadpoolctl": ("mtorkin.engines.blas",),
}
# test oracles, and what can kill the interpreter: never imported by the package
NEVER = frozenset({"COPASI", "basico", "bionetgen", "petab", "pysb", "sympy", "tellurium"})
ALLOWED = frozenset({*CONFINED, "numpy", "pandas", "scipy"})


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, packages by the name of the folder."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imports(name: str, *, at_run_time: bool = False) -> Iterator[tuple[str, int]]:
    """Every (dotted name, line) imported by a module; `from a import b` as a.b where a module."""
    nodes = _run_time_top_level(tree(name).body) if at_run_time else ast.walk(tree(name))
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(name, node)
            for alias in node.names:
                full = f"{source}.{alias.name}"
                yield (full if full in modules() else source), node.lineno


def _absolute(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = name.split(".")
    if modules()[name].name != "__init__.py":
        package = package[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def _run_time_top_level(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Statements that run when the module is imported (not in functions or TYPE_CHECKING)."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield node
        for field in ("body", "orelse", "finalbody"):
            yield from _run_time_top_level(getattr(node, field, []))


def part(name: str) -> str:
    """The member of `LAYERS` a module belongs to: the second word of its dotted name."""
    words = name.split(".")
    return words[1] if len(words) > 1 else "__init__"


def rank(member: str) -> int:
    return next((i for i, layer in enumerate(LAYERS) if member in layer), len(LAYERS))


def within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


def test_every_module_has_a_layer() -> None:
    known = frozenset().union(*LAYERS) | {"__init__", "__main__"}
    strangers = sorted({part(name) for name in modules()} - known)
    assert not strangers, f"give these a place in LAYERS: {strangers}"


@pytest.mark.parametrize("name", modules())
def test_imports_point_down(name: str) -> None:
    own = part(name)
    if own in {"__init__", "__main__"}:
        return
    wrong = []
    for target, line in imports(name):
        if target.split(".")[0] != "mtorkin":
            continue
        member = part(target)
        if member == own:
            continue
        if member == "__init__":
            if own != "cli":
                wrong.append(f"line {line}: mtorkin itself; import the module that has the name")
        elif own in ONLY:
            if member not in ONLY[own]:
                wrong.append(f"line {line}: {target}; {own} may import {sorted(ONLY[own])}")
        elif member in ONLY and own not in KNOW_BIOLOGY:
            wrong.append(f"line {line}: {target}; mechanisms are passed to build")
        elif rank(member) >= rank(own):
            wrong.append(f"line {line}: {target} is not below {own}")
    assert not wrong, f"{name}: " + "; ".join(wrong)


def test_no_cycles() -> None:
    graph = {
        name: {target for target, _ in imports(name, at_run_time=True) if target in modules()}
        for name in modules()
    }
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("name", modules())
def test_outside_packages(name: str) -> None:
    wrong = []
    for target, line in imports(name):
        top = target.split(".")[0]
        if top in sys.stdlib_module_names or top == "mtorkin":
            continue
        if top in NEVER:
            wrong.append(f"line {line}: {top} is never imported by the package")
        elif top not in ALLOWED:
            wrong.append(f"line {line}: {top} is not a dependency")
        elif top in CONFINED and not within(name, CONFINED[top]):
            wrong.append(f"line {line}: {top} belongs in {', '.join(CONFINED[top])}")
    assert not wrong, f"{name}: " + "; ".join(wrong)
