"""What a card says of the review: its rows that point at the thing, and the claims that test them."""

from __future__ import annotations

from dataclasses import replace

from mtorkin.book import rows_of
from mtorkin.cli.cards import Card

TITLE = "Mechanisms that the review names"


def with_rows(card: Card) -> Card:
    """Return a card with a table of the rows of the book that point at its name, where there are any."""
    rows = [
        {"no.>": row.number, "mechanism": row.mechanism, "as": row.how, "claims": ", ".join(row.claims)}
        for row in rows_of(card.name)
    ]
    return replace(card, tables={**card.tables, TITLE: rows}) if rows else card
