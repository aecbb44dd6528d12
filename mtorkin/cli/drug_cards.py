"""What `mtorkin show` says of drugs, also of those that are not in the standard model."""

from __future__ import annotations

from typing import Any

from mtorkin.cli.cards import Card, Rows
from mtorkin.drugs import bringing, dose_in_blood, drug_named, drugs, on_request
from mtorkin.mechanisms.catalogue import CATALOGUE, by_name
from mtorkin.model import Model


def rows(model: Model) -> Rows:
    """Return a row a drug."""
    return [
        {
            "drug": str(name),
            "also known as": row["also_known_as"],
            "class": row["class"],
            "targets": row["targets"],
            "in the standard model": "yes" if row["in_standard_model"] else "on request",
            "note": row["note"],
        }
        for name, row in drugs().iterrows()
    ]


def names() -> list[str]:
    """Return every name that a drug goes by."""
    return [name for d in CATALOGUE for name in (d.name, *d.also)]


def more() -> str:
    """Return which inputs a list of the standard model's lacks, in a sentence."""
    table = drugs()
    left_out = ", ".join(table.index[~table["in_standard_model"]].astype(str))
    return f"Drugs on request, which a --period may name as well: {left_out}. See `mtorkin show drugs`."


def name_of(name: str) -> str:
    """Return the model's own name of a drug that is called `name`; any other name as it is."""
    drug = by_name().get(name.lower())
    return name if drug is None else drug.name


def needed_for(name: str) -> tuple[str, ...]:
    """Return the drug that the standard model lacks and that has to be there to show `name`."""
    return on_request((name, bringing(name)))


def cards_of(name: str) -> list[Card]:
    """Return the card of a drug: its names, class, targets, and how to give it; none for others."""
    if name.lower() not in by_name():
        return []
    drug = drug_named(name)
    table = drugs().loc[drug.name].to_dict()
    facts: dict[str, Any] = {
        "also known as": table["also_known_as"],
        "class": drug.kind,
        "targets": drug.targets,
        "molar mass": f"{drug.molar_mass:g} g/mol" if drug.molar_mass else "",
        "apparent volume of blood": f"{drug.litres:g} L" if drug.litres else "",
        "1 mg in nM"
        if "kg" not in drug.note
        else "1 mg per kg in nM": f"{dose_in_blood(drug.name, mg=1):.4g}" if drug.litres else "",
        "note": drug.note,
        "in the standard model": "yes"
        if table["in_standard_model"]
        else f"no: mtorkin.with_drugs(model, {drug.name!r}), or name it in a --period",
        "to give it": f"--period '0 {drug.name}=NANOMOLAR'",
    }
    return [Card("drug", drug.name, "", {k: v for k, v in facts.items() if v})]
