"""Expand the sub-network with BioNetGen and compare with the stored result: ``make oracles``.

Exit code 0: the stored result is what BioNetGen makes of today's rules. 1: it was not; it has been
written anew, for you to read and commit. Needs Perl and the ``bionetgen`` wheel, in an environment
of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mtorkin.files import write_text
from tests.oracles.model import STORED, digest, model_text
from tests.oracles.net import Expanded, read_net, stored_text

FIND = (
    "import pathlib, sys, importlib.util as u;"
    "home = pathlib.Path(u.find_spec('bionetgen').origin).parent;"
    "kind = {'darwin': 'mac', 'win32': 'win'}.get(sys.platform, 'linux');"
    "print(home / f'bng-{kind}' / 'BNG2.pl')"
)


def bng2(python: str) -> str:
    """The path of BNG2.pl in the environment of some Python."""
    found = subprocess.run([python, "-c", FIND], check=True, capture_output=True, text=True)
    return found.stdout.strip()


def expand(text: str, script: str) -> Expanded:
    """Let BioNetGen expand a BNGL model."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "subnetwork.bngl"
        source.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["perl", script, source.name], cwd=folder, capture_output=True, text=True, timeout=900
        )
        result = source.with_suffix(".net")
        if done.returncode or not result.exists():
            raise SystemExit(f"BioNetGen failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return read_net(result.read_text(encoding="utf-8"), digest(text))


def main() -> int:
    """Run the oracle; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="a Python that has the bionetgen wheel")
    text = model_text()
    expanded = expand(text, bng2(parser.parse_args().python))
    new = stored_text(expanded)
    size = f"{len(expanded.species)} species, {len(expanded.reactions)} reactions"
    if STORED.exists() and STORED.read_text(encoding="utf-8") == new:
        print(f"BioNetGen: {size}, as stored")
        return 0
    write_text(STORED, new)
    print(f"BioNetGen: {size}; not what was stored, {STORED.name} is written anew", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
