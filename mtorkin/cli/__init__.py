"""The command line: one verb a module.

Exit codes: 0 done, 1 the science said no (a claim failed, a fit did not converge), 2 bad input.
Whatever is wrong is one sentence on standard error, and nothing is left half-written.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from mtorkin.errors import MtorkinError

__all__ = ["command_line", "main"]

BAD_INPUT, INTERRUPTED = 2, 130
# Objects between two looks for garbage. With the 700 of Python 3.11, a tenth of a command's time goes there;
# a short one makes fewer than the second number, and none of what it makes is worth looking for; `claims`
# makes more, and takes a fifth less time and no more memory so.
NEW, NEW_OF_SHORT, SHORT = 20_000, 500_000, {"simulate", "show", "check", "claims"}
# what is under each name: the module, and the function or group of commands there
VERBS = {
    "simulate": ("simulate", "simulate"),
    "dose-response": ("dose_response", "dose_response"),
    "synergy": ("synergy", "synergy"),
    "sensitivity": ("sensitivity", "sensitivity"),
    "cohort": ("cohort", "cohort"),
    "claims": ("claims", "claims"),
    "export": ("export_petab", "app"),
    "fit": ("fit", "fit"),
    "profile": ("profile", "profile"),
    "sample": ("sample", "sample"),
    "predict": ("predict", "predict"),
    "design": ("design", "design"),
    "report": ("report", "report"),
    "petab": ("petab", "petab"),
    "show": ("show", "show"),
    "check": ("check", "check"),
    "import": ("imports", "import_"),
}


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


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version as installed

        print(installed("mtorkin"))
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_print_version
    ),
) -> None:
    """The options before a verb."""


def command_line(*names: str) -> typer.Typer:
    """Return the command line with some of the verbs, all where none is named.

    Only these are imported: all of them take longer than a short command needs.
    """
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
    app.callback()(_options)
    for name in names or VERBS:
        where, what = VERBS[name]
        module = import_module(f"{__name__}.{where}")
        verb = getattr(module, what)
        if isinstance(verb, typer.Typer):
            app.add_typer(verb, name=name)
        else:
            app.command(name)(verb)
    return app


def main() -> None:
    """Run the command line."""
    first = sys.argv[1:2]
    gc.set_threshold(NEW_OF_SHORT if SHORT.issuperset(first) else NEW)
    app = command_line(*(first if VERBS.keys() >= set(first) else ()))
    try:
        app(prog_name="mtorkin")
    finally:
        gc.freeze()  # what is left goes with the process: to look through it takes a tenth as long again
