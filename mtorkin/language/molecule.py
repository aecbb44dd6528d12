"""Molecules: a name with sites, each of which holds one of a few values.

*Structural sites* decide which pool a molecule is in (who sits on HEAT, what sits on FRB, where it
is); every combination that the rules can reach is a species. *Marks* (phospho-sites, loosely bound
accessory subunits) do not change how fast a pool turns into another; for each pool, the amount that
bears the mark is one further species, its ledger. Marks that depend on each other are declared as
one joint group and carry their joint states.

Limits, enforced by errors: a complex holds each part once (no dimers of one part, no polymers);
enzymes act through totals (they are modifiers; where sequestration matters, write the binding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mtorkin.errors import DeclarationError, nearest
from mtorkin.language.expression import Leaf, Parameter

COMPARTMENTS = ("cell", "medium", "blood")

# for shares of what may be absent: 0 / 0 has no value, 0 / (0 + floor) has
POOL_FLOOR = Parameter("pool_floor", "nM", "amount at which the marks of a nearly empty pool stop counting")


@dataclass(frozen=True)
class Value:
    """One value of a site, and the molecule that sits there when the site has it."""

    name: str
    holds: Pattern | None = None


@dataclass(frozen=True)
class Site:
    """A place with a finite list of values; the first is the default."""

    name: str
    values: tuple[Value, ...]

    def value(self, name: str) -> Value:
        """Return the value of that name."""
        return next(v for v in self.values if v.name == name)

    @property
    def default(self) -> str:
        """The value a new molecule has."""
        return self.values[0].name


@dataclass(frozen=True)
class Molecule:
    """A molecule kind: structural sites, groups of marks, and what it is composed of.

    ``parts`` are the elementary molecules counted in conservation laws (itself, if simple).
    ``dose`` is the name by which a period sets its concentration, for drugs put into the medium.
    """

    name: str
    sites: tuple[Site, ...] = ()
    groups: tuple[tuple[Site, ...], ...] = ()
    parts: tuple[str, ...] = ()
    compartment: str = "cell"
    dose: str = ""
    uniprot: tuple[str, ...] = ()
    meaning: str = field(default="", compare=False)

    def __call__(self, **where: str | Molecule | Pattern) -> Pattern:
        """Return the pattern 'this molecule with these values'; unnamed sites may have any value."""
        return Pattern(self, tuple(sorted((s, self._checked(s, v)) for s, v in where.items())))

    def _checked(self, site: str, value: str | Molecule | Pattern) -> str:
        name = value if isinstance(value, str) else _holder_name(value)
        known = {s.name: s for s in self.all_sites}
        if site not in known:
            allowed = ", ".join(known) or "none"
            raise DeclarationError(
                f"{self.name} has no site {site!r}; it has {allowed}{nearest(site, known)}"
            )
        values = [v.name for v in known[site].values]
        if name not in values:
            raise DeclarationError(
                f"{self.name}.{site} cannot be {name!r}; it can be {', '.join(values)}{nearest(name, values)}"
            )
        return name

    @property
    def all_sites(self) -> tuple[Site, ...]:
        """Structural sites, then marks in the order of their groups."""
        return self.sites + tuple(s for g in self.groups for s in g)

    @property
    def abundance(self) -> Parameter:
        """The total a cell starts with [nM]; scaling it is how a gene dose is set."""
        return Parameter(f"{self.name}_abundance", "nM", f"total {self.name} in a cell")


@dataclass(frozen=True)
class Pattern:
    """A molecule with some of its sites fixed."""

    molecule: Molecule
    where: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Pattern | Side) -> Side:
        return Side((self,)) + other

    def __rshift__(self, other: Pattern | Side) -> Arrow:
        return Side((self,)) >> other

    @property
    def total(self) -> Total:
        """Amount [nM] summed over everything that fits this pattern."""
        return Total(str(self), "nM", self)

    @property
    def asked(self) -> dict[str, str]:
        """The fixed sites by name."""
        return dict(self.where)

    def __str__(self) -> str:
        return f"{self.molecule.name}({', '.join(f'{s}={v}' for s, v in self.where)})"


@dataclass(frozen=True)
class Side:
    """One side of an arrow."""

    patterns: tuple[Pattern, ...] = ()

    def __add__(self, other: Pattern | Side) -> Side:
        return Side(self.patterns + _side(other).patterns)

    def __rshift__(self, other: Pattern | Side) -> Arrow:
        return Arrow(self, _side(other))

    def __str__(self) -> str:
        return " + ".join(map(str, self.patterns)) or "nothing"


@dataclass(frozen=True)
class Arrow:
    """What turns into what."""

    left: Side
    right: Side

    def __str__(self) -> str:
        return f"{self.left} >> {self.right}"


NOTHING = Side()


@dataclass(frozen=True)
class Total(Leaf):
    """The amount of everything that fits a pattern; stands in expressions until the network is built."""

    pattern: Pattern


SiteSpec = Iterable[str | Molecule | Pattern | Value]


def molecule(
    name: str,
    *,
    sites: Mapping[str, SiteSpec] | None = None,
    marks: Mapping[str, SiteSpec] | None = None,
    joint: Iterable[tuple[str, ...]] = (),
    parts: tuple[str, ...] | None = None,
    compartment: str = "cell",
    dose: str = "",
    uniprot: tuple[str, ...] = (),
    meaning: str = "",
) -> Molecule:
    """Declare a molecule. A site's value is a word, or the molecule (pattern) that sits there.

    ``joint`` names the marks that depend on each other, as tuples.
    """
    structural = tuple(_site(n, v) for n, v in (sites or {}).items())
    made = {n: _site(n, v) for n, v in (marks or {}).items()}
    groups = _grouped(name, made, tuple(joint))
    names = [s.name for s in structural] + list(made)
    for word in (name, *names, *(v.name for s in (*structural, *made.values()) for v in s.values)):
        if not re.fullmatch(r"\w+", word, re.ASCII):
            raise DeclarationError(f"{name}: {word!r} cannot be part of an id; use letters, digits and _")
    if name[0].isdigit():
        raise DeclarationError(f"{name!r} cannot begin an id with a digit; spell it (FourEBP1)")
    for site in (*structural, *made.values()):
        if len({v.name for v in site.values}) != len(site.values) or len(site.values) < 2:
            raise DeclarationError(f"{name}.{site.name} needs two or more values, each once")
    if twice := {n for n in names if names.count(n) > 1}:
        raise DeclarationError(f"{name} declares {', '.join(sorted(twice))} twice")
    if compartment not in COMPARTMENTS:
        raise DeclarationError(
            f"{name}: no compartment {compartment!r}; there are {', '.join(COMPARTMENTS)}"
            f"{nearest(compartment, COMPARTMENTS)}"
        )
    return Molecule(name, structural, groups, parts or (name,), compartment, dose, uniprot, meaning)


def join(
    name: str,
    *members: Molecule,
    sites: Mapping[str, SiteSpec] | None = None,
    marks: Mapping[str, SiteSpec] | None = None,
    joint: Iterable[tuple[str, ...]] = (),
    without: Iterable[str] = (),
) -> Molecule:
    """Declare the complex of some molecules: it has their sites and marks, and some of its own.

    A site or mark named here replaces the members' one of that name (so a member's mark may become
    structural in the complex); ``without`` drops sites the complex cannot have.
    """
    dropped = set(without) | set(sites or {}) | set(marks or {})
    kept_sites = {s.name: s.values for m in members for s in m.sites if s.name not in dropped}
    kept_marks = {s.name: s.values for m in members for g in m.groups for s in g}
    parts = tuple(p for m in members for p in m.parts)
    if len(set(parts)) < len(parts):
        raise DeclarationError(f"{name} would hold a part twice: {', '.join(parts)}")
    inherited = [tuple(s.name for s in g) for m in members for g in m.groups if len(g) > 1]
    mine = {n for group in joint for n in group}
    return molecule(
        name,
        sites={**kept_sites, **(sites or {})},
        marks={**{n: v for n, v in kept_marks.items() if n not in dropped}, **(marks or {})},
        joint=(*joint, *(g for g in inherited if not mine & set(g))),
        parts=parts,
    )


def _side(x: Pattern | Side) -> Side:
    return x if isinstance(x, Side) else Side((x,))


def _holder_name(x: Molecule | Pattern) -> str:
    return x.name if isinstance(x, Molecule) else x.molecule.name


def _site(name: str, values: SiteSpec) -> Site:
    return Site(name, tuple(_value(v) for v in values))


def _value(v: str | Molecule | Pattern | Value) -> Value:
    if isinstance(v, Value):
        return v
    if isinstance(v, str):
        return Value(v)
    return Value(_holder_name(v), v() if isinstance(v, Molecule) else v)


def _grouped(
    owner: str, marks: dict[str, Site], joint: tuple[tuple[str, ...], ...]
) -> tuple[tuple[Site, ...], ...]:
    for names in joint:
        if missing := [n for n in names if n not in marks]:
            raise DeclarationError(f"{owner}: joint marks {missing} are not declared")
    together = [n for names in joint for n in names]
    if twice := sorted({n for n in together if together.count(n) > 1}):
        raise DeclarationError(f"{owner}: {', '.join(twice)} is in two joint groups; make them one")
    groups: list[tuple[Site, ...]] = []
    for name, site in marks.items():
        if name not in together:
            groups.append((site,))
        elif group := next((g for g in joint if g[0] == name), None):
            groups.append(tuple(marks[n] for n in group))
    return tuple(groups)
