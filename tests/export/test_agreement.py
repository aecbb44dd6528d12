"""Other simulators get our numbers from our files, on every observable, doses included."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.export.agreement import agreement_table, comparison_times, relative_to_peak
from mtorkin.export.tools import COPASI, ROADRUNNER
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol

TOOLS = (ROADRUNNER, COPASI) if importlib.util.find_spec("basico") else (ROADRUNNER,)

# what differs between files: rest or not, doses of inputs and of species, at 0 and as events
PROTOCOLS = {
    "insulin after starvation": NAMED["insulin"].protocol,
    "rapamycin for 24 h": NAMED["rapamycin-prolonged"].protocol,
    "a pulse of 20 min from rest, washed out": NAMED["rapamycin-pulse"].protocol,
    "not from rest, at 0 and again": Protocol(
        Period(0, rapamycin=100, insulin=10), *(Period(600.0 * i, wortmannin=100) for i in (1, 2))
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PROTOCOLS)
def test_other_simulators_agree(name: str) -> None:
    table = agreement_table(mk.build(), {name: PROTOCOLS[name]}, tools=TOOLS)
    assert list(table["tool"]) == [tool.name for tool in TOOLS]
    assert (table["difference"] <= 1e-6).all(), table.to_string()
    assert (table["messages"] == 0).all(), table.to_string()


def test_the_table() -> None:
    protocols = {"rest": Protocol(Period(UNTIL_STEADY)), "dose": Protocol(Period(0, drug=5))}
    table = agreement_table(toy_model(), protocols, tools=[ROADRUNNER], after=60.0)
    assert list(table["protocol"]) == ["rest", "dose"]
    assert (table["difference"] <= 1e-6).all()
    assert set(table["observable"]) <= {o.id for o in toy_model().network.observables}
    assert table["time"].between(0, 60).all()


def test_a_wrong_file_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    import mtorkin.export.agreement as agreement

    true = agreement.sbml_string
    wrong = lambda model, protocol: true(model.with_values(kcat=3.3), protocol)  # noqa: E731
    monkeypatch.setattr(agreement, "sbml_string", wrong)
    table = agreement_table(
        toy_model(), {"insulin": Protocol(Period(0, insulin=100))}, tools=[ROADRUNNER], after=60.0
    )
    assert table["difference"].item() > 1e-3
    assert table["observable"].item() == "PRAS40_pT246"


def test_times_avoid_the_starts_of_periods() -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, insulin=1), Period(600, insulin=2))
    times = comparison_times(protocol, after=60.0)
    assert times == sorted(times) and times[-1] < 660
    assert not {0.0, 600.0, 660.0} & set(times)
    assert min(t for t in times if t > 600) < 600.1
    assert pd.Series(times).is_unique


def test_differences_are_relative_to_the_peak() -> None:
    ours = np.array([[0.0, 1e-9], [10.0, 0.0]])
    theirs = np.array([[0.1, 0.0], [10.0, 0.0]])
    assert relative_to_peak(ours, theirs) == pytest.approx(np.array([[0.01, 1e-6], [0.0, 0.0]]))
