"""Work that is interrupted from outside: run by test_interrupts.py as a process of its own.

It says on standard output when work is on its way, when an interrupt has stopped it, and whether the
same process can still work. The last work is ended for good.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import mtorkin as mk
from mtorkin.fit.gradients import best_derivatives

BLOTS = Path(__file__).resolve().parents[2] / "examples" / "data" / "breast_cancer_blots.csv"
REST = mk.Protocol(mk.Period(mk.UNTIL_STEADY), mk.Period(0, rapamycin=100))


def say(what: str) -> None:
    print(what, flush=True)


def later(seconds: float) -> None:
    threading.Timer(seconds, lambda: say("working")).start()


def many(model: mk.Model, sets: pd.DataFrame) -> None:
    """Lanes in two threads, for minutes."""
    mk.simulate_many(
        *(model, REST, sets, [0.0, 1440.0]),
        observables=["S6K_pT389"],
        threads=2,
        progress=lambda done, _: say("working"),
    )


def one(model: mk.Model, _: pd.DataFrame) -> None:
    """One simulation with a dose every minute."""
    pulses = (mk.Period(t, rapamycin=100 * (t % 2), insulin=t % 3) for t in range(100_000))
    protocol = mk.Protocol(mk.Period(mk.UNTIL_STEADY), *pulses)
    later(0.5)
    mk.simulate(model, protocol, [100_000.0], "native")


def slopes(model: mk.Model, _: pd.DataFrame) -> None:
    """One call of the compiled engine that takes long: all directions at a tolerance far too small."""
    ids = [id for id, value in model.values.items() if value > 0]
    later(0.5)
    while True:
        mk.sensitivities(model, REST, [4320.0], ids, rtol=1e-10, atol=1e-14, controlled=True)


def fitted(model: mk.Model, _: pd.DataFrame) -> None:
    """A fit, interrupted some time after it has asked for derivatives."""
    asked: list[bool] = []

    def jacobian(*given: object) -> object:
        if not asked:
            asked.append(True)
            later(0.3)
        return best_derivatives(*given)  # type: ignore[arg-type]

    blots = mk.read_blots(BLOTS).select(cell_line="MCF-7")
    mk.fit(model, blots, starts=50, progress=False, jacobian=jacobian)  # type: ignore[arg-type]


WORK: dict[str, Callable[[mk.Model, pd.DataFrame], None]] = {
    "many": many,
    "one": one,
    "slopes": slopes,
    "fit": fitted,
}


def main() -> None:
    model = mk.build()
    factors = np.exp(0.1 * np.random.default_rng(1).standard_normal(100_000))
    sets = pd.DataFrame({"K_insulin": model.values["K_insulin"] * factors})
    for name in sys.argv[1:]:
        say(f"begins {name}")
        try:
            WORK[name](model, sets)
        except KeyboardInterrupt:
            say("stopped")
        threads = threading.active_count()
        seen = mk.simulate_many(model, REST, sets[:9], [0.0, 60.0], observables=["S6K_pT389"], threads=2)
        good = not any(seen.failed.to_numpy().ravel()) and bool(np.isfinite(seen.value).all())
        say("usable" if good and threads == 1 else f"not usable: {threads} threads")
    say("last")
    many(model, sets)


if __name__ == "__main__":
    main()
