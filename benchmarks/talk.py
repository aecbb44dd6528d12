"""Orders to a worker in a process of its own, with a limit of time for each."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks import environments, runs
from benchmarks.environments import Peer, Unavailable


class Worker:
    """A running worker. `fresh`: what it compiled before is thrown away."""

    def __init__(self, peer: Peer, case: Path, fresh: bool = False) -> None:
        self.peer = peer
        python = environments.ready(peer)
        scratch = environments.scratch_of(peer)
        if fresh:
            shutil.rmtree(scratch, ignore_errors=True)
        (scratch / "cache").mkdir(parents=True, exist_ok=True)
        log = runs.HOME / "logs" / f"{peer.name}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log.open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            [str(python), "-u", str(peer.script), str(case), str(scratch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environments.surroundings(peer, **({"BENCH_FRESH": "1"} if fresh else {})),
            cwd=scratch,
            start_new_session=True,
        )

    def ask(self, what: str, seconds: float | None = None, **order: Any) -> dict[str, Any]:
        """Return the answer to an order. Raises Unavailable where it fails or takes too long."""
        limit = self.peer.seconds if seconds is None else seconds
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": what, **order}).encode() + b"\n")
            self.process.stdin.flush()
            heard, _, _ = select.select([self.process.stdout], [], [], limit)
            line = self.process.stdout.readline() if heard else b""
        except OSError as error:
            raise Unavailable(f"{what}: the process is gone ({error})") from error
        if not heard:
            self.end()
            raise Unavailable(f"{what}: no answer in {limit:g} s")
        if not line:
            raise Unavailable(f"{what}: the process ended ({self._last_words()})")
        answer: dict[str, Any] = json.loads(line)
        if "failed" in answer:
            raise Unavailable(f"{what}: {answer['failed']}")
        return answer

    def _last_words(self) -> str:
        self.process.wait()
        lines = Path(self.log.name).read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line for line in lines if line.strip()]
        return said[-1][:200] if said else f"exit code {self.process.returncode}"

    def end(self) -> None:
        """End the process and what it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.log):
            if pipe is not None and not pipe.closed:
                with suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
