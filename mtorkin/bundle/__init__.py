"""Files that bring everything along: COPASI files with data, and archives with figures."""

from mtorkin.bundle.copasi import copasi_files, write_copasi

__all__ = ["copasi_files", "write_copasi"]
