"""Writes claims.md beside this file: ``python docs/reference/make_claims.py`` (half a minute)."""

from pathlib import Path

from mtorkin.build import build
from mtorkin.claims import run_claims
from mtorkin.claims.report import to_markdown
from mtorkin.files import write_text

if __name__ == "__main__":
    write_text(Path(__file__).with_name("claims.md"), to_markdown(run_claims(build())))
