"""Which antibody each name in a foreign file is, and which of them is the loading control."""

from __future__ import annotations

import re
from collections.abc import Collection

from mtorkin.antibodies import observable_of
from mtorkin.errors import TableError, listed, nearest
from mtorkin.fit.importing.choices import IGNORE, LOADING, NONE, Choices, Open
from mtorkin.fit.importing.reading import Reading, is_loading, is_total_protein

__all__ = ["loading_control", "targets_of"]

PREFIX = re.compile(r"^(observable|obs|y)_", re.IGNORECASE)
SHOWN = 8


def targets_of(
    path: str, reading: Reading, choices: Choices, names: Collection[str]
) -> tuple[dict[str, str], list[str]]:
    """Every antibody of the file as a target, `loading` or `ignore`, and what that means in notes."""
    found: dict[str, str] = {}
    notes: list[str] = []
    read: list[str] = []
    unknown: list[str] = []
    present = list(dict.fromkeys(lane.antibody for lane in reading.lanes))
    for name in choices.antibodies:
        if name not in present:
            raise TableError(
                f"antibodies: the file has no {name!r}{nearest(name, present)}; it has {', '.join(present)}"
            )
    sites = {_protein(t) for n in present for t in [_target_of(n, names)] if t and not t.endswith("_total")}
    for name in present:
        given = LOADING if name == choices.loading else choices.antibodies.get(name)
        target = _given(name, given, names) if given else _target_of(name, names)
        if given or (target and not (target.endswith("_total") and _protein(target) not in sites)):
            found[name] = target or IGNORE
        elif is_loading(name):
            found[name] = LOADING
        elif target and "total" in name.lower():
            found[name] = target
        else:
            found[name] = IGNORE
            unknown.append(f"{name} ({target}, or a site of it?)" if target else name)
        if found[name] not in (IGNORE, LOADING, name):
            numbering = re.search(r"(?<=') \(.*numbering.*?\)", (observable_of(name) or ("", ""))[1])
            read.append(f"{name!r}{numbering.group() if numbering and not given else ''} as {found[name]}")
    if read:
        notes.append(f"antibodies are read so: {', '.join(read)}")
    if unknown:
        notes.append(
            f"left out, since no antibody is known by these names: {', '.join(unknown)}; name what they see "
            "with antibodies (--antibodies NAME=TARGET)"
        )
    if not any(target not in (IGNORE, LOADING) for target in found.values()):
        raise Open(
            f"{path}: {reading.kind}, but none of its names is an antibody that mtorkin knows: "
            f"{', '.join(present[:SHOWN])}; say what each sees with antibodies (--antibodies "
            f"'{present[0]}=S6K_pT389', or =loading, or =ignore)"
        )
    return found, notes


def _protein(target: str) -> str:
    return target.split("_")[0]


def _target_of(name: str, names: Collection[str]) -> str | None:
    for spelling in (name, PREFIX.sub("", name)):
        if spelling in names:
            return spelling
        found = observable_of(spelling)
        if found:
            return found[0]
    return None


def _given(name: str, given: str, names: Collection[str]) -> str:
    if given in (IGNORE, LOADING):
        return given
    target = _target_of(given, names)
    if target is None:
        raise TableError(
            f"antibodies: {name!r} is said to see {given!r}, which is unknown{nearest(given, names)}; "
            "allowed are "
            f"{LOADING}, {IGNORE} and {listed(sorted(names))}"
        )
    return target


def loading_control(path: str, reading: Reading, choices: Choices, targets: dict[str, str]) -> str:
    """The name of the antibody or stain to divide by, or "". Raises TableError where it is open."""
    candidates = [name for name, target in targets.items() if target == LOADING]
    if choices.loading == NONE or (not candidates and not choices.loading):
        return ""
    if choices.loading:
        if choices.loading not in targets:
            known = list(targets)
            raise TableError(
                f"{path}: no loading control {choices.loading!r}{nearest(choices.loading, known)}; the "
                "file has "
                f"{', '.join(known)}"
            )
        return choices.loading
    if len(candidates) == 1:
        return candidates[0]
    chosen = [name for name in candidates if name in choices.antibodies]
    stains = [name for name in candidates if is_total_protein(name)]
    for narrowed in (chosen, [reading.loading] if reading.loading in candidates else [], stains):
        if len(narrowed) == 1:
            return narrowed[0]
    raise Open(
        f"{path}: has several loading controls ({', '.join(candidates)}); choose with loading (--loading "
        f"{candidates[0]!r}, or none)"
    )
