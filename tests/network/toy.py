"""A small model with everything the language has: pools, ledgers, joint marks, a ligand, weights, a drug."""

from __future__ import annotations

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
    join,
    molecule,
    mutation,
    weight,
)

PHOSPHO = ("u", "p")
drug = molecule("drug", parts=("inside",), compartment="medium", dose="drug_dose")
inside = molecule("inside")
PRAS = molecule("PRAS", sites={"T246": PHOSPHO})
kinase = molecule("kinase", sites={"FRB": ("free", inside)}, marks={"S1261": PHOSPHO})
scaffold = molecule("scaffold", marks={"S792": PHOSPHO})
complex_ = join(
    "complex",
    kinase,
    scaffold,
    marks={"S2481": PHOSPHO, "PRAS": ("free", PRAS)},
    joint=[("S1261", "S2481")],
)

kon, koff, k = Parameter("kon", "1/(nM*min)"), Parameter("koff", "1/min"), Parameter("k", "1/min")
w, alpha = Parameter("w", "1"), Parameter("alpha", "1")
stimulus = Input("stimulus", "1", 1.0, "what drives S1261")
activity = weight(
    "activity", complex_, "the complex at work", FRB={"inside": w}, PRAS={"PRAS": 1 - w}, S1261={"u": w}
)
phosphorylation = Assignment("phosphorylation", "1/min", k * stimulus, "S1261, driven")

uptake = Mechanism.of(
    "uptake",
    "A drug enters the cell and leaves it.",
    rules=[Change("drug enters", drug() >> inside(), k), Change("drug leaves", inside() >> drug(), k)],
)
assembly = Mechanism.of(
    "assembly",
    "The scaffold joins the kinase; the drug sits on either; PRAS sits on the complex.",
    rules=[
        Bind("scaffold joins", kinase() + scaffold() >> complex_(), kon, koff),
        *(
            Bind(f"drug takes {h.name}", h(FRB="free") + inside() >> h(FRB=inside), kon, koff)
            for h in (kinase, complex_)
        ),
        Bind("PRAS sits", complex_(PRAS="free") + PRAS(T246="u") >> complex_(PRAS=PRAS), kon, koff),
    ],
    couplings=[Coupling(complex_(FRB=inside), alpha)],
    observables=[
        Observable("assembled", complex_().total, "scaffold-bound kinase"),
        Observable("kinase_total", kinase().total + complex_().total, "kinase, all forms"),
    ],
)
marks = Mechanism.of(
    "marks",
    "Phosphorylation that changes nothing structural.",
    rules=[
        *(
            Change(f"S1261 of {h.name}", h(S1261="u") >> h(S1261="p"), phosphorylation)
            for h in (kinase, complex_)
        ),
        *(Change(f"S1261 of {h.name} off", h(S1261="p") >> h(S1261="u"), k) for h in (kinase, complex_)),
        Change("S2481 in cis", complex_(S2481="u") >> complex_(S2481="p"), k * activity.own),
        Change("S2481 off", complex_(S2481="p") >> complex_(S2481="u"), k),
        *(Change(f"S792 of {h.name}", h(S792="u") >> h(S792="p"), k) for h in (scaffold, complex_)),
        Change("PRAS leaves", complex_(PRAS=PRAS) >> complex_(PRAS="free") + PRAS(T246="p"), k),
        Change("PRAS is dephosphorylated", PRAS(T246="p") >> PRAS(T246="u"), k),
    ],
    observables=[
        Observable("pS1261", kinase(S1261="p").total + complex_(S1261="p").total, "S1261"),
        Observable("activity_seen", activity.total, "activity"),
    ],
    mutations=[mutation("dead", "no kinase", k=0.0)],
)
turnover = Mechanism.of(
    "turnover",
    "The kinase is made and lost, which sets free what it held.",
    rules=[
        Make("kinase is made", kinase(), k * kinase.abundance),
        Remove("kinase decays", kinase() >> NOTHING, k),
        Remove("kinase in the complex decays", complex_() >> scaffold(), k),
    ],
)
ALL = (uptake, assembly, marks, turnover)
