"""Build the native engine with the system's C++ compiler: ``make native``.

One library for each kind of processor, from the same sources; `mtorkin.engines.native.library`
chooses when it loads. Nothing but the standard library is used here, since `hatch_build.py` runs it
before mtorkin and what it needs are installed.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SOURCES = FOLDER / "src"
COMPILERS = ("c++", "g++", "clang++")
# without -fno-trapping-math compilers keep tests that stop loops from using vectors
COMMON = (
    *("-std=c++17", "-O3", "-fPIC", "-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math"),
    *("-Wall", "-Wextra"),
)
STATIC = ("-static-libstdc++", "-static-libgcc")  # so that a library runs where these are older

# name: flags, doubles in a vector register
X86 = {
    "base": ((), 2),
    "avx2": (("-mavx2", "-mfma"), 4),
    "avx512": (("-mavx2", "-mfma", "-mavx512f", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"), 8),
}
OTHERS = {"base": ((), 2)}


class CannotBuild(Exception):
    """There is no compiler, or it does not accept the sources."""


def library(kind: str) -> Path:
    """Return where the library for a kind of processor is, or would be (no unit)."""
    return FOLDER / f"_mtorkin_{kind}.so"


def fingerprint() -> str:
    """Return a short name of what the sources are now (no unit)."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def compiler() -> str:
    """Return a C++ compiler: that of the variable CXX, or one on the path. Raises CannotBuild."""
    named = os.environ.get("CXX")
    for name in filter(None, (named, *COMPILERS)):
        if found := shutil.which(name):
            return found
    variable = f"CXX={named} is not found" if named else "the variable CXX names none"
    raise CannotBuild(
        f"no C++ compiler: {', '.join(COMPILERS)} are not on the path, and {variable}. "
        "Install one (Debian: apt install g++) and install mtorkin again"
    )


def build(extra: Sequence[str] = ()) -> list[Path]:
    """Build every library that the compiler can; return where they are. Raises CannotBuild."""
    cxx = compiler()
    kinds = X86 if platform.machine().lower() in ("x86_64", "amd64") else OTHERS
    made: list[Path] = []
    problem = ""
    for kind, (flags, lanes) in kinds.items():
        try:
            _one(cxx, library(kind), [*COMMON, *flags, *extra], lanes)
        except CannotBuild as error:
            problem = str(error)
        else:
            made.append(library(kind))
    if not made or library("base") not in made:
        raise CannotBuild(problem)
    return made


def _one(cxx: str, target: Path, flags: list[str], lanes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for count in (1, lanes):
            objects.append(str(Path(folder) / f"{count}.o"))
            macros = [f"-DLANES={count}", f"-DWIDTH={lanes}", f'-DSOURCES="{fingerprint()}"']
            _run([cxx, *flags, *macros, "-c", str(SOURCES / "interface.cpp"), "-o", objects[-1]])
        made = Path(folder) / target.name
        try:
            _run([cxx, *flags, *STATIC, "-shared", *objects, "-o", str(made)])
        except CannotBuild:
            _run([cxx, *flags, "-shared", *objects, "-o", str(made)])
        beside = target.with_suffix(f".{os.getpid()}")
        shutil.copy(made, beside)
        os.replace(beside, target)  # a process that has the old one loaded keeps it


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise CannotBuild(f"{command[0]} cannot be run: {error}") from error
    if done.stderr:
        print(done.stderr, file=sys.stderr)
    if done.returncode:
        raise CannotBuild(f"{' '.join(command)} failed: {done.stderr.strip()[-2000:]}")


def main() -> int:
    """Build, and say what was built; 2 where that is not possible (no unit)."""
    try:
        made = build(sys.argv[1:])
    except CannotBuild as error:
        print(error, file=sys.stderr)
        return 2
    print(f"built {', '.join(path.name for path in made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
