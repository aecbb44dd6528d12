"""The Python in README.md runs as it is written."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_ten_lines_run() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    last = printed.getvalue().splitlines()[-1].split()
    assert float(last[0]) == 1440
    assert float(last[-1]) <= 40, "mTORC2 after a day in rapamycin, % of the untreated cell"
