"""Mutated files for the readers: `python tests/petab_problems/fuzz_readers.py --count 10000`.

Every reader either reads a file or refuses it with an error of ours: no other exception, nothing that
takes longer than a limit, and no more memory than a limit.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small import FILES, FILES_2, written

from mtorkin.errors import MtorkinError
from mtorkin.foreign import sbml_of
from mtorkin.petab.likelihood import readouts
from mtorkin.petab.priors import prior_terms
from mtorkin.petab.reading import read_petab

SLOWEST = 10  # s for one file
MEMORY = 4 * 2**30  # bytes
WORDS = rb"""< > /> " &amp; &#0; &x; <![CDATA[ 1e400 -1 0 nan inf piecewise lambda A
<apply> </apply> <ci>A</ci> <power/> <divide/> <cn>0</cn> time k1 ( ) ** ^ ; : - { [ *a ../x lin log10
estimate id= c -inf true false log-normal log-uniform cauchy more B""".split()
WORDS += [b"\xff", b"\x00", b"\t", b"\n", b"9" * 400, b"<!DOCTYPE a [<!ENTITY x 'y'>]>"]


def mutated(text: bytes, rng: random.Random) -> bytes:
    """One to four changes: words put in, parts lost, doubled or moved, bytes changed."""
    data = bytearray(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        end = min(len(data), at + rng.choice([1, 2, 8, 40, 200]))
        what = rng.randrange(6)
        if what == 0:
            data[at:at] = rng.choice(WORDS)
        elif what == 1:
            data[at:end] = b""
        elif what == 2:
            data[at:at] = data[at:end] * rng.choice([1, 2, 50])
        elif what == 3:
            data[at:end] = rng.choice(WORDS)
        elif what == 4:
            other = rng.randrange(len(data) + 1)
            data[other:other] = data[at:end]
        elif at < len(data):
            data[at] = rng.randrange(256)
    return bytes(data)


TOKEN = re.compile(rb"[A-Za-z0-9_.+-]+")


def swapped(text: bytes, rng: random.Random) -> bytes:
    """One or two words of the file replaced by others of it or by strange ones; the rest stays."""
    for _ in range(rng.randint(1, 2)):
        tokens = list(TOKEN.finditer(text))
        at, other = rng.choice(tokens), rng.choice(tokens)[0]
        text = text[: at.start()] + rng.choice([other, other, rng.choice(WORDS)]) + text[at.end() :]
    return text


def case(rng: random.Random, folder: Path) -> str:
    """Read one mutated problem of either format, and simulate it where it is read; what became of it."""
    files = rng.choice([FILES, FILES_2])
    name = rng.choice(list(files))
    text = rng.choice([mutated, swapped, swapped])(files[name], rng)
    try:
        if name == "model.xml":
            sbml_of(text)
        problem = read_petab(written(folder, files, **{name.replace(".", "_"): text}))
        x = problem.nominal()
        readouts(problem, x)
        prior_terms(problem, x)
    except MtorkinError as error:
        return type(error).__name__
    return "read"


def too_slow(*_: object) -> None:
    raise TimeoutError(f"more than {SLOWEST} s")


def fuzz(count: int, seed: int) -> Counter[str]:
    """Read `count` mutated problems; what became of them. Raises what a reader should not."""
    found: Counter[str] = Counter()
    signal.signal(signal.SIGALRM, too_slow)
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            signal.alarm(SLOWEST)
            try:
                found[case(random.Random(f"{seed} {i}"), Path(folder))] += 1
            except BaseException as error:
                error.add_note(f"mutation {i} of seed {seed}")
                raise
            finally:
                signal.alarm(0)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    began = time.perf_counter()
    found = fuzz(given.count, given.seed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{given.count} files in {time.perf_counter() - began:.0f} s, at most {peak} MiB: {dict(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
