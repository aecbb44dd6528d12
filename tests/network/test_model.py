"""A model is a network with numbers; every change is a new model and every slip is told the nearest."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError

import pytest

from mtorkin.build import build, contexts, mechanisms
from mtorkin.errors import DeclarationError, MtorkinError, TableError
from mtorkin.language import Bind, Change, Mechanism, Parameter, molecule
from mtorkin.mechanisms import ALL, drugs
from mtorkin.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return build()


def test_changes_make_new_models(model: Model) -> None:
    before = dict(model.values)
    other = model.with_values(koff_mTORC2=0.5).scaled(Rictor=0.2).mutated("S1261A")
    assert dict(model.values) == before
    assert other.values["koff_mTORC2"] == 0.5
    assert other.values["Rictor_abundance"] == pytest.approx(0.2 * before["Rictor_abundance"])
    assert other.values["k_mTOR_S1261"] == 0.0
    assert other.network is model.network
    with pytest.raises(FrozenInstanceError):
        model.context = "HeLa"  # type: ignore[misc]
    with pytest.raises(TypeError):
        model.values["koff_mTORC2"] = 1.0  # type: ignore[index]


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        (
            lambda m: m.with_values(koff_mTORC3=1.0),
            DeclarationError,
            r"no parameter 'koff_mTORC3'; did you mean 'koff_mTORC[12]'\? \(there are: \d+ of them",
        ),
        (
            lambda m: m.with_values(kon_mTORC1=-1.0),
            TableError,
            r"kon_mTORC1 = -1\.0: .* finite number from 0 up",
        ),
        (lambda m: m.with_values(kon_mTORC1=math.nan), TableError, "kon_mTORC1 = nan"),
        (lambda m: m.with_values(kon_mTORC1=math.inf), TableError, "kon_mTORC1 = inf"),
        (
            lambda m: m.scaled(Ricter=0.2),
            DeclarationError,
            r"no abundance of 'Ricter'; did you mean 'Rictor'\?",
        ),
        (
            lambda m: m.scaled(Rictor=-0.2),
            TableError,
            r"scaling Rictor by -0\.2: a factor is a finite number",
        ),
        (lambda m: m.scaled(Rictor=math.nan), TableError, "scaling Rictor by nan"),
        (lambda m: m.mutated("S1261"), DeclarationError, r"no mutant 'S1261'; did you mean 'S1261A'\?"),
    ],
)
def test_slips_in_numbers_and_names(
    model: Model, change: Callable[[Model], Model], error: type[MtorkinError], text: str
) -> None:
    with pytest.raises(error, match=text):
        change(model)


def test_the_order_of_changes_is_the_order_they_are_made_in(model: Model) -> None:
    assert model.scaled(Rictor=0.0).scaled(Rictor=2.0).values["Rictor_abundance"] == 0.0
    assert model.mutated("S1261A").with_values(k_mTOR_S1261=0.3).values["k_mTOR_S1261"] == 0.3


def test_every_mutant_multiplies_parameters_that_exist(model: Model) -> None:
    """A variant may lack a parameter; the whole model must have them all, or a slip does nothing."""
    missing = [(m.name, id) for m in model.network.mutations for id, _ in m.factors if id not in model.values]
    assert missing == []
    names = [m.name for m in model.network.mutations]
    assert len(names) == len(set(names))


def test_every_parameter_says_what_it_is_at_least_once(model: Model) -> None:
    assert not [p.id for p in model.network.parameters if not p.meaning.strip()]
    assert not [i.id for i in model.network.inputs if not i.meaning.strip()]
    assert not [o.id for o in model.network.observables if not o.meaning.strip()]


def test_tables_of_parameters_observables_and_inputs(model: Model) -> None:
    table = model.parameters
    assert list(table.index) == [p.id for p in model.network.parameters]
    expected = (
        "value unit lower upper estimate prior_mean prior_sd evidence source locator verified system note"
    )
    assert list(table.columns) == [*expected.split(), "mechanism", "meaning"]
    assert (table.lower <= table.value).all() and (table.value <= table.upper).all()
    assert set(table.mechanism) <= {*mechanisms(), "activities", "abundances", "drugs"}
    assert model.with_values(koff_mTORC2=0.5).parameters.value["koff_mTORC2"] == 0.5
    assert set(model.observables.columns) == {"unit", "meaning"}
    assert {"insulin", "amino_acids", "glucose", "rapamycin", "wortmannin", "Torin1"} <= set(
        model.inputs.index
    )


def test_names_that_users_rely_on(model: Model) -> None:
    sites = {
        f"mTOR_p{s}{where}"
        for s in ("S1261", "T2446", "S2448", "S2481")
        for where in ("", "_in_mTORC1", "_in_mTORC2")
    }
    others = (
        "S6K_pT389 Akt_pS473 Akt_pT308 PRAS40_pT246 PRAS40_pS183 TSC2_pT1462 TSC2_pS1387 IRS_pS636 IRS_total "
        "FourEBP1_pT37_46 FourEBP1_pS65 S6_pS240_244 mTORC1 mTORC2 mTOR_total DEPTOR_total AMPK_pT172 "
        "Raptor_pS792 Rictor_pT1135 FOXO_nuclear GSK3_pS9"
    )
    assert sites | set(others.split()) <= set(model.observables.index)


def test_prior_medians_are_the_values(model: Model) -> None:
    table = model.parameters.dropna(subset=["prior_mean"])
    ratio = table.prior_mean.map(math.exp) / table.value
    assert ratio.between(0.99, 1.01).all()


def test_a_shorter_tuple_of_mechanisms_is_a_smaller_model() -> None:
    without = build([m for m in ALL if m not in drugs.STANDARD])
    assert not any("rapamycin" in s.id for s in without.network.species)
    assert len(without.network.species) < len(build().network.species)
    assert "kon_FKBP12" not in without.values


def test_a_missing_mechanism_is_named() -> None:
    with pytest.raises(DeclarationError, match=r"\w+\.py:\d+: rule .* which nothing here makes"):
        build([m for m in ALL if m.name != "mtor_turnover"])


def test_a_parameter_without_a_row() -> None:
    A = molecule("TSC2", sites={"S939": ("u", "p")})
    k = Parameter("kcat_TSC2_T1463", "1/min")
    extra = Mechanism.of("extra", "", [Change("S939", A(S939="u") >> A(S939="p"), k)])
    text = (
        r"parameter kcat_TSC2_T1463 \[1/min\] has no row in any table of parameters/; "
        r"did you mean 'kcat_TSC2_T1462'\?"
    )
    with pytest.raises(TableError, match=text):
        build([extra])


def test_a_parameter_with_another_unit_than_its_row() -> None:
    A, B, C = molecule("IRS"), molecule("PIP"), molecule("C", parts=("IRS", "PIP"))
    kon, koff = Parameter("kcat_S6", "1/(nM*min)"), Parameter("k_S6_off", "1/min")
    extra = Mechanism.of("extra", "", [Bind("A binds B", A() + B() >> C(), kon, koff)])
    with pytest.raises(
        TableError, match=r"s6k\.tsv:\d+: kcat_S6 has unit '1/min'; the model declares '1/\(nM\*min\)'"
    ):
        build([extra])


def test_an_unknown_context_is_told_those_there_are() -> None:
    with pytest.raises(
        DeclarationError, match=r"no context 'generi'; there are generic.*did you mean 'generic'\?"
    ):
        build(context="generi")
    assert contexts()[0] == "generic"


def test_models_and_networks_are_printed_in_a_line() -> None:
    model = build()
    assert f"{len(model.network.species)} species" in repr(model) and len(repr(model)) < 200
