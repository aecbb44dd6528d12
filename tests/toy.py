"""Small models that say a lot: for tests of what runs models, not of what is in ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from mtorkin.language import (
    NOTHING,
    Assignment,
    Bind,
    Change,
    Coupling,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
    join,
    michaelis_menten,
    molecule,
    mutation,
    weight,
)
from mtorkin.model import Model
from mtorkin.network import assemble
from mtorkin.tables import ParameterTable

NO_TABLE = ParameterTable(MappingProxyType({}), MappingProxyType({}))


def model_of(mechanisms: Sequence[Mechanism], values: Mapping[str, float]) -> Model:
    """A model with these values, in the order of its network."""
    network = assemble(mechanisms)
    known = {"pool_floor": 1e-6, **values}
    ordered = {p.id: known[p.id] for p in network.parameters}
    return Model(network, MappingProxyType(ordered), NO_TABLE)


def rate(id: str, unit: str = "1/min") -> Parameter:
    return Parameter(id, unit)


# mTOR, Raptor, PRAS40 and a drug: pools, ledgers, joint marks, a ligand, an activity, two compartments

DRUG_OUT = molecule("drug_medium", parts=("drug",), compartment="medium", dose="drug")
DRUG = molecule("drug", parts=("drug",))
FKBP = molecule("FKBP")
LOADED = molecule("FKBP_drug", parts=("FKBP", "drug"))
PRAS40 = molecule("PRAS40", sites={"T246": ("u", "p")})
MTOR = molecule("mTOR", sites={"FRB": ("free", LOADED)}, marks={"S1261": ("u", "p")})
RAPTOR = molecule("Raptor", marks={"S792": ("u", "p")})
MTORC1 = join(
    "mTORC1",
    MTOR,
    RAPTOR,
    marks={"S2481": ("u", "p"), "PRAS40": ("free", PRAS40)},
    joint=[("S1261", "S2481")],
)
INSULIN = Input("insulin", "nM", 1.0, "insulin in the medium")
K_INSULIN = Parameter("K_insulin", "nM", 'insulin that half activates; "K" < its range')
DRIVE = Assignment("insulin_drive", "1", hill(INSULIN, K_INSULIN, 1), "share of receptors with insulin")
RESIDUAL = Parameter("residual", "1")
ACTIVITY = weight(
    "activity",
    MTORC1,
    "what mTORC1 can still do",
    FRB={"FKBP_drug": RESIDUAL},
    PRAS40={"PRAS40": 1 - RESIDUAL},
    S1261={"u": RESIDUAL},
)

KINASE = Mechanism.of(
    "kinase",
    "mTOR is made and decays, meets Raptor, holds PRAS40 and phosphorylates itself.",
    [
        Make("mTOR is made", MTOR(), rate("k_make", "nM/min")),
        Remove("mTOR decays", MTOR() >> NOTHING, rate("k_decay")),
        Remove("mTOR in mTORC1 decays", MTORC1() >> RAPTOR(), rate("k_decay")),
        Bind(
            "Raptor joins",
            MTOR() + RAPTOR() >> MTORC1(),
            rate("kon", "1/(nM*min)"),
            rate("koff"),
        ),
        Bind(
            "PRAS40 sits on mTORC1",
            MTORC1(PRAS40="free") + PRAS40(T246="u") >> MTORC1(PRAS40=PRAS40),
            rate("kon", "1/(nM*min)"),
            rate("koff"),
        ),
        Change(
            "PRAS40 T246 is phosphorylated",
            PRAS40(T246="u") >> PRAS40(T246="p"),
            michaelis_menten(rate("kcat"), MTORC1().total, rate("Km", "nM"), PRAS40(T246="u").total) * DRIVE,
        ),
        Change("PRAS40 T246 loses it", PRAS40(T246="p") >> PRAS40(T246="u"), rate("k_off")),
        *(Change(f"S1261 on {h.name}", h(S1261="u") >> h(S1261="p"), rate("k_on")) for h in (MTOR, MTORC1)),
        *(Change(f"S1261 off {h.name}", h(S1261="p") >> h(S1261="u"), rate("k_off")) for h in (MTOR, MTORC1)),
        Change("S2481 on", MTORC1(S2481="u") >> MTORC1(S2481="p"), rate("k_auto") * ACTIVITY.own),
        Change("S2481 off", MTORC1(S2481="p") >> MTORC1(S2481="u"), rate("k_off")),
        *(Change(f"S792 on {h.name}", h(S792="u") >> h(S792="p"), rate("k_on")) for h in (RAPTOR, MTORC1)),
        *(Change(f"S792 off {h.name}", h(S792="p") >> h(S792="u"), rate("k_off")) for h in (RAPTOR, MTORC1)),
    ],
    observables=[
        Observable("mTORC1", MTORC1().total, "mTOR with Raptor"),
        Observable("PRAS40_pT246", PRAS40(T246="p").total, "PRAS40 T246"),
        Observable("mTOR_pS2481", MTORC1(S2481="p").total, "mTOR S2481"),
        Observable("mTORC1_activity", ACTIVITY.total, "mTORC1 by what it can do"),
        Observable("insulin_seen", 1 * INSULIN, "insulin in the medium"),
    ],
    mutations=[mutation("dead", "no kinase", kcat=0.0, k_auto=0.0)],
)
MEDICINE = Mechanism.of(
    "drug",
    "A drug that FKBP carries to mTOR, in mTORC1 or free.",
    [
        Change("drug enters", DRUG_OUT() >> DRUG(), rate("k_uptake")),
        Change("drug leaves", DRUG() >> DRUG_OUT(), rate("k_uptake")),
        Bind("FKBP binds", FKBP() + DRUG() >> LOADED(), rate("kon", "1/(nM*min)"), rate("koff")),
        *(
            Bind(
                f"drug takes {h.name}",
                h(FRB="free") + LOADED() >> h(FRB=LOADED),
                rate("kon", "1/(nM*min)"),
                rate("koff"),
            )
            for h in (MTOR, MTORC1)
        ),
    ],
    couplings=[Coupling(MTORC1(FRB=LOADED), Parameter("alpha", "1"))],
    observables=[Observable("drug_in_medium", DRUG_OUT().total, "drug in the medium")],
)
VALUES = {
    "k_make": 0.4,
    "k_decay": 0.008,
    "kon": 0.01,
    "koff": 0.05,
    "kcat": 3.0,
    "Km": 30.0,
    "K_insulin": 0.5,
    "k_on": 0.1,
    "k_off": 0.2,
    "k_auto": 0.3,
    "residual": 0.1,
    "k_uptake": 1.5,
    "alpha": 3.0,
    "mTOR_abundance": 50.0,
    "Raptor_abundance": 40.0,
    "PRAS40_abundance": 100.0,
    "FKBP_abundance": 500.0,
}


ALL = (KINASE, MEDICINE)


@cache
def mtor_like() -> Model:
    """Comes to rest, and knows `insulin` and `drug`; the same object each time, since it is frozen."""
    return model_of(ALL, VALUES)


def runaway() -> Model:
    """Something is made and never removed."""
    waste = molecule("Waste")
    rules = [Make("Waste is made", waste(), rate("k_waste", "nM/min"))]
    mechanism = Mechanism.of(
        "runaway", "", rules, observables=[Observable("Waste_total", waste().total, "waste")]
    )
    return model_of([mechanism], {"k_waste": 0.1, "Waste_abundance": 0.0})


def oscillator() -> Model:
    """Goodwin's loop: X makes Y, Y makes Z, Z stops X, steeply enough to swing."""
    X, Y, Z = (molecule(name) for name in "XYZ")
    k, decay = rate("k_step"), rate("k_loss")
    rules = [
        Make("X is made", X(), rate("k_X", "nM/min") * (1 - hill(Z().total, rate("K_Z", "nM"), 12))),
        Make("Y is made", Y(), k * X().total),
        Make("Z is made", Z(), k * Y().total),
        *(Remove(f"{m.name} decays", m() >> NOTHING, decay) for m in (X, Y, Z)),
    ]
    mechanism = Mechanism.of("goodwin", "", rules, observables=[Observable("Z_total", Z().total, "Z")])
    values = {"k_X": 5.0, "K_Z": 1.0, "k_step": 0.1, "k_loss": 0.1}
    return model_of([mechanism], {**values, **{f"{m}_abundance": 0.1 for m in "XYZ"}})


def switch() -> Model:
    """Two stable states: A activates itself; `push` starts it."""
    A = molecule("A", sites={"state": ("off", "on")})
    push = Input("push", "1", 0.0, "what turns A on")
    on = rate("k_on") * (push + hill(A(state="on").total, rate("K_A", "nM"), 4))
    rules = [
        Change("A turns on", A(state="off") >> A(state="on"), on),
        Change("A turns off", A(state="on") >> A(state="off"), rate("k_off")),
    ]
    mechanism = Mechanism.of(
        "switch", "", rules, observables=[Observable("A_on", A(state="on").total, "active A")]
    )
    values = {"k_on": 1.0, "k_off": 0.2, "K_A": 40.0, "A_abundance": 100.0}
    return model_of([mechanism], values)


def explosive() -> Model:
    """A makes A, the faster the more there is: it is infinite after about a minute of `push`."""
    A = molecule("A")
    push = Input("push", "1", 0.0, "what sets it off")
    total = A().total
    rules = [Make("A makes A", A(), rate("k_A", "1/(nM*min)") * push * total * total)]
    mechanism = Mechanism.of("explosive", "", rules)
    return model_of([mechanism], {"k_A": 1.0, "A_abundance": 1.0})
