"""Compiles the native engine while a wheel is built or the checkout is installed.

Where that is not possible the wheel is one of plain Python, and the engine "native" says what is
missing.
"""

from __future__ import annotations

import importlib.util
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NativeEngine(BuildHookInterface[Any]):
    """Adds the compiled libraries to a wheel; they use nothing of Python, so any version will do."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and tell which platform the wheel is for."""
        path = Path(self.root) / "mtorkin" / "engines" / "native" / "compile.py"
        spec = importlib.util.spec_from_file_location("mtorkin_compile", path)
        assert spec is not None and spec.loader is not None
        compile = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(compile)
        try:
            made = compile.build()
        except compile.CannotBuild as error:
            self.app.display_warning(f"without the native engine: {error}")
            return
        build_data["artifacts"] += [p.relative_to(self.root).as_posix() for p in made]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
