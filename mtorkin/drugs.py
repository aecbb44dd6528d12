"""The drugs that the model knows, and which mechanisms bring them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING

from mtorkin.errors import DeclarationError, closest, listed, nearest
from mtorkin.language import Mechanism
from mtorkin.language.mechanism import parameters_named
from mtorkin.mechanisms import ALL, ON_REQUEST
from mtorkin.mechanisms.catalogue import CATALOGUE, Drug, by_name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["bringing", "check_names", "dose_in_blood", "drug_named", "drugs", "mechanisms_of", "on_request"]


def drugs() -> pd.DataFrame:
    """Return one row a drug, by the name by which a period sets it.

    Columns: other names, class, targets, whether the standard model has it (else
    `mtorkin.with_drugs` adds it), molar mass [g/mol; nan where there is none], note.
    """
    import pandas as pd  # here: slow to load, and a simulation does without

    standard = {m.name for m in ALL}
    records = [
        {
            "name": d.name,
            "also_known_as": ", ".join(d.also),
            "class": d.kind,
            "targets": d.targets,
            "in_standard_model": d.name in standard,
            "molar_mass": math.nan if d.molar_mass is None else d.molar_mass,
            "note": d.note,
        }
        for d in CATALOGUE
    ]
    return pd.DataFrame.from_records(records).set_index("name")


def drug_named(name: str) -> Drug:
    """Return a drug by any of its names, whatever the case of letters.

    Raises DeclarationError, with the nearest match, where none has the name.
    """
    known = by_name()
    if name.lower() not in known:
        own = [d.name for d in CATALOGUE]
        other = [n for d in CATALOGUE for n in d.also]
        raise DeclarationError(
            f"no drug {name!r}{nearest(name, [*own, *other])} (there are {listed(own)}: see mtorkin.drugs())"
        )
    return known[name.lower()]


def check_names(names: Iterable[str], inputs: Iterable[str]) -> None:
    """Raise DeclarationError where a name is not one of `inputs` but nearly, or otherwise, a drug's.

    A trade name (RAD001), other letter case and a slip in a drug on request are told with the name by
    which a period sets the drug; what is like no drug is left to whoever knows the protocol.
    """
    known, drug_names, allowed = by_name(), [d.name for d in CATALOGUE], set(inputs)
    for name in names:
        if name in allowed or name in drug_names:
            continue
        if (drug := known.get(name.lower())) is not None:
            raise DeclarationError(f"{name!r} is called {drug.name!r} here: write {drug.name}")
        meant = known.get(closest(name, {*allowed, *drug_names}).lower())
        if meant is not None and meant.name not in allowed:
            raise DeclarationError(
                f"no drug or input {name!r}; did you mean {meant.name!r}? `mtorkin show drugs` and "
                "mtorkin.drugs() list all drugs"
            )


def on_request(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some names that are drugs which the standard model leaves out, each once."""
    absent = {d.name for d in CATALOGUE} - {m.name for m in ALL}
    return tuple(dict.fromkeys(n for n in names if n in absent))


def bringing(id: str) -> str:
    """Return the drug on request that has a parameter or observable of this id; "" where none has."""
    for m in ON_REQUEST:
        if id in {*(p.id for p in parameters_named(m)), *(o.id for o in m.observables)}:
            return m.name
    return ""


def mechanisms_of(names: Iterable[str], present: Iterable[Mechanism]) -> tuple[Mechanism, ...]:
    """Return the mechanisms that some drugs need beside those that are present, in order.

    A prodrug, and a drug given to a patient or a mouse, bring the one that acts on cells. Raises
    DeclarationError for an unknown drug, and where one drug would come out of two bloodstreams.
    """
    wanted = {m.name: m for m in present}
    added: list[Mechanism] = []
    for drug in map(drug_named, names):
        for one in (drug_named(drug.reaches), drug) if drug.reaches else (drug,):
            if one.name not in wanted:
                wanted[one.name] = one.mechanism
                added.append(one.mechanism)
    given = [d for d in CATALOGUE if d.litres is not None and d.name in wanted]
    for i, one in enumerate(given):
        for other in given[:i]:
            if other.reaches == one.reaches:
                raise DeclarationError(
                    f"{other.name} and {one.name} both bring {one.reaches} to the cells: "
                    "a model has one bloodstream a drug; make a model for each"
                )
    return tuple(added)


def dose_in_blood(name: str, *, mg: float) -> float:
    """Return a dose [nM] as a period sets it, spread over the apparent volume of blood.

    `name` is that of a drug given to a subject, such as ``everolimus_oral_human``; `mg` is the dose
    [mg; of a mouse, mg per kg]. Raises DeclarationError for other drugs, and for a dose that is no
    finite number from 0 up.
    """
    drug = drug_named(name)
    if drug.litres is None or drug.molar_mass is None:
        allowed = [d.name for d in CATALOGUE if d.litres is not None]
        raise DeclarationError(
            f"{drug.name} is given to cells, in nM, not to a subject; in mg are given {', '.join(allowed)}"
        )
    if not (isinstance(mg, Real) and math.isfinite(mg) and mg >= 0):
        raise DeclarationError(f"{drug.name}: a dose is a finite number of mg from 0 up, not {mg!r}")
    return mg * 1e6 / (drug.molar_mass * drug.litres)
