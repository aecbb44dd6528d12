"""How an engine says that it could not go on."""

from __future__ import annotations

from mtorkin.arrays import Array
from mtorkin.errors import SimulationError


class Stopped(SimulationError):
    """An integration ended at `time` [min of its period] with the concentrations `y` [nM]."""

    def __init__(self, why: str, time: float, y: Array) -> None:
        super().__init__(why)
        self.why = why
        self.time = time
        self.y = y
