"""Random networks, numbers and protocols for the native engine: ``make fuzz MINUTES=10``.

Each seed makes a network with rates of every kind that can be written, sets of which every other one
has numbers that no model has (nan, infinities, 1e300, negative), and a protocol of which some values
are as bad. Nothing may crash or hang; each set ends with a status, what is done is finite, and the
other sets have the bits that they have without the bad ones. The tables are those that the package
makes of the networks: the compiled part trusts them.
"""

from __future__ import annotations

import faulthandler
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from toy import ALL, VALUES, model_of, oscillator, switch

from mtorkin.engines.native.following import Direction, follow
from mtorkin.engines.native.kernels import evaluate
from mtorkin.engines.native.library import load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, carry_out
from mtorkin.language import (
    NOTHING,
    Bind,
    Change,
    Expr,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
    molecule,
)
from mtorkin.many import simulate_many
from mtorkin.many.planning import plan_of
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.steady import declared_state

Random = np.random.Generator
ODD = np.array([np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, -1e-300, -1.0, 0.0, 5e-324, 1e308])
LONGEST = 60.0  # s for one seed, on a machine that others use too
STEPS = 500


def network(random: Random) -> Model:
    """A model of a few molecules that turn, bind, come and go at rates of every form."""
    kind = random.integers(8)
    if kind < 3:
        return (lambda: model_of(ALL, VALUES), switch, oscillator)[kind]()
    molecules = [molecule(f"M{i}", sites={"state": ("off", "on")}) for i in range(random.integers(1, 7))]
    K, drive = Parameter("K", "nM"), Input("drive", "1", 1.0, "an input")
    values = {"K": float(np.exp(random.normal(1, 2)))}

    def share(depth: int) -> Expr:
        """A number without unit, of anything there is."""
        m = molecules[random.integers(len(molecules))]
        on, total = m(state="on").total, m().total
        leaves = (on / K, total / (K + on), hill(total, K, int(random.integers(1, 6))), 1 * drive, drive + 1)
        if depth == 0 or random.random() < 0.3:
            return leaves[random.integers(len(leaves))]
        a, b = share(depth - 1), share(depth - 1)
        forms = (
            a + b,
            a * b,
            1 / (1 + a),
            a / (b + 0.5),
            a - b,
            (1 + a) ** int(random.integers(2, 5)),
            a / b,
        )
        return forms[random.integers(len(forms))]

    def rate(id: str, unit: str = "1/min") -> Expr:
        values[id] = float(np.exp(random.normal(-2, 2)))
        k = Parameter(id, unit)
        return k if random.random() < 0.4 else k * share(int(random.integers(3)))

    rules: list[Make | Change | Remove | Bind] = []
    for i, m in enumerate(molecules):
        values[f"M{i}_abundance"] = float(np.exp(random.normal(2, 2)))
        rules.append(Change(f"{i} on", m(state="off") >> m(state="on"), rate(f"k_on{i}")))
        rules.append(Change(f"{i} off", m(state="on") >> m(state="off"), rate(f"k_off{i}")))
        if random.random() < 0.5:
            rules.append(Make(f"{i} made", m(), rate(f"k_make{i}", "nM/min")))
            rules.append(Remove(f"{i} lost", m() >> NOTHING, rate(f"k_loss{i}")))
    seen = [Observable(f"share{i}", K * share(2), "something") for i in range(2)]
    seen.append(Observable("all", molecules[0]().total, "the first molecule"))
    return model_of([Mechanism.of("fuzz", "", rules, observables=seen)], values)


def protocol(random: Random, model: Model) -> Protocol:
    """Periods that set some inputs, at times that may lie close together or far apart."""
    names = list(model.inputs.index)
    starts = np.unique(np.round(np.exp(random.normal(2, 3, random.integers(0, 5))), 3))
    periods = [Period(UNTIL_STEADY)] if random.random() < 0.6 else []
    for start in starts.tolist():
        given = {n: float(np.exp(random.normal(0, 2))) for n in names if random.random() < 0.7}
        periods.append(Period(start, **given))
    return Protocol(*periods)


def plan(random: Random, model: Model) -> Plan:
    """The plan of a random protocol, in which some values are odd."""
    times = np.unique(np.round(np.exp(random.normal(2, 3, random.integers(1, 12))), 4))
    rtol = float(10 ** random.uniform(-9, -2))
    found = plan_of(model, protocol(random, model), times, rtol, rtol * 1e-3, bool(random.random() < 0.2))
    inputs, doses = found.inputs.copy(), found.doses
    if random.random() < 0.2 and inputs.size:
        inputs.flat[random.integers(inputs.size)] = random.choice(ODD)
    if random.random() < 0.2:
        doses = tuple((i, float(random.choice(ODD))) for i, _ in doses)
    return replace(found, inputs=inputs, doses=doses, most_steps=STEPS, negative=1e-3)


def odd_sets(random: Random, model: Model, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Constants and starts of `count` sets; every other one is odd."""
    p = np.array([*model.values.values(), *(i.default for i in model.network.inputs)])
    sets = p * np.exp(random.normal(0, 1, (count, len(p))))
    starts = np.tile(declared_state(model), (count, 1))
    for i in range(1, count, 2):
        places = random.integers(len(p), size=random.integers(1, 4))
        sets[i, places] = random.choice(ODD, size=len(places))
        if random.random() < 0.3:
            starts[i, random.integers(starts.shape[1])] = random.choice(ODD)
    return sets, starts


def once(seed: int) -> None:
    """Try one seed. Raises AssertionError where something does not hold."""
    random, began = np.random.default_rng(seed), time.monotonic()
    model = network(random)
    e = model.equations
    how, call = plan(random, model), load().many
    sets, starts = odd_sets(random, model, int(random.integers(2, 3 * load().lanes)))
    found = carry_out(call, tables(e), how, sets, starts, True, True)
    assert np.all(found.status > 0), "a set has no status"
    assert found.species is not None and found.observed is not None
    assert np.isfinite(found.species[found.status == 1]).all(), "done, and not finite"
    if not how.shared:
        good = slice(0, None, 2)
        alone = carry_out(call, tables(e), how, sets[good], starts[good], True, True)
        assert alone.species is not None and alone.observed is not None
        assert found.species[good].tobytes() == alone.species.tobytes(), "a neighbour was harmed"
        assert found.observed[good].tobytes() == alone.observed.tobytes(), "a neighbour was harmed"
        assert np.array_equal(found.status[good], alone.status)
    _rates(random, model, sets)
    _slopes(random, model, how, sets, starts)
    _table(random, model)
    assert time.monotonic() - began < LONGEST, "it took too long"


def _rates(random: Random, model: Model, sets: np.ndarray) -> None:
    """Rates are those of the equations, where these have a value."""
    e = model.equations
    y, p = np.exp(random.normal(0, 2, len(e.species))), sets[0]
    ours = evaluate(e, y[None], p[None])[0][0]
    try:
        theirs, flows = e.rhs(y, p.tolist()), np.abs(np.array(e.rates(y.tolist(), p.tolist())))
    except ArithmeticError:
        return
    scale = abs(e.stoichiometry) @ flows
    fine = np.isfinite(theirs) & np.isfinite(scale)
    assert np.all(np.abs(ours - theirs)[fine] <= 1e-8 * scale[fine] + 1e-300), "a rate is another"


def _slopes(random: Random, model: Model, how: Plan, sets: np.ndarray, starts: np.ndarray) -> None:
    """Sensitivities of any set by a few constants end, too."""
    i, count = int(random.integers(len(sets))), len(model.equations.constants)
    by = random.integers(count, size=random.integers(1, 5))
    directions = [Direction(constant=int(c), scale=float(sets[i, c])) for c in np.unique(by)]
    slopes = np.zeros((len(directions), starts.shape[1]))
    controlled = bool(random.random() < 0.5)
    found, seen = follow(model.equations, how, sets[i], starts[i], directions, slopes, controlled)
    assert found.status[0] > 0
    assert seen.shape == (len(how.times), len(directions), starts.shape[1])


def _table(random: Random, model: Model) -> None:
    """A user's table with odd numbers: each set has numbers or a reason."""
    ids = list(random.permutation(list(model.values)))[: random.integers(1, 4)]
    rows = np.tile([model.values[id] for id in ids], (5, 1))
    rows[1::2] = random.choice(ODD, size=rows[1::2].shape)
    found = simulate_many(
        *(model, protocol(random, model), pd.DataFrame(rows, columns=ids), [1.0, 30.0]),
        threads=int(random.integers(1, 3)),
    )
    failed = found.failed.to_numpy()[:, 0] != ""
    values = found.value.to_numpy()
    assert np.isfinite(values[~failed]).all() and np.isnan(values[failed]).all()


def main(minutes: float, seed: int) -> int:
    """Try seeds from `seed` on until the time is over; 1 where one fails."""
    faulthandler.enable()
    until, first = time.monotonic() + 60 * minutes, seed
    while time.monotonic() < until:
        faulthandler.dump_traceback_later(4 * LONGEST, exit=True)  # hangs
        try:
            once(seed)
        except Exception:
            print(f"seed {seed}", file=sys.stderr)
            raise
        seed += 1
        if (seed - first) % 100 == 0:
            print(f"{seed - first} seeds, the last {seed - 1}", flush=True)
    print(f"{seed - first} seeds from {first} on: nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
