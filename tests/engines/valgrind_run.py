"""A short run of the native engine under valgrind: ``make valgrind SEEDS=3``.

A few seeds of the fuzz (`fuzz.py`) in an interpreter under memcheck. Valgrind has no AVX-512 and tells
programs so, so that the library for AVX2 runs; one lane and many share one source. Python, NumPy
and SciPy make reports of their own, which are counted; only those with a frame in our library fail.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = "_mtorkin_"
# memory from malloc piece by piece, since memcheck does not see into Python's own pools
SURROUNDINGS = ("PYTHONMALLOC=malloc", "OPENBLAS_NUM_THREADS=1", "PYTHONDONTWRITEBYTECODE=1")
HOW = ("--error-limit=no", "--num-callers=40", "--errors-for-leak-kinds=none", "--leak-check=no")


def reports(log: str) -> list[str]:
    """Each error that a log of memcheck holds, with its stack (no unit)."""
    lines = [re.sub(r"^==\d+== ?", "", line) for line in log.splitlines() if line.startswith("==")]
    blocks = "\n".join(lines).split("\n\n")
    return [block for block in blocks if re.search(r"^\s+(at|by) 0x", block, re.MULTILINE)]


def inside(seeds: int) -> None:
    """What runs under valgrind: some seeds, without the fuzz's limit of time."""
    import fuzz

    from mtorkin.engines.native.library import load

    fuzz.LONGEST = float("inf")
    print(f"{load().kind}, {load().lanes} lanes", flush=True)
    for seed in range(seeds):
        fuzz.once(seed)
        print(f"seed {seed}: done", flush=True)


def main(seeds: int) -> int:
    """Run, and print what was found; 1 where it is ours, 2 where valgrind is missing or the run fails."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("valgrind is not installed (Debian: apt install valgrind)", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        child = [sys.executable, __file__, str(seeds), "inside"]
        done = subprocess.run(["env", *SURROUNDINGS, valgrind, *HOW, f"--log-file={log}", *child])
        found = reports(log.read_text(encoding="utf-8", errors="replace"))
    ours = [block for block in found if OURS in block]
    print("\n\n".join(ours))
    print(f"{len(found)} reports, {len(ours)} of them with the native engine in the stack")
    return 1 if ours else 2 if done.returncode else 0


if __name__ == "__main__":
    if "inside" in sys.argv:
        inside(int(sys.argv[1]))
    else:
        sys.exit(main(int(sys.argv[1])))
