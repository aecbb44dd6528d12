"""Fits of others' problems: how many starts reach what is known, and how long one takes."""
