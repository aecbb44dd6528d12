"""Writes claims.md and claims/*.svg beside this file: ``python docs/reference/make_claims.py``.

It takes some minutes; figures of claims that are gone are removed.
"""

from pathlib import Path

from claim_figures import draw

from mtorkin.build import build
from mtorkin.claims import evaluate, read_claims
from mtorkin.claims.report import to_markdown
from mtorkin.files import write_text

HERE = Path(__file__).parent
FIGURES = HERE / "claims"

if __name__ == "__main__":
    model, claims = build(), read_claims()
    table = evaluate(model, claims)
    write_text(HERE / "claims.md", to_markdown(table, FIGURES.name))
    drawn = draw(model, claims, table, FIGURES)
    for old in set(FIGURES.glob("*.svg")) - set(drawn):
        old.unlink()
