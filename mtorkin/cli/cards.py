"""Cards: what the model says about one name, as a plain record that is printed or given as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mtorkin.cli import output
from mtorkin.language import Bind, Mechanism
from mtorkin.language.expression import Expr, Input, Leaf, Parameter, leaves
from mtorkin.language.infix import infix
from mtorkin.language.mechanism import Assignment, Load
from mtorkin.language.molecule import Molecule
from mtorkin.language.rule import Make, Rule
from mtorkin.language.weight import Own, WeightedTotal
from mtorkin.model import Model

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Card:
    """A kind ("mechanism"), a name, some prose, single facts, and tables by title."""

    kind: str
    name: str
    prose: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Rows] = field(default_factory=dict)


def mechanism_card(mechanism: Mechanism, model: Model) -> Card:
    """Return a mechanism: prose, rules with rate laws, quantities in these, parameters, mutants."""
    exprs = list(mechanism.expressions)
    made = [r for r in model.network.reactions if r.mechanism == mechanism.name]
    rules = [
        {"rule": rule.name, "change": arrow(rule), "rate": law}
        for rule in mechanism.rules
        for law in _laws(rule)
    ]
    couplings = [
        {"complex": str(c.pattern), "holds its members more weakly by": formula(c.factor)}
        for c in mechanism.couplings
    ]
    tables = {
        f"Rules ({len(mechanism.rules)}, which make {len(made)} reactions)": rules,
        "Couplings": couplings,
        "Terms added elsewhere": [
            {"to": c.load.id, "term": formula(c.term)} for c in mechanism.contributions
        ],
        "Quantities in these": quantities(exprs),
        "Parameters": parameters(_of_kind(exprs, Parameter), model),
        "Inputs": [{"input": i.id, "unit": i.unit, "means": i.meaning} for i in _of_kind(exprs, Input)],
        "Observables": [
            {"observable": o.id, "unit": o.unit, "means": o.meaning} for o in mechanism.observables
        ],
        "Mutants": [
            {"mutant": m.name, "means": m.meaning, "multiplies": factors(m.factors)}
            for m in mechanism.mutations
        ],
    }
    return Card("mechanism", mechanism.name, about(mechanism), tables={k: v for k, v in tables.items() if v})


def about(mechanism: Mechanism) -> str:
    """Return the prose of a mechanism; that of a drug begins with what is said of this one drug."""
    prose = mechanism.about.replace("``", "")
    own = [i.meaning for i in _of_kind(mechanism.expressions, Input) if i.id == mechanism.name]
    return "\n\n".join([*own, textwrap.dedent(prose).strip()])


def molecule_card(molecule: Molecule, model: Model) -> Card:
    """Return a molecule: its sites, and the rules and species it is in."""
    where = [s for s in model.network.species if pool_of(s.entity).molecule == molecule]
    marks = {s.name for group in molecule.groups for s in group}
    sites = [
        {
            "site": s.name,
            "can be": ", ".join(v.name for v in s.values),
            "kind": "mark" if s.name in marks else "structural",
        }
        for s in molecule.all_sites
    ]
    rules = [
        {"mechanism": m.name, "rule": r.name, "change": arrow(r)}
        for m in model.network.mechanisms
        for r in m.rules
        if molecule in (p.molecule for side in (r.arrow.left, r.arrow.right) for p in side.patterns)
    ]
    amount = f"{molecule.name}_abundance"
    facts: dict[str, Any] = {
        "meaning": molecule.meaning,
        "UniProt": ", ".join(molecule.uniprot),
        "made of": " + ".join(molecule.parts) if len(molecule.parts) > 1 else "",
        "compartment": molecule.compartment,
        "in a cell": f"{model.values[amount]:g} nM ({amount})" if amount in model.values else "",
        "species": f"{len(where)}, of which {sum(s.is_ledger for s in where)} are ledgers of marks",
    }
    tables = {"Sites": sites, "Rules": rules}
    return Card(
        "molecule",
        molecule.name,
        "",
        {k: v for k, v in facts.items() if v},
        {k: v for k, v in tables.items() if v},
    )


def parameter_card(id: str, model: Model) -> Card:
    """Return a parameter: its row, where the number is from, and the rules it is in."""
    row = model.parameters.loc[id].to_dict()
    facts = {
        "meaning": row["meaning"],
        "value": f"{output.short(row['value'], 4)} {row['unit']}",
        "bounds": f"{row['lower']:g} to {row['upper']:g}",
        "estimated": "yes" if row["estimate"] else "no",
        "evidence": row["evidence"],
        "source": " ".join(x for x in (row["source"], row["locator"]) if x),
        "checked": "yes" if row["verified"] else "no",
        "measured in": row["system"],
        "note": row["note"],
        "table": f"parameters/{row['mechanism']}.tsv",
    }
    return Card("parameter", id, "", {k: v for k, v in facts.items() if v}, _uses(id, model))


def quantity_card(assignment: Assignment, model: Model) -> Card:
    """Return a named quantity: formula as declared, in parts, and where it is used."""
    facts = {"meaning": assignment.meaning, "unit": assignment.unit, "formula": formula(assignment.expr)}
    return Card(
        "quantity", assignment.id, "", {k: v for k, v in facts.items() if v}, _uses(assignment.id, model)
    )


def quantities(exprs: Iterable[Expr]) -> Rows:
    """Return the named quantities in some expressions, and in these, each with its formula."""
    rows = []
    for leaf in _leaves(exprs):
        if isinstance(leaf, Assignment):
            rows.append(
                {"quantity": leaf.id, "unit": leaf.unit, "is": formula(leaf.expr), "means": leaf.meaning}
            )
        elif isinstance(leaf, Load):
            rows.append(
                {"quantity": leaf.id, "unit": leaf.unit, "is": "sum over mechanisms", "means": leaf.meaning}
            )
        elif isinstance(leaf, WeightedTotal | Own):
            rows.append(
                {
                    "quantity": leaf.id,
                    "unit": leaf.unit,
                    "is": "weighted sum of states",
                    "means": leaf.weight.meaning,
                }
            )
    return rows


def parameters(wanted: Iterable[Leaf], model: Model) -> Rows:
    """Return rows of parameters: value, unit, bounds, evidence, source, meaning."""
    known, rows = model.parameters, []
    for leaf in wanted:
        if leaf.id not in known.index:
            continue
        row = known.loc[leaf.id].to_dict()
        rows.append(
            {
                "parameter": leaf.id,
                "value>": output.short(row["value"]),
                "unit": row["unit"],
                "bounds": f"{output.short(row['lower'])}–{output.short(row['upper'])}",
                "evidence": row["evidence"],
                "source": " ".join(x for x in (row["source"], row["locator"]) if x) or "–",
                "means": row["meaning"],
            }
        )
    return rows


def formula(expr: Expr) -> str:
    """Return an expression as people read it; lines may break at the dots."""
    return infix(expr).replace("*", " · ").replace("()", "")


def arrow(rule: Rule) -> str:
    """Return what a rule turns into what, as text."""
    sign = "⇌" if isinstance(rule, Bind) else "→"
    left, right = (str(side).replace("()", "") for side in (rule.arrow.left, rule.arrow.right))
    return f"{left} {sign} {right}"


def factors(pairs: Iterable[tuple[str, float]]) -> str:
    """Return what a mutant multiplies, as text."""
    return ", ".join(f"{id} × {factor:g}" for id, factor in pairs)


def print_card(card: Card) -> None:
    """Print a card."""
    from rich.text import Text

    screen = output.console()
    screen.print(Text.assemble((card.name, "bold"), (f"  ({card.kind})", "dim")), soft_wrap=True)
    for paragraph in textwrap.dedent(card.prose).strip().split("\n\n"):
        if paragraph.strip():
            screen.print(Text("\n" + " ".join(paragraph.split())))
    if card.facts:
        screen.print(output.table("", ["", ""], card.facts.items()))
    for title, rows in card.tables.items():
        screen.print()
        screen.print(output.table(title, list(rows[0]), (list(row.values()) for row in rows)))


def as_record(card: Card) -> dict[str, Any]:
    """Return a card as JSON has it."""
    tables = {
        title: [{key.removesuffix(">"): value for key, value in row.items()} for row in rows]
        for title, rows in card.tables.items()
    }
    return {
        "kind": card.kind,
        "name": card.name,
        "about": textwrap.dedent(card.prose).strip(),
        **card.facts,
        "tables": tables,
    }


def declared_quantities(mechanisms: Iterable[Mechanism]) -> list[Assignment]:
    """Return the named quantities of some mechanisms, as their modules declare them."""
    exprs = [expr for m in mechanisms for expr in m.expressions]
    return [leaf for leaf in _leaves(exprs) if isinstance(leaf, Assignment)]


def pool_of(entity: Any) -> Any:
    """Return the pool that a species is, or is a ledger of."""
    return getattr(entity, "pool", entity)


def _laws(rule: Rule) -> list[str]:
    if isinstance(rule, Bind):
        return [f"on {formula(rule.kon)}, off {formula(rule.koff)}"]
    return [formula(rule.rate if isinstance(rule, Make) else rule.k)]


def _rates(rule: Rule) -> tuple[Expr, ...]:
    if isinstance(rule, Bind):
        return (rule.kon, rule.koff)
    return (rule.rate,) if isinstance(rule, Make) else (rule.k,)


def _leaves(exprs: Iterable[Expr]) -> list[Leaf]:
    """Every leaf once, those inside named quantities after these."""
    found: dict[str, Leaf] = {}
    for expr in exprs:
        for leaf in leaves(expr):
            if leaf.id not in found:
                found[leaf.id] = leaf
                if isinstance(leaf, Assignment):
                    for inner in _leaves([leaf.expr]):
                        found.setdefault(inner.id, inner)
    return list(found.values())


def _of_kind(exprs: Iterable[Expr], kind: type[Leaf]) -> list[Any]:
    """Leaves of a kind that stand in the expressions themselves, not in quantities they name."""
    named = dict.fromkeys(leaf for expr in exprs for leaf in leaves(expr))
    return [leaf for leaf in named if isinstance(leaf, kind)]


def _uses(id: str, model: Model) -> dict[str, Rows]:
    rules = [
        {"mechanism": m.name, "rule": r.name, "rate": _laws(r)[0]}
        for m in model.network.mechanisms
        for r in m.rules
        if any(leaf.id == id for rate in _rates(r) for leaf in leaves(rate))
    ]
    inside = [
        {"quantity": a.id, "means": a.meaning}
        for a in model.network.assignments
        if any(leaf.id == id for leaf in leaves(a.expr))
    ]
    reactions = sum(any(leaf.id == id for leaf in leaves(r.rate)) for r in model.network.reactions)
    tables = {f"Rules ({reactions} reactions)": rules, "Quantities": inside}
    return {title: rows for title, rows in tables.items() if rows}
