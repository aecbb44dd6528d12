"""A file says which mechanism each reaction is of, and where parameters are from."""

from __future__ import annotations

from functools import cache

import libsbml

import mtorkin as mk
from mtorkin.export.sbml import sbml_string


@cache
def document() -> libsbml.SBMLDocument:
    return libsbml.readSBMLFromString(sbml_string(mk.build(context="MCF7")))


def test_each_reaction_is_in_the_group_of_its_mechanism() -> None:
    plugin = document().getModel().getPlugin("groups")
    found = {}
    for i in range(plugin.getNumGroups()):
        group = plugin.getGroup(i)
        for j in range(group.getNumMembers()):
            found.setdefault(group.getMember(j).getIdRef(), []).append(group.getId())
    for r in mk.build().network.reactions:
        assert found[r.id] == [f"mechanism_{r.mechanism}"]


def test_a_group_has_the_text_the_process_and_the_papers_of_its_mechanism() -> None:
    plugin = document().getModel().getPlugin("groups")
    group = next(g for g in map(plugin.getGroup, range(plugin.getNumGroups())) if g.getName() == "tsc rheb")
    assert "makes Rheb hydrolyse GTP" in group.getNotesString()
    uris = [
        group.getCVTerm(i).getResourceURI(j)
        for i in range(group.getNumCVTerms())
        for j in range(group.getCVTerm(i).getNumResources())
    ]
    assert uris[0] == "https://identifiers.org/go/GO:0032006"
    assert any("/pubmed/" in uri for uri in uris)


def test_notes_say_where_a_value_is_from() -> None:
    model = mk.build(context="MCF7")
    changed = [id for id in model.values if model.values[id] != model.table.rows[id].nominalValue]
    for p in document().getModel().getListOfParameters():
        if p.getId() in model.values:
            notes = p.getNotesString()
            if p.getId() in changed:
                assert "Changed: the table of parameters has" in notes
            else:
                assert model.table.rows[p.getId()].evidence in notes


def test_processes_of_reactions() -> None:
    def process(id: str) -> str | None:
        term = document().getModel().getReaction(id).getCVTerm(0)
        return term and term.getResourceURI(0).rpartition("/")[2]

    assert process("mTORC1_phosphorylates_S6K_T389__T389_u") == "GO:0006468"
    assert process("T389_is_dephosphorylated__T389_p") == "GO:0006470"
    assert process("Raptor_joins_mTOR__fold_mature__FRB_free") == "GO:0065003"
    assert process("FKBP12_binds_rapamycin") is None  # no two proteins meet
    assert process("NAD_is_used") is None  # no protein is broken down
