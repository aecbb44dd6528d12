"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mtorkin.cli import command_line

Run = Callable[..., "Done"]
APP = command_line()


class Done:
    """What a command left: exit code, standard output, standard error."""

    def __init__(self, words: tuple[str, ...]) -> None:
        result = CliRunner().invoke(APP, list(words), env={"COLUMNS": "160", "NO_COLOR": "1"})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.code, self.out, self.err = result.exit_code, result.stdout, result.stderr


@pytest.fixture
def run() -> Run:
    """Run a command line in this process; an exception that is not an exit is a failure."""

    def call(*words: object) -> Done:
        return Done(tuple(str(word) for word in words))

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that does not exist yet."""
    return tmp_path / "out"
