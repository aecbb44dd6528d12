"""`mtorkin show`: what the model says, from the same data that it is built of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import options, output, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.cli.cards import Card
    from mtorkin.model import Model

TOPICS = (
    "mechanisms, molecules, parameters, observables, quantities, inputs, drugs, protocols, mutants, "
    "contexts, claims, sources, species, reactions"
)


def show(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND] NAME",
            help="A mechanism, molecule, parameter, observable, quantity, input, drug, mutant, context, "
            "protocol, claim, source, species or reaction, alone or after the word for what it is; or one of "
            f"the lists {TOPICS}.",
        ),
    ] = None,
    named: Annotated[str | None, typer.Argument(hidden=True)] = None,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    json: options.Json = False,
) -> None:
    """Show what the model says: mechanisms, rules with rate laws, numbers with their sources.

    \b
    Examples:
      mtorkin show                       the mechanisms
      mtorkin show mtorc1                one of them: prose, rules, parameters
      mtorkin show koff_mTORC2           a parameter: number, source, where it is used
      mtorkin show mTOR                  a molecule and its sites
      mtorkin show drugs                 all drugs; show RAD001 says more of one
      mtorkin show protocols             treatments that have a name
      mtorkin show claim B13             a claim: what is tested, and who says so
      mtorkin show source Sarbassov2006  what was read of it, and what it is used for
    """
    from mtorkin.cli import cards, drug_cards, topics

    kind, name = (name, named) if named is not None else (None, name)
    topic = "mechanisms" if name is None else drug_cards.name_of(name)
    topic = topic.lower() if topic.lower() in topics.TOPICS else topic
    model = options.make_model(context, overlay, set_, scale, mutate, drug_cards.needed_for(topic))
    if topic in topics.TOPICS:
        found = [cards.Card("list", topic, "", {}, {"": topics.TOPICS[topic](model)})]
        kind = None if kind == "all" else kind
    else:
        found = find(topic, model)
    found = of_kind(found, kind)
    if json:
        output.print_json([cards.as_record(card) for card in found])
        return
    if name is None:
        print_counts(model)
    print_cards(found)
    if name is None:
        output.console().print(f"\nmtorkin show NAME says more. Other lists: {TOPICS}.")
        output.console().print(f"Engines: scipy, roadrunner and {native()}.")


def native() -> str:
    """Return which native engine there is, or why there is none (no unit)."""
    from mtorkin.engines.native.library import load, missing

    why = missing()
    return f"no native one: {why}" if why else f"native ({load().kind}, {load().lanes} lanes)"


def print_counts(model: Model) -> None:
    """Print how large a model is."""
    network = model.network
    output.console().print(
        f"{len(network.mechanisms)} mechanisms make {len(network.species)} species and "
        f"{len(network.reactions)} reactions, with {len(network.parameters)} parameters and "
        f"{len(network.observables)} observables.\n"
    )


def print_cards(found: list[Card]) -> None:
    """Print cards and lists."""
    from mtorkin.cli import cards, drug_cards

    for card in found:
        if card.kind == "list":
            rows = card.tables[""]
            output.console().print(output.table("", list(rows[0]), (list(row.values()) for row in rows)))
            if card.name == "inputs":
                output.console().print(f"\n{drug_cards.more()}")
        else:
            cards.print_card(card)
            output.console().print()


def find(name: str, model: Model) -> list[Card]:
    """Return all cards of a name; letter case counts only where it tells things apart.

    Raises DeclarationError, with the nearest match, where nothing has the name.
    """
    from mtorkin.build import contexts
    from mtorkin.cli import book, cards, drug_cards, literature_cards, topics

    network = model.network
    mechanisms = {m.name: m for m in network.mechanisms}
    molecules = topics.molecules(model)
    quantities = {leaf.id: leaf for leaf in cards.declared_quantities(network.mechanisms)}
    rest = [x.id for group in (network.observables, network.species, network.reactions) for x in group]
    rest += [*model.inputs.index, *(m.name for m in network.mutations)]
    rest += [*drug_cards.names(), *contexts(), *literature_cards.names()]
    known = list(dict.fromkeys([*topics.TOPICS, *mechanisms, *molecules, *model.values, *quantities, *rest]))
    if name not in known:
        same = [other for other in known if other.lower() == name.lower()]
        name = (
            same[0]
            if same
            else words.known(
                name, known, "mechanism, molecule, parameter or anything else called", "try `mtorkin show`"
            )
        )
    found = [*topics.context_cards(name), *drug_cards.cards_of(name)]
    if name in mechanisms:
        found.append(cards.mechanism_card(mechanisms[name], model))
    if name in molecules:
        found.append(cards.molecule_card(molecules[name], model))
    if name in model.values:
        found.append(cards.parameter_card(name, model))
    if name in quantities:
        found.append(cards.quantity_card(quantities[name], model))
    found += [*topics.one_line_cards(name, model), *literature_cards.cards_of(name, model)]
    first, *others = found
    return [book.with_rows(first), *others]


def of_kind(found: list[Card], kind: str | None) -> list[Card]:
    """Return the cards of a kind (claim, source, drug, ..., or the plural), all for None.

    Raises DeclarationError where there is none, saying what the name is.
    """
    word = (kind or "").lower()
    meant = {word, word.removesuffix("s"), re.sub("ies$", "y", word)}
    kept = [card for card in found if kind is None or card.kind in meant]
    if not kept:
        kinds = ", ".join(dict.fromkeys(card.kind for card in found))
        raise DeclarationError(f"{found[0].name} is no {kind}: it is a {kinds}; mtorkin show {found[0].name}")
    return kept
