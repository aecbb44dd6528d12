from __future__ import annotations

import numpy as np
import pytest

from mtorkin.errors import DeclarationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.trajectory import Trajectory


@pytest.fixture(scope="module")
def traj(toy_model: Model) -> Trajectory:
    return simulate(toy_model, Protocol(Period(UNTIL_STEADY), Period(0, drug=20)), [0, 5, 60])


def test_names_give_values(traj: Trajectory, toy_model: Model) -> None:
    assert traj.observables == tuple(toy_model.observables.index)
    assert traj.species == tuple(s.id for s in toy_model.network.species)
    assert traj["mTORC1"].shape == (3,)
    assert traj["drug_in_medium"].tolist() == traj["drug_medium"].tolist()
    assert "mTORC1" in traj
    assert "mTORC9" not in traj
    assert len(traj) == 3
    assert repr(traj) == "Trajectory(3 times, 0 to 60 min, 6 observables)"


def test_an_unknown_name_is_met_with_the_nearest(traj: Trajectory) -> None:
    with pytest.raises(DeclarationError, match="'PRAS40_pT264'; did you mean 'PRAS40_pT246'"):
        traj["PRAS40_pT264"]


@pytest.mark.parametrize("name", ["AKT1S1 pT246", "p-PRAS40 (Thr246)", "PRAS40_pT247"])
def test_names_of_labs_are_read_with_a_note(traj: Trajectory, name: str) -> None:
    with pytest.warns(UserWarning, match="is read as PRAS40_pT246") as told:
        values = traj[name]
    assert values.tolist() == traj["PRAS40_pT246"].tolist()
    assert ("rodent numbering" in str(told[0].message)) == ("247" in name)
    assert told[0].filename == __file__  # it points at who wrote the name


def test_an_antibody_to_what_the_model_lacks_is_no_species_of_it(traj: Trajectory) -> None:
    with pytest.raises(DeclarationError, match=r"'pAkt \(S473\)' \(.* is read as Akt_pS473\)"):
        traj["pAkt (S473)"]


def test_an_id_of_the_network_goes_before_other_names(traj: Trajectory) -> None:
    """`mTOR_pS2481` is an antibody and an observable; `drug_medium` is nothing else than a species."""
    assert traj["mTOR_pS2481"].shape == traj["drug_medium"].shape == (3,)


def test_frames(traj: Trajectory) -> None:
    frame = traj.to_frame()
    assert list(frame.columns) == list(traj.observables)
    assert frame.index.name == "time"
    assert frame.index.tolist() == [0, 5, 60]
    wide = traj.to_frame(species=True)
    assert list(wide.columns) == [*traj.observables, *traj.species]


def test_values_are_read_only(traj: Trajectory) -> None:
    with pytest.raises(ValueError, match="read-only"):
        traj["mTORC1"][0] = 1.0
    frame = traj.to_frame()
    frame.iloc[0, 0] = -1.0
    assert traj.observable_values[0, 0] != -1.0


def test_inputs_over_time_are_kept(traj: Trajectory) -> None:
    assert [(i.start, i.end) for i in traj.inputs] == [(-np.inf, 0), (0, np.inf)]
    assert dict(traj.inputs[1].doses) == {"drug": 20}
