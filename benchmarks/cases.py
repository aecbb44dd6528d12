"""The networks that are simulated, as files that every engine's worker reads.

A case is fed cells at rest that are given 100 nM rapamycin, followed for 24 h and looked at 97 times.
The start is given as numbers (steady state and dose), so that no engine looks for it; parameter sets
are log-normal about the model's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from benchmarks import runs
from mtorkin import Model, Period, Protocol, build
from mtorkin.arrays import Array
from mtorkin.engines.native.ordering import order_of
from mtorkin.language.expression import Number
from mtorkin.mechanisms import ALL
from mtorkin.network import assemble
from mtorkin.protocol import UNTIL_STEADY, intervals
from mtorkin.sbml import needed, write_rates
from mtorkin.steady import constants_in, dosed, rest

TIMES = np.linspace(0.0, 1440.0, 97)
GRADIENT_TIMES = np.linspace(0.0, 1440.0, 13)
PROTOCOL = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
SIGMA, SEED = 0.3, 3
FEW = 16  # sets that errors are measured on
CHANNELS = (
    *("Akt__T308_u__S473_p", "Akt__T308_p__S473_p", "S6K__T389_p"),
    *("FourEBP1__phospho_none__eIF4E_free", "FourEBP1__phospho_T37_46__eIF4E_free"),
    *("FourEBP1__phospho_none__eIF4E_eIF4E", "FourEBP1__phospho_T37_46__eIF4E_eIF4E"),
    "FourEBP1__phospho_T37_46_S65__eIF4E_free",
)  # species that the objective of a gradient compares with data
MOST_DIRECTIONS = 150
# what the first release had
CORE = (
    *("insulin_receptor", "irs", "pi3k_akt", "tsc_rheb", "ampk_energy", "amino_acids", "mtor_turnover"),
    *("mtorc1", "mtorc2", "deptor", "sites", "s6k", "four_ebp1", "mtorc2_substrates", "foxo", "readouts"),
    *("rapamycin", "Torin1", "S6K_inhibitor", "wortmannin"),
)


@dataclass(frozen=True, eq=False)
class Case:
    """A model that starts at `y0` (species,) [nM], and sets `p` (sets, constants)."""

    name: str
    model: Model
    y0: Array
    p: Array

    def set_model(self, i: int) -> Model:
        """The model with the values of the i-th set."""
        ids = [q.id for q in self.model.network.parameters]
        return self.model.with_values(**dict(zip(ids, self.p[i].tolist(), strict=False)))


def models() -> Mapping[str, Callable[[], Model]]:
    """The networks by name, each made when it is called."""
    return MappingProxyType(
        {
            "full": build,
            "core": lambda: build(tuple(m for m in ALL if m.name in CORE)),
            "explicit": lambda: _explicit("DYNAMIC"),
            "explicit, larger": lambda: _explicit("SITES"),
        }
    )


def _explicit(selection: str) -> Model:
    """A selection of the rules with every mark as a structural site (tests/oracles)."""
    from tests.oracles import subnetwork

    network = assemble(subnetwork.select(getattr(subnetwork, selection)), expand_marks=True)
    whole = build()
    return replace(whole, network=network, values=whole.table.values_for(network))


@cache
def case(name: str, sets: int) -> Case:
    """Return a case with so many parameter sets; the first ones do not depend on how many."""
    model = models()[name]()
    fed, treated = intervals(PROTOCOL, model.network)
    y0 = dosed(model, rest(model, fed)[0], treated)
    p = np.array(constants_in(model, treated))
    factors = np.exp(SIGMA * np.random.default_rng(SEED).standard_normal((sets, len(p))))
    factors[:, len(model.network.parameters) :] = 1.0
    limits = [*(q.at_most for q in model.network.parameters), *(np.inf for _ in model.network.inputs)]
    return started(name, model, y0, np.minimum(p * factors, limits))


def started(name: str, model: Model, y0: Array, p: Array) -> Case:
    """Return the case of a model whose declared start is `y0` [nM]."""
    given = tuple(
        replace(s, initial=Number(float(v))) for s, v in zip(model.network.species, y0, strict=True)
    )
    return Case(name, replace(model, network=replace(model.network, species=given)), y0, p)


def written(name: str, sets: int) -> Path:
    """Write a case for the workers, with its tight reference, where that has not been done; its folder."""
    made = case(name, sets)
    network = made.model.network
    # the order helps dense matrices (libRoadRunner), and who has a sparse solver makes an order of its own
    text = _with_numbers(write_rates(network, order_of(needed(network))), made)
    key = hashlib.sha256(text.encode() + made.p.tobytes() + TIMES.tobytes()).hexdigest()[:16]
    folder = runs.HOME / "cases" / f"{name.replace(', ', '-')}-{key}"
    if (folder / "ids.json").is_file():
        return folder
    from benchmarks import reference  # compiled, and only here

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rates.xml").write_text(text, encoding="utf-8")
    arrays: dict[str, Any] = {"times": TIMES, "gradient_times": GRADIENT_TIMES, "p": made.p, "y0": made.y0}
    arrays["exact"] = reference.species(made, FEW if name == "full" else 4)
    names = reference.strongest(made, CHANNELS, MOST_DIRECTIONS) if name == "full" else []
    if names:
        places = [made.model.equations.species.index(id) for id in CHANNELS]
        arrays["data"] = reference.at_gradient_times(made)[:, places]
        arrays["exact_gradient"] = reference.gradient(made, names, CHANNELS, arrays["data"])
    np.savez(folder / "case.npz", **arrays)
    ids = {
        "name": name,
        "model": hashlib.sha256(text.encode()).hexdigest()[:16],
        "species": list(made.model.equations.species),
        "constants": list(made.model.equations.constants),
        "directions": names,
        "channels": list(CHANNELS),
    }
    runs.write(folder / "ids.json", ids)
    return folder


def _with_numbers(text: str, made: Case) -> str:
    """The document with the numbers of the first set and the start in place of its zeros."""
    equations = made.model.equations
    numbers = dict(zip(equations.constants, made.p[0].tolist(), strict=True))
    numbers |= zip(equations.species, made.y0.tolist(), strict=True)
    for id, number in numbers.items():
        before = f'<parameter id="{id}" value="0"'
        assert text.count(before) == 1, id
        text = text.replace(before, f'<parameter id="{id}" value="{number!r}"')
    return text


def described(folder: Path) -> dict[str, object]:
    """What `written` said of a case."""
    return dict(json.loads((folder / "ids.json").read_text(encoding="utf-8")))
