"""Rapamycin and two rapalogs in a patient or a mouse: gut, blood, and the fluid around the tumour.

A dose by mouth is set in the gut, one into a vein in the blood, in nM: the amount, spread over the
apparent volume of blood (`mtorkin.dose_in_blood` turns mg into it). It is absorbed and eliminated
by first-order steps. Everolimus in people needs a second compartment, a tissue that fills and
empties: with one, its half-life of 30 h, its mean and its peak at steady state cannot all hold.
Temsirolimus turns into rapamycin in blood (here all of it, and only the rapamycin reaches the
tumour).

What is free in blood equilibrates with the fluid around the cells, which is the `medium` of the
model; poorly perfused or shielded tumours get less of it (``Kp_tumour``). The tumour is small: it
takes nothing from the blood, and the fluid keeps the volume of the medium, so that cells do not
deplete it between doses.

A period *sets* what is in the gut. The gut is empty within hours, so that for doses six hours and
more apart this is the same as adding; so it is for a weekly infusion of temsirolimus.

Left out: food, transporters, non-linear binding to red cells, liver and enzyme induction, an
infusion's length, binding in the tumour other than to the FKBPs.
"""

from collections.abc import Iterable

from mtorkin.language import (
    NOTHING,
    Change,
    Make,
    Mechanism,
    Molecule,
    Observable,
    Parameter,
    Remove,
    molecule,
)
from mtorkin.language.rule import Rule
from mtorkin.molecules import EVEROLIMUS, RAPAMYCIN, FKBPLigand

IN_MG = "nM of the volume of blood: see mtorkin.dose_in_blood"
k_exchange = Parameter("k_blood_exchange", "1/min", "exchange of free drug between blood and tumour")
Kp = Parameter(
    "Kp_tumour", "1", "free drug in the tumour to that in blood, at equilibrium: how well it gets there"
)


def one_compartment(drug: FKBPLigand, subject: str, more: Iterable[Rule] = ()) -> Mechanism:
    """A drug by mouth: absorbed from the gut into blood, of which the free share reaches the tumour."""
    name, blood = f"{drug.name}_oral_{subject}", in_blood(drug)
    gut = molecule(
        f"{drug.name}_gut",
        parts=(drug.name,),
        compartment="blood",
        dose=name,
        meaning=f"dose of {drug.name} by mouth, {subject}, set in the gut at a period's start ({IN_MG})",
    )
    k_absorb = Parameter(f"k_{drug.name}_absorption_{subject}", "1/min", f"{drug.name} from gut to blood")
    return Mechanism.of(
        name,
        __doc__,
        rules=[
            Change(f"{drug.name} is absorbed", gut() >> blood(), k_absorb),
            *_from_blood(drug, subject),
            *more,
        ],
        observables=[_seen(drug)],
    )


def two_compartments(drug: FKBPLigand, subject: str) -> Mechanism:
    """As `one_compartment`, and a tissue that fills from blood and empties into it."""
    blood, of = in_blood(drug), f"{drug.name}_{subject}"
    tissue = molecule(f"{drug.name}_tissue", parts=(drug.name,), compartment="blood")
    fills = Parameter(f"k_{of}_to_tissue", "1/min", f"{drug.name} from blood into tissue")
    empties = Parameter(f"k_{of}_from_tissue", "1/min", f"{drug.name} from tissue into blood")
    more = (
        Change(f"{drug.name} goes into tissue", blood() >> tissue(), fills),
        Change(f"{drug.name} comes back from tissue", tissue() >> blood(), empties),
    )
    return one_compartment(drug, subject, more)


def intravenous_temsirolimus(subject: str) -> Mechanism:
    """Temsirolimus into a vein: it turns into rapamycin in blood, of which the free share acts."""
    name, blood = f"temsirolimus_iv_{subject}", in_blood(RAPAMYCIN)
    ester = molecule(
        "temsirolimus_blood",
        parts=(RAPAMYCIN.name,),
        compartment="blood",
        dose=name,
        meaning=f"dose of temsirolimus into a vein, {subject}, set in blood at a period's start ({IN_MG})",
    )
    k_turn = Parameter(
        f"k_temsirolimus_blood_{subject}", "1/min", "temsirolimus turning into rapamycin in blood"
    )
    return Mechanism.of(
        name,
        __doc__,
        rules=[
            Change("temsirolimus turns into rapamycin in blood", ester() >> blood(), k_turn),
            *_from_blood(RAPAMYCIN, subject),
        ],
        observables=[
            Observable("temsirolimus_in_blood", ester().total, "temsirolimus in blood"),
            _seen(RAPAMYCIN),
        ],
    )


def in_blood(drug: FKBPLigand) -> Molecule:
    """The drug in blood; amounts in gut and tissue are in nM of the volume of blood too."""
    return molecule(f"{drug.name}_blood", parts=(drug.name,), compartment="blood")


def _from_blood(drug: FKBPLigand, subject: str) -> tuple[Rule, ...]:
    blood = in_blood(drug)
    k_eliminate = Parameter(
        f"k_{drug.name}_elimination_{subject}", "1/min", f"elimination of {drug.name} from blood"
    )
    free = Parameter(
        f"free_{drug.name}_{subject}", "1", f"share of {drug.name} in blood that is unbound", at_most=1.0
    )
    return (
        Remove(f"{drug.name} is eliminated", blood() >> NOTHING, k_eliminate),
        Make(f"{drug.name} reaches the tumour", drug.in_medium(), k_exchange * Kp * free * blood().total),
        Remove(f"{drug.name} leaves the tumour", drug.in_medium() >> NOTHING, k_exchange),
    )


def _seen(drug: FKBPLigand) -> Observable:
    return Observable(
        f"{drug.name}_in_blood", in_blood(drug)().total, f"{drug.name} in blood, bound and free"
    )


RAPAMYCIN_HUMAN = one_compartment(RAPAMYCIN, "human")
RAPAMYCIN_MOUSE = one_compartment(RAPAMYCIN, "mouse")
EVEROLIMUS_HUMAN = two_compartments(EVEROLIMUS, "human")
EVEROLIMUS_MOUSE = one_compartment(EVEROLIMUS, "mouse")
TEMSIROLIMUS_HUMAN = intravenous_temsirolimus("human")

ON_REQUEST: tuple[Mechanism, ...] = (
    RAPAMYCIN_HUMAN,
    RAPAMYCIN_MOUSE,
    EVEROLIMUS_HUMAN,
    EVEROLIMUS_MOUSE,
    TEMSIROLIMUS_HUMAN,
)
