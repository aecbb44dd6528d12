"""The open book: where in the model each mechanism that the review names lives, and what tests it."""

from mtorkin.book.removal import Removal, removal
from mtorkin.book.rows import HOW, Row, read_rows, rows_of

__all__ = ["HOW", "Removal", "Row", "read_rows", "removal", "rows_of"]
