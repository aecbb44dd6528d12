"""`python -m benchmarks`: measure everything, and write `benchmarks/RESULTS.md`.

    python -m benchmarks                       everything
    python -m benchmarks --peer amici          that peer again; the rest of the page is as stored
    python -m benchmarks --peer own --peer growth
    python -m benchmarks --page                the page alone, from what is stored
    python -m benchmarks --sets 200 --rounds 2 a quick look, in a folder of its own (MTORKIN_BENCH)

Results are stored after each part of a peer (results/bench/<peer>.json), so that an interrupted run
loses one part at most. `--again`: compile the model anew for the peers that do, and time it.
"""

from __future__ import annotations

import argparse
import os
from functools import partial

from benchmarks import environments, page, runs
from benchmarks.measure import Options, measured

SECTIONS = ("own", "growth")


def main() -> None:
    """Run what the arguments say."""
    names = [*(p.name for p in environments.PEERS), *SECTIONS]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--peer", action="append", choices=names, help="only this; may be repeated")
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--again", action="store_true", help="compile for the peers again")
    parser.add_argument("--page", action="store_true", help="only write the page")
    parser.add_argument("--set-up", action="store_true", help="only make the peers' environments")
    given = parser.parse_args()
    os.environ.update(runs.ONE_THREAD)
    options = Options(given.sets, given.rounds, given.again)
    for name in [] if given.page else given.peer or names:
        if given.set_up:
            _prepare(name)
        else:
            _keep(name, _section(name, options))
    if not given.set_up:
        print(f"written: {page.write().relative_to(runs.ROOT)}")


def _prepare(name: str) -> None:
    if name in SECTIONS:
        return
    try:
        environments.ready(environments.named(name))
    except environments.Unavailable as error:
        print(f"{name}: {error}", flush=True)


def _section(name: str, options: Options) -> dict[str, object]:
    print(f"{name}: measuring", flush=True)
    if name == "own":
        from benchmarks import own

        return own.measured(options)
    if name == "growth":
        from benchmarks import growth

        return growth.measured(options)
    return measured(environments.named(name), options, partial(_keep, name))


def _keep(name: str, record: dict[str, object]) -> None:
    runs.write(runs.HOME / f"{name}.json", record)
    page.write()


if __name__ == "__main__":
    main()
