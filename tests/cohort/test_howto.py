"""What docs/how-to/run-a-cohort.md shows runs, with fewer patients and less time."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-a-cohort.md"


def test_the_blocks_run_one_after_another() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    code = "\n".join(blocks).replace("model, 40,", "model, 4,").replace("14 * 1440", "1440")
    code = code.replace("for rate in (...)", "for rate in (untreated, untreated, untreated)")
    names: dict[str, object] = {}
    exec(code, names)
    assert len(names["table"]) == 8  # type: ignore[arg-type]
    assert names["ab"] == 1
