"""Where results lie: one JSON file for each peer, written when it is done."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("MTORKIN_BENCH", ROOT / "results" / "bench"))
PAGE = Path(__file__).with_name("RESULTS.md")
# linear algebra and compilers' runtimes: one thread each
ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"),
        *("NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "AMICI_PARALLEL_COMPILE"),
    ),
    "1",
)


def write(path: Path, record: Any) -> None:
    """Write JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_text(json.dumps(record, indent=1), encoding="utf-8")
    os.replace(beside, path)


def read(name: str) -> dict[str, Any] | None:
    """Return the record of a peer or section, or None where there is none."""
    return stored(HOME / f"{name}.json") or None


def stored(path: Path) -> dict[str, Any]:
    """Return a record from its file, an empty one where there is none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def stamp() -> dict[str, str]:
    """When and on what this is run (no unit)."""
    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.2f}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else "unknown processor"


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of Python and of some packages that are installed here."""
    found = {"Python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
