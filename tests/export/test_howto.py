"""What the how-to shows, runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mtorkin.export.check import sbml_messages

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_examples_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "use-the-sbml-elsewhere.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    # the table of agreement has its own tests, and takes a while
    script = "\n".join(b for b in blocks if "agreement_table" not in b)
    assert "write_sbml" in script and "RoadRunner" in script
    shutil.copytree(ROOT / "sbml", tmp_path / "sbml")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    for name in ("rictor_low.xml", "rictor_low_rapamycin.xml"):
        assert sbml_messages((tmp_path / name).read_text(encoding="utf-8")) == ()
