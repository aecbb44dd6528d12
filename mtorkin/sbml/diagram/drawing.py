"""From tables and a network to boxes and lines, in points: what is drawn, and along which curves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.entities import Ledger, Pool
from mtorkin.network import Network, Species
from mtorkin.sbml.diagram.tables import ArcRow, NodeRow, read_arcs, read_areas, read_nodes
from mtorkin.sbml.origins import origins

__all__ = ["Area", "Box", "Curve", "Drawing", "Line", "Node", "Process", "drawings"]

GRID_X, GRID_Y = 116.0, 74.0
WIDTH, HEIGHT = 96.0, 38.0
MARGIN = 24.0
HALF = 5.0  # half the length of a reaction's own line
APART = 6.0  # of a reaction from the one that reverses it
SIDE = 10.0  # how far the line of a partner runs along the reaction before it turns
GAP = 6.0  # between the end of an arc and the reaction

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle [pt]: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """Its middle [pt]."""
        return (self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True)
class Curve:
    """A cubic Bezier curve [pt]."""

    start: Point
    first: Point
    second: Point
    end: Point

    @property
    def reversed(self) -> Curve:
        """The same curve from its end to its start."""
        return Curve(self.end, self.second, self.first, self.start)

    @property
    def is_straight(self) -> bool:
        """Whether it lies on the line from start to end, to a tenth of a point."""
        along = _unit(self.start, self.end)
        return all(
            abs(along[0] * (y - self.start[1]) - along[1] * (x - self.start[0])) < 0.1
            for x, y in (self.first, self.second)
        )


@dataclass(frozen=True)
class Node:
    """A box for a species, or for an input where `species` is empty."""

    name: str
    species: str
    kind: str
    lines: tuple[str, ...]
    box: Box


@dataclass(frozen=True)
class Line:
    """What joins a box with a reaction, from the box to it or, for a product, to the box."""

    node: str
    role: str
    curve: Curve


@dataclass(frozen=True)
class Process:
    """A reaction: its own short line, and those to what takes part."""

    reaction: str
    curve: Curve
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Area:
    """A rectangle behind: of a compartment, or only named."""

    compartment: str
    label: str
    box: Box


@dataclass(frozen=True)
class Drawing:
    """One picture of (a part of) a network."""

    name: str
    size: Point
    areas: tuple[Area, ...]
    nodes: tuple[Node, ...]
    processes: tuple[Process, ...]


def drawings(network: Network) -> tuple[Drawing, ...]:
    """Return the pictures of a network; of each, what the network has, and none that is empty.

    Variants lack some boxes, and what the tables do not name is not drawn.
    """
    names = dict.fromkeys(row.picture for row in read_nodes())
    made = (_drawing(name, network) for name in names)
    return tuple(d for d in made if d.processes)


def _drawing(name: str, network: Network) -> Drawing:
    there = {s.id for s in network.species} | {i.id for i in network.inputs}
    rows = [r for r in read_nodes() if r.picture == name and (r.species or r.name) in there]
    nodes = {r.name: _node(r) for r in rows}
    arcs = [r for r in read_arcs() if r.picture == name]
    areas = tuple(
        Area(a.compartment, a.label, _rectangle(a.left, a.top, a.right, a.bottom))
        for a in read_areas()
        if a.picture == name
    )
    processes = tuple(_processes(network, nodes, arcs))
    used = {line.node for p in processes for line in p.lines}
    kept = tuple(n for n in nodes.values() if n.name in used)
    boxes = [*(n.box for n in kept), *(a.box for a in areas)]
    size = (
        max((b.x + b.width for b in boxes), default=0.0) + MARGIN,
        max((b.y + b.height for b in boxes), default=0.0) + MARGIN,
    )
    return Drawing(name, size, areas, kept, processes)


def _rectangle(left: float, top: float, right: float, bottom: float) -> Box:
    x, y = _at(left, top)
    return Box(x, y, (right - left) * GRID_X, (bottom - top) * GRID_Y)


def _at(x: float, y: float) -> Point:
    return (MARGIN + (x + 0.5) * GRID_X, MARGIN + (y + 0.5) * GRID_Y)


def _node(row: NodeRow) -> Node:
    x, y = _at(row.x, row.y)
    box = Box(x - WIDTH / 2, y - HEIGHT / 2, WIDTH, HEIGHT)
    return Node(row.name, row.species, row.kind, tuple(row.label.split("|")), box)


def _processes(network: Network, nodes: dict[str, Node], arcs: list[ArcRow]) -> Iterator[Process]:
    """Reactions all of whose participants are drawn; losses and syntheses only where an arc names them."""
    boxes: dict[str, list[Node]] = {}
    for node in nodes.values():
        if node.species:
            boxes.setdefault(node.species, []).append(node)
    hidden = {a.reaction for a in arcs if a.role == "hidden"}
    there = [a for a in arcs if a.node in nodes]
    named = {a.reaction: [b for b in there if b.reaction == a.reaction] for a in there}
    sides = {
        id: (left, right)
        for id, lossy, left, right in _all_sides(network)
        if set(left) | set(right) <= set(boxes) and (not lossy or id in named) and id not in hidden
    }
    kinds = {s.id: _pool(s).molecule.name for s in network.species}
    ways = Counter((frozenset(left), frozenset(right)) for left, right in sides.values())
    seen: Counter[tuple[frozenset[str], frozenset[str]]] = Counter()
    for id, (left, right) in sides.items():
        key = frozenset(left), frozenset(right)
        both = bool(left and right) and len(left) != len(right) and bool(ways[key[::-1]])
        if both and len(left) < len(right):
            continue  # the binding is drawn, with arrows at both ends
        yield _process(id, _ends(left, right, boxes, kinds, both), named.get(id, []), nodes, seen[key])
        seen[key] += 1


def _all_sides(network: Network) -> Iterator[tuple[str, bool, list[str], list[str]]]:
    """What is drawn as turning into what: a mark that is set comes from the pool that bears it."""
    pools = {s.id: s.entity.pool.id for s in network.species if isinstance(s.entity, Ledger)}
    rule_of = origins(network)
    for reaction in network.reactions:
        origin = rule_of[reaction.id]
        if origin.carried:
            continue
        left, right = ([id for id, _ in side] for side in (reaction.reactants, reaction.products))
        if not origin.rule.lossy and (marks := [id for id in (*left, *right) if id in pools]):
            pool = pools[marks[0]]
            left, right = ([*side] if set(side) & set(pools) else [pool, *side] for side in (left, right))
        yield reaction.id, origin.rule.lossy, left, right


def _pool(species: Species) -> Pool:
    entity = species.entity
    return entity.pool if isinstance(entity, Ledger) else entity


@dataclass(frozen=True)
class _Ends:
    """What a reaction joins; the first of each side are those that its line is drawn between."""

    left: list[Node]
    right: list[Node]
    both: bool

    @property
    def line(self) -> tuple[Point, Point]:
        """From where to where the reaction goes."""
        begin = self.left[0].box.centre if self.left else _beside(self.right[0], -1)
        return begin, self.right[0].box.centre if self.right else _beside(self.left[0], 1)


def _ends(
    left: list[str], right: list[str], boxes: dict[str, list[Node]], kinds: dict[str, str], both: bool
) -> _Ends:
    """Begin each side with what stays the same molecule, else with the first; take the nearest boxes."""
    pairs = [(a, b) for a in left for b in right if kinds[a] == kinds[b]] or [
        (a, b) for a in left[:1] for b in right[:1]
    ]
    if not pairs:
        return _Ends([boxes[s][0] for s in left], [boxes[s][0] for s in right], both)
    one, other = pairs[0]
    a, b = min(
        ((a, b) for a in boxes[one] for b in boxes[other]),
        key=lambda ends: math.dist(ends[0].box.centre, ends[1].box.centre),
    )
    (ax, ay), (bx, by) = a.box.centre, b.box.centre
    middle = ((ax + bx) / 2, (ay + by) / 2)
    others = [
        [min(boxes[s], key=lambda n: math.dist(n.box.centre, middle)) for s in side if s != main]
        for side, main in ((left, one), (right, other))
    ]
    return _Ends([a, *others[0]], [b, *others[1]], both)


def _process(id: str, ends: _Ends, arcs: list[ArcRow], nodes: dict[str, Node], rank: int) -> Process:
    begin, end = ends.line
    along = _unit(begin, end)
    aside = (along[1], -along[0])
    shift = 0.0 if ends.both else APART + 2 * APART * rank
    x, y = ((b + e) / 2 + shift * a for b, e, a in zip(begin, end, aside, strict=True))
    head, tail = (x - HALF * along[0], y - HALF * along[1]), (x + HALF * along[0], y + HALF * along[1])
    role = "reversible" if ends.both else "substrate"
    away = (-along[0], -along[1])
    moved = (shift * aside[0], shift * aside[1])
    lines = [_line(n, role, head, away, moved, main=not i) for i, n in enumerate(ends.left)]
    lines += [_line(n, "product", tail, along, moved, main=not i) for i, n in enumerate(ends.right)]
    lines += [_arc(nodes[a.node], a, (x, y)) for a in arcs]
    return Process(id, _straight(head, tail), tuple(lines))


def _beside(node: Node, side: int) -> Point:
    """Where something that comes from nothing begins, above a box, or what is lost goes: below it."""
    x, y = node.box.centre
    return (x, y + side * 0.75 * GRID_Y)


def _unit(begin: Point, end: Point) -> Point:
    size = math.dist(begin, end) or 1.0
    return ((end[0] - begin[0]) / size, (end[1] - begin[1]) / size)


def _line(node: Node, role: str, at: Point, onward: Point, moved: Point, *, main: bool) -> Line:
    """Straight to the box that lies ahead; to another, out of the direction of the reaction."""
    x, y = node.box.centre
    centre = (x + moved[0], y + moved[1]) if main else (x, y)
    reach = max(0.0, 0.45 * (math.dist(centre, at) - 0.5 * WIDTH)) if main else SIDE
    control = (at[0] + reach * onward[0], at[1] + reach * onward[1])
    edge = _border(node.box, centre, control)
    curve = Curve(at, control, control, edge)
    return Line(node.name, role, curve if role == "product" else curve.reversed)


def _arc(node: Node, row: ArcRow, at: Point) -> Line:
    x, y = node.box.centre
    mid = ((x + at[0]) / 2, (y + at[1]) / 2)
    control = (mid[0] - row.bend * (at[1] - y), mid[1] + row.bend * (at[0] - x))
    edge = _border(node.box, (x, y), control)
    back = _unit(at, control)
    stop = (at[0] + GAP * back[0], at[1] + GAP * back[1])
    return Line(node.name, row.role, Curve(edge, control, control, stop))


def _border(box: Box, inside: Point, outside: Point) -> Point:
    """Where the way from a point in a box to one outside leaves it."""
    dx, dy = outside[0] - inside[0], outside[1] - inside[1]
    shares = [1.0]
    for d, low, high, here in (
        (dx, box.x, box.x + box.width, inside[0]),
        (dy, box.y, box.y + box.height, inside[1]),
    ):
        if d:
            shares.append(((high if d > 0 else low) - here) / d)
    share = min(s for s in shares if s >= 0)
    return (inside[0] + share * dx, inside[1] + share * dy)


def _straight(start: Point, end: Point) -> Curve:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    return Curve(start, middle, middle, end)
