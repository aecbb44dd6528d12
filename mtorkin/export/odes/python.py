"""The equations as a Python module that needs NumPy, and SciPy to integrate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtorkin.export.odes.parts import Parts, balances, one_line
from mtorkin.language.expression import Expr
from mtorkin.language.infix import infix, number_text

__all__ = ["python_lines"]


def _table(rows: Sequence[tuple[str, float, str]]) -> Iterator[str]:
    for id, value, note in rows:
        yield f'    "{id}": {number_text(value)},  # {one_line(note)}'.rstrip()


def python_lines(parts: Parts) -> Iterator[str]:
    """Yield the lines of the module."""
    network = parts.model.network

    def spell(expr: Expr) -> str:
        return infix(expr, power_sign="**")

    yield '"""' + parts.about[0] + ": the differential equations, and nothing else."
    yield from ("", *(p.replace("\\", "") for p in parts.about[1:]))
    yield from ("", "Needs NumPy; run as a script it integrates with SciPy and prints a table.", '"""', "")
    yield from ("import numpy as np", "")
    named = [(id, v, f"[{unit}] {meaning}") for id, v, unit, meaning in parts.parameters]
    inputs = [(id, v, f"[{unit}] {meaning}") for id, v, unit, meaning in parts.inputs]
    for title, rows in (
        ("# concentrations at time 0 [nM]\nINITIAL", list(parts.species)),
        ("# numbers of the model\nPARAMETERS", named),
        ("# what a protocol sets\nINPUTS", inputs),
    ):
        yield f"{title} = {{"
        yield from _table(rows)
        yield "}"
    yield "# what happens later: time [min], and what then has which value"
    yield f"CHANGES = {[(t, dict(v)) for t, v in parts.changes]!r}"
    yield f"SPECIES = {[s.id for s in network.species]!r}"
    yield f"REACTIONS = {[r.id for r in network.reactions]!r}"
    yield f"OBSERVABLES = {[o.id for o in network.observables]!r}"
    yield from ("", "")
    used = {"p": [p[0] for p in parts.parameters], "u": [i[0] for i in parts.inputs]}
    unpack = [f"    {', '.join(s.id for s in network.species)}, = y"]
    unpack += [f'    {id} = p["{id}"]' for ids in used.values() for id in ids]
    unpack += [f"    {a.id} = {spell(a.expr)}" for a in network.assignments]
    yield "def _rates_and_observables(y, p):"
    yield from unpack
    yield "    v = ["
    yield from (f"        {spell(r.rate)},  # {r.id}" for r in network.reactions)
    yield "    ]"
    yield "    return v, ["
    for o in network.observables:
        yield f"        {spell(o.expr)},  # {o.id}"
    yield from ("    ]", "", "")
    yield from _PYTHON_RHS.splitlines()
    yield "    return np.array(["
    yield from (f"        {text},  # {id}" for id, text in balances(parts, lambda j: f"v[{j}]"))
    yield "    ])"
    yield from _PYTHON_RUN.splitlines()


_PYTHON_RHS = '''def rates(t, y, p):
    """Return the rates of all reactions [nM/min]; y [nM] is in the order of SPECIES."""
    return np.array(_rates_and_observables(y, p)[0])


def observables(t, y, p):
    """Return the observables, in the order of OBSERVABLES."""
    return np.array(_rates_and_observables(y, p)[1])


def rhs(t, y, p):
    """Return dy/dt [nM/min]; p has PARAMETERS and INPUTS by id."""
    v = _rates_and_observables(y, p)[0]'''

_PYTHON_RUN = '''

def run(times, rtol=1e-8, atol=1e-10, **changed):
    """Return the observables at some times [min, from 0 up]; parameters may be changed by id."""
    from scipy.integrate import solve_ivp

    p = {**PARAMETERS, **INPUTS, **changed}
    y = np.array([INITIAL[s] for s in SPECIES], dtype=float)
    times = np.asarray(times, dtype=float)
    found = np.empty((len(times), len(OBSERVABLES)))
    starts = [0.0, *(t for t, _ in CHANGES)]
    for i, begin in enumerate(starts):
        if i:
            for id, value in CHANGES[i - 1][1].items():
                if id in p:
                    p[id] = value
                else:
                    y[SPECIES.index(id)] = value
        end = starts[i + 1] if i + 1 < len(starts) else max(begin, times.max())
        here = (times >= begin) & ((times < end) | (i + 1 == len(starts)))
        inside = np.unique([begin, *times[here], end])
        if end > begin:
            done = solve_ivp(rhs, (begin, end), y, "LSODA", inside, args=(p,), rtol=rtol, atol=atol)
            if not done.success:
                raise RuntimeError(done.message)
            states = dict(zip(inside, done.y.T))
        else:
            states = {begin: y}
        for row in np.flatnonzero(here):
            found[row] = observables(times[row], states[times[row]], p)
        y = states[end].copy()
    return found


if __name__ == "__main__":
    at = np.linspace(0, 1440, 25)
    print("time", *OBSERVABLES, sep="\\t")
    for t, row in zip(at, run(at)):
        print(f"{t:g}", *(f"{x:.6g}" for x in row), sep="\\t")
'''
