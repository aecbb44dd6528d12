"""Files that bring everything along: COPASI files with data, and archives with figures."""

from mtorkin.bundle.copasi import copasi_files, write_copasi
from mtorkin.bundle.omex import write_omex

__all__ = ["copasi_files", "write_copasi", "write_omex"]
