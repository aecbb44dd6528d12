"""`python -m benchmarks.fits DATA`: fits of others' problems, ours and by peers in the same run.

    python -m benchmarks.fits DATA                       everything
    python -m benchmarks.fits DATA --only Boehm          problems with that in their name
    python -m benchmarks.fits DATA --tool mtorkin        ours again; the rest of the page is as stored
    python -m benchmarks.fits DATA --page                the page alone

DATA is the folder with `petab_benchmarks` and `breast_cancer_blots`, which the project does not ship.
What a tool found is stored when it is done (results/bench/fits), and the page written from it:
docs/reference/fits-of-others.md.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from benchmarks import runs
from benchmarks.environments import Unavailable
from benchmarks.fits import page, peers
from benchmarks.fits.cases import CASES, COPASI, OURS, PYPESTO, Case, order, ours

LIMIT = 3600.0  # s on the clock for all starts of a peer


def measured(case: Case, tool: str, data: Path, starts: int, seed: int) -> dict[str, Any]:
    """Run a tool's starts on a problem; a record with the reason where it has none."""
    record: dict[str, Any] = {"case": case.name, "tool": tool, **runs.stamp(), "seed": seed, "why": ""}
    try:
        if tool == OURS:
            found = list(ours(case, data, starts, seed))
        else:
            peer = peers.PYPESTO if tool == PYPESTO else peers.COPASI
            name = page.key(case.name, tool)
            found, record["why"] = peers.run(peer, name, order(case, tool, data, starts, seed), LIMIT)
        record |= {**found[0], "starts": found[1:]}
    except Unavailable as error:
        record |= {"why": str(error), "starts": []}
    return record


def main() -> None:
    """Run what is asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="part of a problem's name")
    parser.add_argument("--tool", action="append", choices=[OURS, PYPESTO, *COPASI], help="only this")
    parser.add_argument("--starts", type=int, default=20, help="at most so many starts of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page", action="store_true", help="only write the page")
    given = parser.parse_args()
    os.environ.update(runs.ONE_THREAD)
    for case in CASES if not given.page else ():
        for tool, starts in {OURS: given.starts, **case.tools}.items():
            if given.only not in case.name or tool not in (given.tool or [tool]):
                continue
            print(f"{case.name}: {tool}", flush=True)
            record = measured(case, tool, given.data, min(starts, given.starts), given.seed)
            runs.write(page.HOME / f"{page.key(case.name, tool)}.json", record)
            print("  " + " | ".join(page.row(case, record)), flush=True)
            page.write()
    print(f"written: {page.write()}")


if __name__ == "__main__":
    main()
