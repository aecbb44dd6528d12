"""Our rules as BioNetGen language: molecules with bonds, not names with values.

In BNGL every part (mTOR, Raptor, FKBP12, ...) is a molecule type of its own, and whatever is joined or
held is bound by a bond, so that BioNetGen's graph machinery finds the species. The meaning of a rule
is written down here a second time, without any call of the closure that is to be tested:

* a site that a rule does not name keeps its value if a product made of the same parts has the site;
* else what sits on it is set free, and a state goes back to its default. BNGL can say so only value
  by value, so such a rule becomes one BNGL rule for each combination of these sites;
* a coupling multiplies an unbinding by what is lost of it, again value by value.

Components: ``up`` and ``down`` join the parts of a complex in their order (so Raptor and Rictor
compete for mTOR's one ``down``), ``host`` joins a held molecule to the site it sits on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product

from mtorkin.language import Mechanism, Molecule, Pattern
from mtorkin.language.molecule import Site
from tests.oracles.steps import (
    Step,
    Values,
    defaults,
    fits,
    id_of,
    is_bond,
    made_of,
    parts,
    related,
    steps,
)

# who bears a site that only a complex has; the first part, where nothing is said
BEARER = {"PRAS40": "Raptor", "at": "Raptor", "Protor": "Rictor"}


@dataclass
class Graph:
    """One side of a BNGL rule: fragments of molecules with components, joined by numbered bonds."""

    fragments: list[dict[str, Values]] = field(default_factory=list)
    bonds: int = 0

    def __str__(self) -> str:
        shown = [".".join(_spelled(n, c) for n, c in f.items()) for f in self.fragments]
        return " + ".join(shown) or "0"


def _spelled(name: str, components: Mapping[str, str]) -> str:
    return f"{name}({','.join(c + v for c, v in sorted(components.items()))})"


class Printer:
    """Prints mechanisms whose rates are plain parameters (see ``with_constants``)."""

    def __init__(self, mechanisms: Iterable[Mechanism]) -> None:
        self.mechanisms = tuple(mechanisms)
        self.couplings = [c for m in self.mechanisms for c in m.couplings]
        self.steps = [s for m in self.mechanisms for r in m.rules for s in steps(r)]
        named = [p.molecule for s in self.steps for p in (*s.left, *s.right)]
        held = [v.holds for m in named for s in m.all_sites for v in s.values if v.holds]
        self.molecules = list(dict.fromkeys([*named, *(h.molecule for h in held)]))
        self.held = {parts(h.molecule)[0] for h in held}
        self.types = self._types()

    def bearer(self, molecule: Molecule, site: str) -> str:
        """The part that bears a site."""
        return BEARER[site] if BEARER.get(site) in molecule.parts else self._owner(molecule, site)

    def _owner(self, molecule: Molecule, site: str) -> str:
        simple = [m for m in self.molecules if len(m.parts) == 1]
        for part in molecule.parts:
            if any(m.name == part and site in {s.name for s in m.all_sites} for m in simple):
                return part
        return parts(molecule)[0]

    def _types(self) -> dict[str, dict[str, Values]]:
        """Molecule types: components with their default, and for states the list of values."""
        types: dict[str, dict[str, Values]] = {}
        for molecule in self.molecules:
            mine = parts(molecule)
            for i, part in enumerate(mine):
                components = types.setdefault(part, {})
                if part in self.held and i == 0:
                    components["host"] = {}
                if i > 0:
                    components["up"] = {}
                if i < len(mine) - 1:
                    components["down"] = {}
            for site in molecule.all_sites:
                values = {} if is_bond(site) else {v.name: f"~{v.name}" for v in site.values}
                types[self.bearer(molecule, site.name)][site.name] = values
        return types

    def seed(self, molecule: Molecule) -> str:
        """A molecule of one part, in its default state."""
        name = parts(molecule)[0]
        return _spelled(name, self._default(name))

    def _default(self, part: str) -> Values:
        return {c: next(iter(v.values()), "") for c, v in self.types[part].items()}

    # -- graphs -------------------------------------------------------------------------------------------

    def graph(self, patterns: Iterable[tuple[Molecule, Values]], whole: bool = False) -> Graph:
        """Fragments of some molecules with values; ``whole`` spells out every default as well."""
        graph = Graph()
        for molecule, values in patterns:
            fragment: dict[str, Values] = {}
            self._add(graph, fragment, molecule, values)
            if whole:
                for part, components in fragment.items():
                    fragment[part] = self._default(part) | components
            graph.fragments.append(fragment)
        return graph

    def _add(self, graph: Graph, fragment: dict[str, Values], molecule: Molecule, values: Values) -> None:
        mine = parts(molecule)
        for part in mine:
            joints = {"host", "up", "down"} & set(self.types[part])
            fragment[part] = dict.fromkeys(joints, "")
        for above, below in pairwise(mine):
            graph.bonds += 1
            fragment[above]["down"] = fragment[below]["up"] = f"!{graph.bonds}"
        for site in molecule.all_sites:
            if site.name not in values:
                continue
            on = fragment[self.bearer(molecule, site.name)]
            held = site.value(values[site.name]).holds
            if not is_bond(site):
                on[site.name] = f"~{values[site.name]}"
            elif held is None:
                on[site.name] = ""
            else:
                state = {s.name: s.default for s in held.molecule.all_sites} | held.asked
                self._add(graph, fragment, held.molecule, state)
                graph.bonds += 1
                on[site.name] = fragment[parts(held.molecule)[0]]["host"] = f"!{graph.bonds}"

    # -- rules --------------------------------------------------------------------------------------------

    def rules(self) -> Iterator[str]:
        """Every BNGL rule."""
        for step in self.steps:
            yield from self._rules(step)

    def _rules(self, step: Step) -> Iterator[str]:
        choices = [self._choices(step, p) for p in step.left]
        for n, chosen in enumerate(product(*choices)):
            left = [(p.molecule, v) for p, v in zip(step.left, chosen, strict=True)]
            right, freed = self._right(step, left)
            before = self.graph(left)
            after = self.graph([*right, *freed])
            self._complete(step, before, after)
            rate = step.k + (self._factor(left, right) if step.unbinding else "")
            last = " DeleteMolecules" if step.lossy and step.left else ""
            yield f"{step.name}_{n}: {before} -> {after} {rate}{last}"

    def _choices(self, step: Step, pattern: Pattern) -> list[Values]:
        """The values of one reactant, for every combination of the sites that must be told apart."""
        open_sites = [s for s in self._told_apart(step, pattern) if s.name not in pattern.asked]
        combinations = product(*([v.name for v in s.values] for s in open_sites))
        return [
            pattern.asked | dict(zip((s.name for s in open_sites), values, strict=True))
            for values in combinations
        ]

    def _told_apart(self, step: Step, pattern: Pattern) -> list[Site]:
        products = [p for p in step.right if related(p.molecule, pattern.molecule)]
        kept = {s.name for p in products for s in p.molecule.all_sites}
        reset = {s for p in products for s in p.asked}
        surviving = {x for p in products for x in p.molecule.parts}
        coupled = {
            s
            for c in self.couplings
            if step.unbinding and c.pattern.molecule == pattern.molecule
            for s in c.pattern.asked
        }
        told = []
        for site in pattern.molecule.all_sites:
            lost = site.name not in kept and (
                is_bond(site) or self.bearer(pattern.molecule, site.name) in surviving
            )
            if lost or site.name in reset or site.name in coupled:
                told.append(site)
        return told

    def _right(
        self, step: Step, left: list[tuple[Molecule, Values]]
    ) -> tuple[list[tuple[Molecule, Values]], list[tuple[Molecule, Values]]]:
        """The products, and what is set free because no product can hold it."""
        right = []
        for pattern in step.right:
            names = [s.name for s in pattern.molecule.all_sites]
            values = {} if step.left and made_of(pattern, left) else defaults(pattern.molecule)
            for molecule, known in left:
                if related(molecule, pattern.molecule):
                    values |= {s: v for s, v in known.items() if s in names}
            right.append((pattern.molecule, values | pattern.asked))
        freed = []
        for pattern, (molecule, known) in zip(step.left, left, strict=True):
            kept = {s for m, values in right if related(m, molecule) for s in values}
            for site in molecule.all_sites:
                unnamed = site.name in known and site.name not in pattern.asked
                if unnamed and site.name not in kept and is_bond(site):
                    held = site.value(known[site.name]).holds
                    if held is not None:
                        freed.append((held.molecule, defaults(held.molecule) | held.asked))
        return right, freed

    def _complete(self, step: Step, before: Graph, after: Graph) -> None:
        """A surviving molecule shows the same components on both sides; a new one shows all.

        A state that only one side can name (a complex has no ``fold``) is what it is on that side.
        """
        old = {part: c for f in before.fragments for part, c in f.items()}
        asked = {s for p in step.left for s in p.asked}
        for fragment in after.fragments:
            for part, components in fragment.items():
                if part not in old:
                    fragment[part] = self._default(part) | components
                    continue
                for name in old[part].keys() - components.keys():
                    stays = name in asked and old[part][name].startswith("~")
                    components[name] = old[part][name] if stays else self._default(part)[name]
                for name in components.keys() - old[part].keys():
                    old[part][name] = components[name]

    def _factor(self, left: list[tuple[Molecule, Values]], right: list[tuple[Molecule, Values]]) -> str:
        text = ""
        for c in self.couplings:
            lost = fits(c, left) - fits(c, right)
            text += f"*{id_of(c)}" * max(lost, 0) + f"/{id_of(c)}" * max(-lost, 0)
        return text

    # -- the file -----------------------------------------------------------------------------------------

    def text(self, values: Mapping[str, float]) -> str:
        """The whole BNGL model, which writes its network when run."""
        types = [
            _spelled(name, {c: "".join(v.values()) for c, v in components.items()})
            for name, components in self.types.items()
        ]
        named = {p.molecule for s in self.steps for p in (*s.left, *s.right)}
        started = [m for m in self.molecules if len(m.parts) == 1 and m in named]
        blocks = {
            "parameters": [f"{id} {value!r}" for id, value in values.items()],
            "molecule types": types,
            "seed species": [f"{self.seed(m)} 1" for m in started],
            "reaction rules": list(self.rules()),
        }
        body = "\n".join(
            f"begin {name}\n" + "\n".join(f"  {x}" for x in lines) + f"\nend {name}"
            for name, lines in blocks.items()
        )
        return f"begin model\n{body}\nend model\ngenerate_network({{overwrite=>1}})\n"
