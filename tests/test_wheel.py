"""The wheel works without the checkout.

The wheel is built from the source archive (so that is complete too), installed with wheels only
and without extras into an empty environment elsewhere, and its command line is run there in an
empty folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGED = {
    "parameters": "mtorkin/_data/parameters",
    "sbml": "mtorkin/_data/sbml",
    "examples/data": "mtorkin/_data/blots",
}
SHOW_FOLDERS = """
from mtorkin._resources import blots_dir, parameters_dir, sbml_dir
print(parameters_dir(), sbml_dir(), blots_dir(), sep="\\n")
"""

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel and nothing of the checkout."""

    wheel: Path
    prefix: Path

    def run(self, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in `folder`."""
        program = self.prefix / ("Scripts" if os.name == "nt" else "bin") / words[0]
        return subprocess.run(
            [str(program), *words[1:]],
            cwd=folder,
            env=clean(),
            capture_output=True,
            text=True,
            timeout=300,
        )


def clean() -> dict[str, str]:
    """The environment variables without those that lead Python back to the checkout."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    return {key: value for key, value in os.environ.items() if key not in hidden}


def call(*words: str | Path, folder: Path) -> None:
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, env=clean(), capture_output=True, text=True
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    dist, prefix = folder / "dist", folder / "environment"
    call(sys.executable, "-m", "build", "--no-isolation", "--outdir", dist, ROOT, folder=folder)
    (wheel,) = dist.glob("*.whl")
    call(sys.executable, "-m", "venv", prefix, folder=folder)
    python = prefix / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    wheels_only = ["--only-binary", ":all:", "--constraint", ROOT / "constraints.txt"]
    call(*pip, *wheels_only, wheel, folder=folder)
    return Installed(wheel, prefix)


def test_carries_every_table_and_model(installed: Installed) -> None:
    carried = set(zipfile.ZipFile(installed.wheel).namelist())
    for source, target in PACKAGED.items():
        files = [path for path in (ROOT / source).rglob("*") if path.is_file()]
        assert files, f"{source}/ is empty"
        wanted = {f"{target}/{path.relative_to(ROOT / source).as_posix()}" for path in files}
        assert wanted <= carried, sorted(wanted - carried)


def test_finds_its_own_folders(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("python", "-W", "error", "-c", SHOW_FOLDERS, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert Path(line).is_relative_to(installed.prefix), line


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (("--help",), ()),
        (("show",), ()),
        (("simulate", "rapamycin-short", "--out", "x"), ("x",)),
        (("export", "sbml", "--out", "y"), ("y",)),
    ],
    ids=lambda value: "-".join(value) or None,
)
def test_command_line(
    installed: Installed, tmp_path: Path, words: tuple[str, ...], made: tuple[str, ...]
) -> None:
    done = installed.run("mtorkin", *words, folder=tmp_path)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.strip()
    for name in made:
        assert any(path.is_file() for path in [tmp_path / name, *(tmp_path / name).rglob("*")])


def test_bad_input_is_told_in_a_sentence(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("mtorkin", "simulate", "rapamycin-shrt", "--out", "x", folder=tmp_path)
    assert done.returncode == 2
    assert "rapamycin-short" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not list(tmp_path.iterdir())
