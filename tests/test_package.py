"""The public names are there, are imported when they are used, and keep commands from waiting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import mtorkin as mk
from tests.engines.native_here import needs_native

# a simulation with a table and a figure needs none of these
NOT_NEEDED = (
    *("pandas", "roadrunner", "libsbml", "xarray", "openpyxl", "emcee", "matplotlib.pyplot"),
    *("scipy.integrate", "scipy.optimize", "scipy.special", "scipy.stats"),
    *(
        "mtorkin.cli.fit",
        "mtorkin.fit",
        "mtorkin.claims",
        "mtorkin.export",
        "mtorkin.foreign",
        "mtorkin.petab",
    ),
)

SAME_NAMES = ("simulate", "fit", "build", "cohort", "drugs", "sensitivities")
HEAVY = ("numpy", "pandas", "scipy")


def in_a_new_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def test_each_public_name_has_a_home() -> None:
    assert set(mk.__all__) == set(mk._HOMES)
    assert set(mk.__all__) <= set(dir(mk))
    for name in mk.__all__:
        assert not isinstance(getattr(mk, name), ModuleType), name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'simulat'"):
        _ = mk.simulat  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "first", ["import mtorkin.{0}", "from mtorkin.{0} import {0}", "from mtorkin import {0}"]
)
def test_a_function_is_not_hidden_by_the_module_of_its_name(first: str) -> None:
    # whichever comes first: the module, something in it, or the function
    lines = [line.format(name) for name in SAME_NAMES for line in (first, "import mtorkin.{0}")]
    show = f"print([n for n in {SAME_NAMES!r} if type(getattr(mtorkin, n)).__name__ != 'function'])"
    assert in_a_new_process("\n".join([*lines, show])) == "[]"


def test_the_package_and_the_command_line_import_nothing_heavy() -> None:
    code = f"import mtorkin, mtorkin.cli, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert in_a_new_process(code) == "[]"


@needs_native
def test_a_simulation_imports_what_it_needs_alone(tmp_path: Path) -> None:
    words = ["mtorkin", "simulate", "insulin", "--engine", "native", "--out", str(tmp_path)]
    code = (
        f"import sys\nsys.argv = {words!r}\nfrom mtorkin.cli import main\n"
        f"try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print([m for m in {NOT_NEEDED!r} if m in sys.modules])"
    )
    assert in_a_new_process(code) == "[]"
    assert (tmp_path / "insulin.csv").is_file()
