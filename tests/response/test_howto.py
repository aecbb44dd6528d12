"""The Python on the pages about doses runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to"


@pytest.mark.parametrize("page", ["measure-a-dose-response", "combine-drugs"])
def test_the_python_runs(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), page, "exec"), {})
    assert ("ec50" if page.startswith("measure") else "bliss") in capsys.readouterr().out
