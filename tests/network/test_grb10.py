"""GRB10, the feedback on request: an inhibitor of S6K alone raises Akt less than rapamycin does."""

from __future__ import annotations

from mtorkin.build import build
from mtorkin.mechanisms import ALL, grb10
from mtorkin.model import Model
from mtorkin.protocol import treated
from mtorkin.simulate import simulate


def rise(model: Model, **drug: float) -> float:
    """Akt S473 after 1 h, to the start."""
    values = simulate(model, treated(**drug), [0, 60])["Akt_pS473"]
    return float(values[1] / values[0])


def test_it_tells_rapamycin_from_an_inhibitor_of_S6K() -> None:
    without, with_it = build(), build([*ALL, grb10.mechanism])
    gap = rise(without, rapamycin=100) - rise(without, S6K_inhibitor=300)
    assert rise(with_it, rapamycin=100) - rise(with_it, S6K_inhibitor=300) > gap + 0.1
    assert rise(with_it, rapamycin=100) > rise(with_it, S6K_inhibitor=300)


def test_its_loss_raises_what_the_receptor_does() -> None:
    model = build([*ALL, grb10.mechanism])
    none = simulate(model.scaled(GRB10=0), treated(), [0])["IRS_pY"][0]
    assert none > 1.1 * simulate(model, treated(), [0])["IRS_pY"][0]
