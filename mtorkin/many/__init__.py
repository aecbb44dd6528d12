"""Many parameter sets under many protocols at once."""

from mtorkin.many.simulating import simulate_many

__all__ = ["simulate_many"]
