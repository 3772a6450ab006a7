"""The computation as a graph: every value of the way forward and back, the wrong ones beside what they should be."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.computation import ComputationGraph, ComputedValue, EntryBeside, Way
from chainrule.gradcheck.diagnosis.dataflow import Dataflow, Node, short_name, with_sources, without_beginnings
from chainrule.gradcheck.diagnosis.locating import astray_at
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.diagnosis.watched import is_value, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement, SourceLine, Statement, WatchedValue
from chainrule.gradcheck.result import Cause, Line

MOST_VALUES = 40
"""With more the picture could not be read."""

_MATCH, _LEAST_SCALE = 1e-6, 1e-3
_MOST_ENTRIES = 6
"""Of a value whose entries are all told."""


def computation(points: Sequence[CheckedPoint], causes: Sequence[Cause]) -> ComputationGraph | None:
    """The graph at the first point that is wrong, else at the first; None where the program does not bear watching."""
    checked = next((each for each in points if each.verdict != "right"), points[0])
    return _Drawn(checked, [cause.line for cause in causes if cause.line is not None]).graph()


class _Drawn:
    """What a graph is made from: a point, where its gradient goes wrong, and the lines that are blamed for it."""

    def __init__(self, checked: CheckedPoint, lines: Sequence[Line]) -> None:
        self._checked, self._true = checked, TrueValues(checked.point)
        self._blamed = {(line.file, line.cell, line.number) for line in lines}
        self._least = _LEAST_SCALE * max(float(np.abs(n).max(initial=0)) for n in checked.numeric)
        places = astray_at(checked, self._true, self._is_on_a_blamed_line) if checked.verdict != "right" else []
        self._astray = [value for place in places for value in place.given]
        self._mended = self._values_with([change for place in places for change in place.replacements])

    def graph(self) -> ComputationGraph | None:
        """None where nothing was seen; without values where they are too many."""
        for once in (False, True):
            ways = self._ways(once=once)
            count = sum(map(len, ways.values()))
            if count <= MOST_VALUES:
                return self._told(ways, count) if count else None
        return ComputationGraph((), (), count)

    def _values_with(self, changes: Sequence[Replacement]) -> dict[tuple[str, int], Array]:
        """The values of the way back with what is wrong put right; none where nothing is known to be wrong."""
        point = self._checked.point
        if not changes:
            return {}
        try:
            values = point.program.trace(point.arrays, point.data, "gradient", False, changes)
        except Exception:
            # Another value in its place need not suit the code that follows.
            return {}
        return {(value.site, value.occurrence): value.array for value in values}

    def _ways(self, *, once: bool) -> dict[Way, list[Node]]:
        """The values of each way."""
        point = self._checked.point
        given = dict(zip(point.names, point.arrays, strict=True))
        flow = Dataflow(point.program.statements(), given, once=once)
        forward = flow.follow(self._true.forward)
        backward = flow.follow(watched_values(point, "gradient", uses=True), self._true.forward)
        if not any(node.statement for node in backward):
            # One function goes both ways.
            needed = {id(node) for node in with_sources(filter(self._is_of_the_cost, forward))}
            forward, backward = (
                [node for node in forward if (id(node) in needed) is wanted] for wanted in (True, False)
            )
        return {"forward": without_beginnings(forward), "backward": without_beginnings(backward)}

    def _is_of_the_cost(self, node: Node) -> bool:
        """Whether the cost changes with a value."""
        return any(value.site in self._sites_of_the_cost for value in node.values)

    @cached_property
    def _sites_of_the_cost(self) -> set[str]:
        return {true.at.site for true in self._true.every}

    def _told(self, ways: dict[Way, list[Node]], count: int) -> ComputationGraph:
        """The graph of some nodes."""
        places = {id(node): place for place, node in enumerate(itertools.chain(*ways.values()))}
        forward, taken, values = ways["forward"], set[int](), list[ComputedValue]()
        blamed = [node for node in itertools.chain(*ways.values()) if self._is_blamed(node)]
        for way, nodes in ways.items():
            for node in nodes:
                value = self._value(node, way, blamed)
                if way == "backward" and (of := self._derivative_of(node, forward, taken)) is not None:
                    taken.add(id(of))
                    value = replace(value, derivative_of=places[id(of)])
                values.append(value)
        edges = [
            (places[id(source)], places[id(node)])
            for node in itertools.chain(*ways.values())
            for source in node.sources
            if id(source) in places
        ]
        return ComputationGraph(tuple(values), tuple(edges), count)

    def _value(self, node: Node, way: Way, blamed: Sequence[Node]) -> ComputedValue:
        statement, turns = node.statement, list(zip(node.values, self._should_be(node), strict=True))
        differing = [turn for turn, (value, true) in enumerate(turns) if not self._is(value.array, true)]
        is_wrong = any(node is other for other in blamed) or (not blamed and bool(differing))
        value = ComputedValue(
            name=node.name,
            way=way,
            place="" if statement is None else Line.of_source(*statement.line).place,
            text="" if statement is None else statement.text,
            shapes=tuple(dict.fromkeys(value.array.shape for value in node.values)),
            turns=1 if node.statement is None else len(node.values),
            state="wrong" if is_wrong else "follows" if differing else "right",
        )
        if not is_wrong or not differing:
            return value
        # Of several turns the first one that is wrong.
        given, true = turns[differing[0]][0].array, turns[differing[0]][1]
        turn = differing[0] + 1 if len(turns) > 1 else 0
        if given.shape != true.shape:
            return replace(value, true_shape=true.shape, turn=turn)
        return replace(value, entries=_beside(given, true), turn=turn)

    def _should_be(self, node: Node) -> list[Array]:
        """What a node should be in each turn; what it is where that is not known."""
        results = zip(
            self._checked.tensors, self._checked.analytic, self._checked.numeric, strict=True
        )
        wrong = [(analytic, numeric) for tensor, analytic, numeric in results if tensor.verdict != "right"]
        right = []
        for value in node.values:
            known = self._mended.get((value.site, value.occurrence)) if node.statement else None
            if known is None and not self._mended:
                known = next((n for a, n in wrong if is_value(value.array, a)), None)
            right.append(value.array if known is None else known)
        return right

    def _is(self, a: Array, b: Array) -> bool:
        """Whether two arrays are the same but for rounding, and for what gradients of 0 differ by."""
        scale = _MATCH * max(float(np.abs(b).max(initial=0)), self._least)
        return a.shape == b.shape and bool(np.all(np.abs(np.subtract(a, b, dtype=float)) <= scale))

    def _is_blamed(self, node: Node) -> bool:
        """Whether a node is where the gradient goes astray, or stands on a line that a cause names."""
        if node.statement is None:
            return False
        if any(self._is_blamed_line(node.statement.line._replace(number=row)) for row in _rows(node.statement)):
            return True
        sites = {(value.site, value.occurrence) for value in node.values}
        return any(
            (at.site, at.occurrence) in sites or self._holds(node, at) for at in self._astray
        )

    def _is_on_a_blamed_line(self, value: WatchedValue) -> bool:
        return self._is_blamed_line(value.line)

    def _is_blamed_line(self, at: SourceLine) -> bool:
        """Whether a cause names a line."""
        line = Line.of_source(*at)
        return (line.file, line.cell, line.number) in self._blamed

    def _holds(self, node: Node, at: WatchedValue) -> bool:
        """Whether a value astray is formed on the way to a node's, in a turn of its own."""
        statement = node.statement
        return (
            statement is not None
            and at.line.file == statement.line.file
            and statement.first <= at.line.number <= statement.last
            and any(value.occurrence == at.occurrence for value in node.values)
        )

    def _derivative_of(self, node: Node, forward: Sequence[Node], taken: set[int]) -> Node | None:
        """What a value of the way back is, or should be, the derivative by."""
        array = self._should_be(node)[-1]
        sites = {true.at.site for true in self._true.matching(array)}
        leaves = {
            name
            for name, numeric in zip(self._checked.point.names, self._checked.numeric, strict=True)
            if self._is(array, numeric)
        }
        fitting = [
            other
            for other in forward
            if id(other) not in taken
            and (short_name(other.name) in leaves or any(value.site in sites for value in other.values))
        ]
        named = [other for other in fitting if _is_named_after(node.name, other.name)]
        return next(iter([*named, *fitting]), None)


def _rows(statement: Statement) -> range:
    return range(statement.first, statement.last + 1)


def _is_named_after(derivative: str, name: str) -> bool:
    """``dx`` after ``x``, ``grad_W1`` after ``W1``."""
    plain, after = (re.sub(r"\W|_", "", short_name(text)).lower() for text in (derivative, name))
    return bool(after) and plain != after and plain.endswith(after)


def _beside(given: Array, true: Array) -> tuple[EntryBeside, ...]:
    """The entries of a wrong value beside the right ones, or the one that differs most."""
    every = list(np.ndindex(given.shape))
    if len(every) > _MOST_ENTRIES:
        every = [max(every, key=lambda index: abs(float(given[index]) - float(true[index])))]
    return tuple(EntryBeside(index, float(given[index]), float(true[index])) for index in every)
