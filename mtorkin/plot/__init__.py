"""Figures: matplotlib's object interface on the Agg canvas; nothing is shown, nothing is global."""
