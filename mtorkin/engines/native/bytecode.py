"""Nodes of a graph as instructions on numbered registers, for `src/program.h` to carry out.

An instruction writes one register. Instructions of one kind stand together in runs, so that the
kind is looked at once a run. A register holds one number for each lane.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from mtorkin.arrays import Indices
from mtorkin.engines.native.graph import Graph, Node

__all__ = ["Compiler"]

# as in src/program.h
END, ADD2, ADD3, SUB2, MUL2, MUL3, RCP, POW, MOVE, NEGATE, ACC, EXP, LN, LN0, RPOW, SCALE = range(16)
FUNCTIONS = {"exp": EXP, "ln": LN, "ln0": LN0, "rpow": RPOW}


class Instruction(NamedTuple):
    """`words` are the register that is written and the operands; `reads` the registers among them."""

    op: int
    words: tuple[int, ...]
    reads: tuple[int, ...]


@dataclass(eq=False)
class Compiler:
    """Gives nodes of one graph their registers; `prelude` collects what is constant."""

    graph: Graph
    register: dict[Node, int] = field(default_factory=dict)
    size: int = 0
    prelude: list[Instruction] = field(default_factory=list)
    _prefixes: dict[tuple[int, ...], int] = field(default_factory=dict)
    _written: dict[int, list[Instruction]] = field(default_factory=dict)

    def reserve(self, count: int) -> int:
        """Return the first of `count` registers in a row that nothing else uses."""
        self.size += count
        return self.size - count

    def place(self, nodes: Iterable[Node]) -> int:
        """Give given nodes (species, constants, numbers) registers in a row; return the first."""
        first = self.size
        for node in nodes:
            self.register[node] = self.reserve(1)
        return first

    def program(self, outputs: list[Node], first: int | None) -> Indices:
        """Return the instructions that bring `outputs` into the registers from `first` on.

        Without `first` each stays in the register that `at` names. What is constant goes into the
        prelude instead.
        """
        wanted = self._closure(outputs)
        if first is not None:
            self._settle(outputs, first)
        uses = Counter([*outputs, *(a for node in wanted for a in self.graph.nodes[node].args)])
        scaled = self._scaled(sorted(wanted), uses)
        made: list[Instruction] = []
        for node in sorted(wanted - set(scaled)):
            if self.graph.nodes[node].kind in ("y", "p", "num", "name"):
                continue
            if node not in self._written:
                self._written[node] = self._lower(node, uses)
                if self.graph.constant[node]:
                    self.prelude += self._written[node]
            if not self.graph.constant[node]:
                made += self._written[node]
        for i, node in enumerate(outputs if first is not None else ()):
            assert first is not None
            if self.at(node) == first + i:
                continue
            copy = self._sum(first + i, [self.at(node)], [], [])
            (self.prelude if self.graph.constant[node] else made).append(copy)
        live = map(self.at, outputs) if first is None else range(first, first + len(outputs))
        runs = _runs(_read(made, set(live)))
        return np.array([*self._scaling(scaled), *runs], dtype=np.int32)

    def _scaled(self, nodes: list[Node], uses: Counter[Node]) -> list[Node]:
        """Return products of a constant and a species: their registers and those of the constants lie in a
        row, so that a processor can do several at once even for one simulation.
        """
        found = []
        for node in nodes:
            formula = self.graph.nodes[node]
            if formula.kind == "mul" and len(formula.args) == 2 and uses[node] > 1:
                constant, other = formula.args
                own = node not in self.register and not self.graph.constant[node]
                if own and self.graph.constant[constant] and self.graph.nodes[other].kind == "y":
                    found.append(node)
        found.sort(key=lambda node: self.at(self.graph.nodes[node].args[1]))
        to, by = self.reserve(len(found)), self.reserve(len(found))
        for i, node in enumerate(found):
            constant, other = map(self.at, self.graph.nodes[node].args)
            self.register[node] = to + i
            self.prelude.append(Instruction(MOVE, (by + i, constant), (constant,)))
            self._written[node] = [Instruction(MUL2, (to + i, by + i, other), (by + i, other))]
        return found

    def _scaling(self, nodes: list[Node]) -> list[int]:
        if not nodes:
            return []
        to, by, _ = self._written[nodes[0]][0].words
        return [SCALE, len(nodes), to, by, *(self._written[node][0].words[2] for node in nodes)]

    def _settle(self, outputs: list[Node], first: int) -> None:
        """Have what nothing else has placed computed where it is wanted, not copied there."""
        for i, node in enumerate(outputs):
            while self.graph.nodes[node].kind == "name":
                node = self.graph.nodes[node].args[0]
            if node not in self.register and not self.graph.constant[node]:
                self.register[node] = first + i

    def finish(self) -> Indices:
        """Return the prelude, when all programs have been compiled."""
        return _runs(self.prelude)

    def _closure(self, outputs: list[Node]) -> set[Node]:
        found: set[Node] = set()
        todo = list(outputs)
        while todo:
            node = todo.pop()
            if node not in found:
                found.add(node)
                todo += self.graph.nodes[node].args
        return found

    def at(self, node: Node) -> int:
        """Return the register of a node; a name has that of what it stands for."""
        while self.graph.nodes[node].kind == "name":
            node = self.graph.nodes[node].args[0]
        if node not in self.register:
            kind = self.graph.nodes[node].kind
            assert kind not in ("num", "y", "p"), "a leaf has its place before programs are compiled"
            self.register[node] = self.reserve(1)
        return self.register[node]

    def _lower(self, node: Node, uses: Counter[Node]) -> list[Instruction]:
        formula, to = self.graph.nodes[node], self.at(node)
        args = [self.at(a) for a in formula.args]
        match formula.kind:
            case "rcp":
                return [Instruction(RCP, (to, args[0]), (args[0],))]
            case "pow":
                return [Instruction(POW, (to, args[0], int(formula.value)), (args[0],))]
            case "exp" | "ln" | "ln0" | "rpow":
                return [Instruction(FUNCTIONS[formula.kind], (to, *args), tuple(args))]
            case "mul":
                return self._product(to, args)
            case "add":
                return [self._sum(to, *self._signed([(a, None) for a in formula.args], uses))]
            case "acc":
                pairs = list(zip(formula.args[::2], formula.args[1::2], strict=True))
                return [self._sum(to, *self._signed(pairs, uses))]
        raise ValueError(formula.kind)

    def _signed(
        self, terms: Sequence[tuple[Node, Node | None]], uses: Counter[Node]
    ) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """Sort terms into those added, those taken away, and products of two."""
        plus: list[int] = []
        minus: list[int] = []
        pairs: list[tuple[int, int]] = []
        for a, b in terms:
            formula = self.graph.nodes[a]
            fused = formula.kind == "mul" and len(formula.args) == 2 and uses[a] == 1
            if b is None and fused and not self.graph.constant[a]:
                a, b = formula.args
            if b is None:
                plus.append(self.at(a))
                continue
            for x, other in ((a, b), (b, a)):
                if self.graph.value(x) in (1.0, -1.0):
                    (plus if self.graph.value(x) == 1.0 else minus).append(self.at(other))
                    break
            else:
                pairs.append((self.at(a), self.at(b)))
        return plus, minus, pairs

    def _sum(self, to: int, plus: list[int], minus: list[int], pairs: list[tuple[int, int]]) -> Instruction:
        flat = [x for pair in pairs for x in pair]
        reads = (*plus, *minus, *flat)
        if not minus and not pairs and len(plus) in (2, 3):
            return Instruction(ADD2 if len(plus) == 2 else ADD3, (to, *plus), reads)
        if not pairs and len(reads) == 1:
            return Instruction(MOVE if plus else NEGATE, (to, *reads), reads)
        if not pairs and len(plus) == len(minus) == 1:
            return Instruction(SUB2, (to, *reads), reads)
        return Instruction(ACC, (to, len(plus), len(minus), len(pairs), *reads), reads)

    def _product(self, to: int, args: list[int]) -> list[Instruction]:
        """Products of more than three begin with one of three, which others may share."""
        made: list[Instruction] = []
        while len(args) > 3:
            head = tuple(args[:3])
            if head not in self._prefixes:
                self._prefixes[head] = self.reserve(1)
            made.append(Instruction(MUL3, (self._prefixes[head], *head), head))
            args = [self._prefixes[head], *args[3:]]
        made.append(Instruction(MUL2 if len(args) == 2 else MUL3, (to, *args), tuple(args)))
        return made


def _read(made: list[Instruction], outputs: set[int]) -> list[Instruction]:
    """Return the instructions without those whose result nothing reads."""
    live = set(outputs)
    kept = []
    for instruction in reversed(made):
        if instruction.words[0] in live:
            live.update(instruction.reads)
            kept.append(instruction)
    return kept[::-1]


def _runs(instructions: list[Instruction]) -> Indices:
    """Order instructions so that reads come after writes and kinds stand together; encode them.

    The next run is of the kind of which most can be done.
    """
    unique = list({i.words[0]: i for i in instructions}.values())
    written = {i.words[0] for i in unique}
    waiting = {i.words[0]: len({r for r in i.reads if r in written}) for i in unique}
    readers: dict[int, list[Instruction]] = defaultdict(list)
    ready: dict[int, list[Instruction]] = defaultdict(list)
    for i in unique:
        for r in {r for r in i.reads if r in written}:
            readers[r].append(i)
        if not waiting[i.words[0]]:
            ready[i.op].append(i)
    words: list[int] = []
    done = 0
    while any(ready.values()):
        op = max(ready, key=lambda op: (len(ready[op]), -op))
        run = ready[op]  # grows while it is read
        if op == ACC:
            run.sort(key=lambda i: i.words[1:4])  # loops as long as the last time
        begin = len(words)
        words += [op, 0]
        for i in run:
            words += i.words
            for reader in readers[i.words[0]]:
                waiting[reader.words[0]] -= 1
                if not waiting[reader.words[0]]:
                    ready[reader.op].append(reader)
        words[begin + 1] = len(run)
        done += len(run)
        ready[op] = []
    assert done == len(unique), "an instruction reads what is written after it"
    return np.array([*words, END], dtype=np.int32)
