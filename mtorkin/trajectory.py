"""What a simulation returns: concentrations of species and values of observables over time."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtorkin.antibodies import observable_of
from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError, nearest
from mtorkin.protocol import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Trajectory"]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Values over `times` [min], shape (times,).

    `species_values` [nM] has shape (times, species) in the order of `species`; `observable_values`
    [their own units, mostly nM] shape (times, observables) in the order of `observables`; `inputs`
    the stretches of constant inputs. ``traj["S6K_pT389"]`` is one observable or species, shape
    (times,); a lab's name of an observable (``traj["p-p70S6K (T389)"]``, rodent numbering) gives it
    with a warning that says how it was read. At the start of a period the values are those before
    its inputs act. Arrays are read-only.
    """

    times: Array
    species: tuple[str, ...]
    species_values: Array
    observables: tuple[str, ...]
    observable_values: Array
    inputs: tuple[Interval, ...]

    def __post_init__(self) -> None:
        for values in (self.times, self.species_values, self.observable_values):
            values.flags.writeable = False

    def __getitem__(self, id: str) -> Array:
        name, note = resolved(id, (*self.observables, *self.species))
        if note:
            warnings.warn(note, stacklevel=2)
        if name in self.observables:
            return self.observable_values[:, self.observables.index(name)]
        return self.species_values[:, self.species.index(name)]

    def __contains__(self, id: object) -> bool:
        return id in self.observables or id in self.species

    def __len__(self) -> int:
        return len(self.times)

    def __repr__(self) -> str:
        span = f"{self.times[0]:g} to {self.times[-1]:g} min"
        return f"Trajectory({len(self)} times, {span}, {len(self.observables)} observables)"

    def to_frame(self, species: bool = False) -> pd.DataFrame:
        """Return the observables, and the species if asked, as columns [nM]; the index is time [min]."""
        import pandas as pd  # here: slow to load, and a simulation does without

        index = pd.Index(self.times, name="time")
        frame = pd.DataFrame(self.observable_values, index=index, columns=list(self.observables))
        if not species:
            return frame
        more = pd.DataFrame(self.species_values, index=index, columns=list(self.species))
        return pd.concat([frame, more], axis=1)


def resolved_all(ids: Iterable[str], allowed: tuple[str, ...], what: str) -> tuple[str, ...]:
    """Return the ids that names stand for, each once, with a warning where a name is not the id (no unit).

    Raises DeclarationError for one name instead of a list, for none, and for unknown ones.
    """
    if isinstance(ids, str):
        raise DeclarationError(f"{what} is {ids!r}; give a list: [{ids!r}]")
    found = [resolved(id, allowed) for id in ids]
    if not found:
        raise DeclarationError(f"no {what} are asked for; name at least one, or leave it out for all")
    for note in dict.fromkeys(note for _, note in found if note):
        warnings.warn(note, stacklevel=3)
    return tuple(dict.fromkeys(id for id, _ in found))


def resolved(id: str, allowed: tuple[str, ...]) -> tuple[str, str]:
    """Return the id that a name stands for, and a note where it is not that id (no unit).

    An id of the network goes before other names. Raises DeclarationError where there is none.
    """
    if id in allowed:
        return id, ""
    found = observable_of(str(id))
    if found is not None and found[0] in allowed:
        return found
    read = f" ({found[1]})" if found is not None and found[1] else ""
    raise DeclarationError(
        f"no observable or species {id!r}{read}{nearest(str(id), allowed)} "
        "(see .observables and .species for all)"
    )
