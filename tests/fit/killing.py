"""Commands on the stand-in model, killed again and again; run as `python -m tests.fit.killing FOLDER`.

Everything is imported once; then each run of a command is a fork of this process. Files are written
in two halves with a pause between, and every other kill comes when a file has just appeared, so that a
file that is not written atomically is caught half-written. Prints how many kills hit, by command.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from .conftest import FakeModel, fake_run, fake_simulate, quick_many

KILLS, PAUSE, EACH = 10, 0.01, 0.0005
START = {"rate": 0.3, "basal": 0.1, "height": 1.0}


def slow_run(*given: Any) -> Any:
    time.sleep(EACH)
    return fake_run(*given)


def slow_many(*given: Any, **more: Any) -> Any:
    time.sleep(EACH)
    return quick_many(*given, **more)


def slow_text(path: Path, text: str, **_: Any) -> int:
    """In place of Path.write_text: half, a pause, the other half."""
    half = len(text) // 2
    with path.open("w", encoding="utf-8") as out:
        out.write(text[:half])
        out.flush()
        time.sleep(PAUSE)
        return out.write(text[half:])


def slow_savez(path: Path, **arrays: Any) -> None:
    """In place of numpy.savez: the file, cut in the middle for a moment."""
    SAVEZ(path, **arrays)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    time.sleep(PAUSE)
    path.write_bytes(whole)


SAVEZ = np.savez


def pretend() -> None:
    """Put the stand-in model in the place of ours."""
    problem = import_module("mtorkin.fit.problem")
    problem.run = problem.run_near = slow_run  # type: ignore[attr-defined]
    replaced: dict[str, dict[str, Any]] = {
        "mtorkin.fit.summing": {"simulate": fake_simulate},
        "mtorkin.fit.ensemble": {"simulate_many": slow_many, "BLOCK": 10},
        "mtorkin.build": {"with_drugs": lambda model, *_: model},
        "mtorkin.cli.options": {"make_model": lambda *_, **__: FakeModel(START)},
        "mtorkin.plot.fit": {"plot_fit": lambda _, path: path.write_text("a figure")},
        "mtorkin.plot.profile": {"plot_profiles": lambda _, path: path.write_text("a figure")},
    }
    for name, values in replaced.items():
        for attribute, value in values.items():
            setattr(import_module(name), attribute, value)
    Path.write_text = slow_text  # type: ignore[method-assign, assignment]
    np.savez = slow_savez  # type: ignore[assignment]


def begin(words: list[str]) -> int:
    """Run a command in a fork; returns the process."""
    from mtorkin.cli import command_line

    app = command_line()  # here, so that the fork does not import it each time
    child = os.fork()
    if child:
        return child
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    code = 0
    try:
        app(words, standalone_mode=False)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException as error:
        print(f"{words}: {error!r}", file=sys.stderr)
        code = 3
    os._exit(code)


def killed(words: list[str], folder: Path, delay: float, at_a_file: bool) -> bool:
    """Begin a command and kill it after `delay` (s) or at its next file; whether it was still running."""
    before, child, end = files(folder), begin(words), time.monotonic() + delay
    while time.monotonic() < end and not (at_a_file and files(folder) - before):
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def files(folder: Path) -> set[str]:
    """Files that hold results, whole or not; not the folder that tries whether it can be written."""
    found: set[str] = set()
    for place in (folder, *(folder / name for name in ("starts", "profiles", "walkers"))):
        # not rglob, which stumbles over a hidden folder that goes while it looks
        with suppress(FileNotFoundError):
            found.update(f"{place}/{name}" for name in os.listdir(place) if name.endswith((".json", ".npz")))
    return found


def main(folder: Path) -> None:
    """Fit, profile and sample, once in one go and once through ten kills each."""
    pretend()
    chance, hits = random.Random(7), {}
    blots, fit = str(folder / "blots.csv"), str(folder / "whole" / "fit.json")
    free = ["--free", "rate,basal,height", "--engine", "scipy", "--starts", "14"]
    commands = {
        "fit": ["fit", blots, *free, "--seed", "3"],
        "profile": ["profile", fit],
        "sample": ["sample", fit, "--steps", "100", "--walkers", "6"],
    }
    if "emcee" not in sys.modules:
        del commands["sample"]
    for verb, words in commands.items():
        os.waitpid(begin([*words, "--json", "--out", str(folder / "whole")]), 0)
        out = folder / "killed"
        again = [*words, "--json", "--resume", "--out", str(out)]
        hits[verb] = sum(
            killed(again, out, chance.uniform(0.01, 0.12) + i % 2, bool(i % 2)) for i in range(KILLS)
        )
        os.waitpid(begin(again), 0)
    print(json.dumps(hits))


if __name__ == "__main__":
    for package in ("emcee", "arviz_stats"):
        try:
            import_module(package)
        except ImportError:
            break
    main(Path(sys.argv[1]))
