"""The same bytes whatever the machine is set to: hashes, language, time zone, folder."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import mtorkin as mk
from mtorkin.export.sbml import sbml_string
from mtorkin.protocol import NAMED

SCRIPT = """
import hashlib, sys
import mtorkin as mk
from mtorkin.export.sbml import sbml_string
from mtorkin.protocol import NAMED
text = sbml_string(mk.build(context="MCF7"), NAMED["rapamycin-washout"].protocol)
sys.stdout.write(hashlib.sha256(text.encode()).hexdigest())
"""


def test_same_bytes_in_other_surroundings(tmp_path: Path) -> None:
    own = sbml_string(mk.build(context="MCF7"), NAMED["rapamycin-washout"].protocol)
    wanted = hashlib.sha256(own.encode()).hexdigest()
    for seed, zone, language in (("1", "Pacific/Kiritimati", "tr_TR.UTF-8"), ("4242", "UTC", "C")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "LANG": language}
        env["PYTHONPATH"] = os.pathsep.join([str(Path(mk.__file__).parents[1]), env.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == wanted, (seed, zone, language)


def test_the_date_is_that_of_the_version() -> None:
    from mtorkin.export.header import RELEASED

    assert f"<dcterms:W3CDTF>{RELEASED}T00:00:00Z</dcterms:W3CDTF>" in sbml_string(mk.build())
