"""Skips what needs the compiled engine where there is no compiler."""

from __future__ import annotations

import pytest

from mtorkin.engines.native.library import missing

needs_native = pytest.mark.skipif(bool(missing()), reason=missing() or "built")
