"""Timings against other engines: `make bench`."""
