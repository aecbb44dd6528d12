"""A model as a COMBINE archive: an experiment a protocol, what should come out, and figures of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mtorkin.errors import DeclarationError, nearest
from mtorkin.export.header import header
from mtorkin.export.omex import Entry, archive, metadata_text
from mtorkin.export.sbml import sbml_string
from mtorkin.export.sedml import Course, Line, Picture, sedml_text
from mtorkin.files import atomic_path
from mtorkin.model import Model
from mtorkin.protocol import NAMED, NamedProtocol, Protocol
from mtorkin.simulate import simulate

__all__ = ["omex_entries", "write_omex"]

STEPS = 480
DAY = 1440.0
JUST_AFTER = 1e-9  # min; tools report at 0 with the dose already acting

README = """# {title}

{about}

For each experiment: `NAME.xml` (the model, SBML L3V1, doses at 0 as initial values and later ones as
events), `NAME.sedml` (SED-ML L1V4: the time course, its report and plots), `expected/NAME.csv` (what
the report should say: time in min, observables in their units, six digits) and `figures/NAME.svg`.

| experiment | what |
|---|---|
{rows}

Expected values are those of mtorkin's scipy engine at tolerances 1e-8 and 1e-10 nM. At the time of a
change, tools report an observable that depends on an input directly either before or after it.
"""


def write_omex(
    model: Model,
    path: str | os.PathLike[str],
    protocols: Protocol | Mapping[str, NamedProtocol] | Sequence[str] | None = None,
) -> Path:
    """Write a model as a COMBINE archive (.omex), atomically; returns the path.

    `protocols` is one protocol, or names of those that have one; without it, all of them. Each is a
    SED-ML file with an SBML file of its own, expected results and a figure. Raises DeclarationError
    for an unknown name and as `write_sbml`, SimulationError where there is no steady state or a
    simulation fails, OSError.
    """
    content = archive(omex_entries(model, protocols))
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    return Path(path)


def omex_entries(
    model: Model, protocols: Protocol | Mapping[str, NamedProtocol] | Sequence[str] | None = None
) -> list[Entry]:
    """Return the files of the archive, the manifest aside; see `write_omex`."""
    named = _named(model, protocols)
    about = header(model, None)
    relations = [(r.qualifier, uri) for r in about.relations for uri in r.uris]
    title, notes = about.title or "mtorkin", about.notes.splitlines()
    rows = "\n".join(f"| {name} | {each.meaning} |" for name, each in named.items())
    said = [notes[0], *notes[3:]]  # less what is so of one file only
    entries = [
        Entry("metadata.rdf", metadata_text(title, said, relations).encode()),
        Entry("README.md", README.format(title=title, about="\n\n".join(said), rows=rows).encode()),
    ]
    for i, (name, each) in enumerate(named.items()):
        entries += _experiment(model, name, each, first=i == 0)
    return entries


def _named(
    model: Model, protocols: Protocol | Mapping[str, NamedProtocol] | Sequence[str] | None
) -> dict[str, NamedProtocol]:
    if isinstance(protocols, Protocol):
        known = next((n for n in NAMED.values() if n.protocol == protocols), None)
        last = max((p.start for p in protocols.periods if isinstance(p.start, float)), default=0.0)
        own = NamedProtocol("protocol", "a protocol of one's own", protocols, (0.0, last + DAY))
        return {(known or own).name: known or own}
    if isinstance(protocols, Mapping):
        return dict(protocols)
    if protocols is None:
        allowed = set(map(str, model.inputs.index))
        return {
            name: each
            for name, each in NAMED.items()
            if {n for p in each.protocol.periods for n, _ in p.inputs} <= allowed
        }
    for name in protocols:
        if name not in NAMED:
            raise DeclarationError(
                f"no protocol {name!r}{nearest(name, NAMED)} (there are: {', '.join(NAMED)})"
            )
    return {name: NAMED[name] for name in protocols}


def _experiment(model: Model, name: str, each: NamedProtocol, *, first: bool) -> list[Entry]:
    # not above: matplotlib takes a second to import
    from mtorkin.bundle.copasi_plots import panels
    from mtorkin.plot.time_course import plot_time_course

    until = max(each.times)
    ids = [o.id for o in model.network.observables]
    pictures = [
        Picture(title, tuple(Line(id, text, colour) for id, text, colour in lines))
        for title, lines in panels(model)
    ]
    sedml = sedml_text(
        f"{name}.xml",
        Course(until, STEPS),
        ids,
        pictures,
        title=name,
        notes=(f"{each.meaning}.", "Times are minutes; observables have the units of the SBML file."),
    )
    times = np.linspace(0.0, until, STEPS + 1)
    times[0] = JUST_AFTER
    found = simulate(model, each.protocol, times.tolist(), rtol=1e-8, atol=1e-10)
    found = replace(found, times=np.linspace(0.0, until, STEPS + 1))
    table = found.to_frame()[ids].to_csv(float_format="%.6g", index_label="time", lineterminator="\n")
    with tempfile.TemporaryDirectory(prefix="mtorkin-") as folder:
        figure = Path(folder, "figure.svg")
        plot_time_course(found, each.protocol, model, path=figure)
        drawn = figure.read_bytes()
    return [
        Entry(f"{name}.sedml", sedml.encode(), master=first),
        Entry(f"{name}.xml", sbml_string(model, each.protocol).encode()),
        Entry(f"expected/{name}.csv", table.encode()),
        Entry(f"figures/{name}.svg", drawn),
    ]
