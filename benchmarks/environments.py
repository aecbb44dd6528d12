"""An environment for each peer, `.venv-bench/<peer>`, from `requirements/<peer>.txt`.

A peer that cannot be set up costs its rows, with the reason, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import runs

HERE = Path(__file__).parent
INSTALLING = 3600  # s


class Unavailable(Exception):
    """A peer cannot be set up or run; the message says why."""


@dataclass(frozen=True)
class Peer:
    """An engine that we are compared with.

    `own` says whether it has an environment of its own. `compiles`: it makes machine code of the model with
    a compiler, so that setting it up is measured once, and what it made is kept. `methods` are the kinds of
    gradients that it has, `counts` by how many parameters. `seconds` is how long an order may take.
    """

    name: str
    title: str
    own: bool = True
    compiles: bool = False
    methods: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    seconds: float = 300.0
    loading: float = 1800.0

    @property
    def script(self) -> Path:
        """The worker that runs it."""
        return HERE / "workers" / f"run_{self.name}.py"


OURS = Peer("native", "mtorkin, native engine", own=False)
PEERS = (
    Peer("roadrunner", "libRoadRunner"),
    Peer("bngsim", "bngsim, code generation", compiles=True, methods=("forward",), counts=(30, 75)),
    Peer(
        "amici",
        "AMICI, KLU and AMD",
        compiles=True,
        methods=("forward", "adjoint"),
        counts=(10, 30, 75, 150),
    ),
    Peer("copasi", "COPASI, through basico"),
    Peer("scipy", "SciPy BDF", own=False),
)


def named(name: str) -> Peer:
    """Return the peer of that name."""
    return next(p for p in PEERS if p.name == name)


def folder_of(peer: Peer) -> Path:
    """Where its environment is: our own where it has none."""
    return runs.ROOT / ".venv-bench" / peer.name if peer.own else Path(sys.prefix)


def ready(peer: Peer) -> Path:
    """Return its Python, after setting it up where that has not been done. Raises Unavailable."""
    folder = folder_of(peer)
    python = folder / "bin" / "python"
    if not peer.own:
        return Path(sys.executable)
    wanted = HERE / "requirements" / f"{peer.name}.txt"
    mark = folder / ".ready"
    key = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="utf-8") == key:
        return python
    print(f"{peer.name}: setting up {folder.relative_to(runs.ROOT)}", flush=True)
    log = runs.HOME / "logs" / f"{peer.name}-install.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-r", str(wanted)]
    parallel = {**os.environ, "AMICI_PARALLEL_COMPILE": str(os.cpu_count() or 1)}
    with log.open("w", encoding="utf-8") as out:
        for command in ([sys.executable, "-m", "venv", str(folder)], pip):
            try:
                done = subprocess.run(command, stdout=out, stderr=out, env=parallel, timeout=INSTALLING)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise Unavailable(f"could not be installed: {error}") from error
            if done.returncode:
                raise Unavailable(f"could not be installed: {_reason(log)}")
    mark.write_text(key, encoding="utf-8")
    return python


def _reason(log: Path) -> str:
    """The last line of a log that says what went wrong."""
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    telling = [line for line in lines if re.match(r"(ERROR|error|.*Error):", line)]
    return next(reversed(telling or [line for line in lines if line] or ["no output"]))[:200]


def surroundings(peer: Peer, **more: str) -> dict[str, str]:
    """The variables that its worker sees: one thread, its own tools first, our sources where it has ours."""
    found = {**os.environ, **runs.ONE_THREAD, **more}
    found["PATH"] = os.pathsep.join([str(folder_of(peer) / "bin"), os.environ.get("PATH", "")])
    found["PYTHONPATH"] = "" if peer.own else str(runs.ROOT)
    found["BENCH_CACHE"] = str(scratch_of(peer) / "cache")
    return found


def scratch_of(peer: Peer) -> Path:
    """Where its worker keeps what it compiled."""
    return runs.HOME / "scratch" / peer.name
