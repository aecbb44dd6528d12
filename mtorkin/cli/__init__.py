"""The command line: one verb a module.

Exit codes: 0 done, 1 the science said no (a claim failed, a fit did not converge), 2 bad input.
Whatever is wrong is one sentence on standard error, and nothing is left half-written.
"""

from __future__ import annotations

import gc
import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from mtorkin.cli.check import check
from mtorkin.cli.claims import claims
from mtorkin.cli.cohort import cohort
from mtorkin.cli.design import design
from mtorkin.cli.dose_response import dose_response
from mtorkin.cli.export_petab import app as export
from mtorkin.cli.fit import fit
from mtorkin.cli.imports import import_
from mtorkin.cli.petab import HELP as PETAB
from mtorkin.cli.petab import petab
from mtorkin.cli.predict import predict
from mtorkin.cli.profile import profile
from mtorkin.cli.report import report
from mtorkin.cli.sample import sample
from mtorkin.cli.sensitivity import sensitivity
from mtorkin.cli.show import show
from mtorkin.cli.simulate import simulate
from mtorkin.cli.synergy import synergy
from mtorkin.errors import MtorkinError

__all__ = ["app", "main"]

BAD_INPUT, INTERRUPTED = 2, 130
# objects between two looks for garbage; with the 700 of Python 3.11, a tenth of a short command goes there
NEW = 20_000


class Verbs(TyperGroup):
    """Turns what mtorkin refuses into a sentence and an exit code, for every verb alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except MtorkinError as error:
            _stop(f"error: {error}", BAD_INPUT)
        except BrokenPipeError:
            raise  # the reader of a pipe went away: typer ends quietly
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _stop(f"error: {where}{error.strerror or error}", BAD_INPUT)
        except KeyboardInterrupt:
            _stop("interrupted", INTERRUPTED)


def _stop(message: str, code: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)


app = typer.Typer(
    cls=Verbs,
    name="mtorkin",
    help="A rule-based kinetic model of mTOR signalling: simulate it, export it, fit it to blots.",
    epilog="Start with: mtorkin show, then mtorkin simulate rapamycin-prolonged --out results",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version as installed

        print(installed("mtorkin"))
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_print_version
    ),
) -> None:
    """The options before a verb."""


app.command()(simulate)
app.command("dose-response")(dose_response)
app.command()(synergy)
app.command()(sensitivity)
app.command()(cohort)
app.command()(claims)
app.add_typer(export, name="export")
app.command()(fit)
app.command()(profile)
app.command()(sample)
app.command()(predict)
app.command()(design)
app.command()(report)
app.command("petab", help=PETAB)(petab)
app.command()(show)
app.command()(check)
app.command("import")(import_)


def main() -> None:
    """Run the command line."""
    gc.set_threshold(NEW)
    app(prog_name="mtorkin")
