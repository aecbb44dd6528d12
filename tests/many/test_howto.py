"""The Python on the page about many sets runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engines.native_here import needs_native

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "simulate-many.md"


@needs_native
def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), PAGE.name, "exec"), {})
    shown = capsys.readouterr().out
    assert "quantile" in shown and "insulin@0" in shown
