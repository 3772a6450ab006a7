"""The computation as a graph: every value of the way forward and back, the wrong ones beside what they should be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import TimeUpError
from chainrule.gradcheck.computation import ComputationGraph, ComputedValue, EntryBeside, ValueState, Way
from chainrule.gradcheck.diagnosis.dataflow import Dataflow
from chainrule.gradcheck.diagnosis.locating import astray_at, slope_astray
from chainrule.gradcheck.diagnosis.nodes import (
    Node,
    after,
    each_once,
    short_name,
    with_sources,
    without_beginnings,
)
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.diagnosis.watched import is_value, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import NamedStatement, Replacement, WatchedValue
from chainrule.gradcheck.program.wrapping import LONGEST_SHOWN
from chainrule.gradcheck.result import Cause, Line

MOST_VALUES = 40
"""With more the picture could not be read."""

_MATCH, _LEAST_SCALE = 1e-6, 1e-3
_MOST_ENTRIES = 6
"""Of a value whose entries are all told."""


def computation(points: Sequence[CheckedPoint], causes: Sequence[Cause]) -> ComputationGraph | None:
    """The graph at the first point that is wrong, else at the first; None where the program does not bear watching.

    Raises:
        TimeUpError: it was up before.
    """
    checked = next((each for each in points if each.verdict != "right"), points[0])
    try:
        return _DrawnPoint(checked, [cause.line for cause in causes if cause.line is not None]).graph()
    except TimeUpError:
        raise
    except Exception:
        # A picture is a help; without it the outcome stands as it is.
        return None


class _DrawnPoint:
    """What a graph is made from: a point, where its gradient goes wrong, and the lines that are blamed for it."""

    def __init__(self, checked: CheckedPoint, lines: Sequence[Line]) -> None:
        self._checked, self._true = checked, TrueValues(checked.point)
        self._lines = lines
        self._least = _LEAST_SCALE * max(float(np.abs(n).max(initial=0)) for n in checked.numeric)
        places = self._places() if checked.verdict != "right" else []
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

    def _places(self) -> list[Astray]:
        """Where the gradient goes astray: what a blamed line forms, where that is known."""
        places = astray_at(self._checked, self._true, self._is_on_a_blamed_line)
        return [
            place if self._is_on_a_blamed_line(place.given[0]) else self._slope(place) for place in places
        ]

    def _slope(self, place: Astray) -> Astray:
        """The slope of a step that a blamed line forms, and that a place is wrong by; else the place."""
        found = slope_astray(place, self._checked, self._true) if self._lines else None
        return found[0] if found and self._is_on_a_blamed_line(found[0].given[0]) else place

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
        read = {id(source) for node in flow.nodes for source in node.sources}
        forward, backward = (
            [node for node in without_beginnings(nodes) if node.statement or id(node) in read]
            for nodes in (forward, backward)
        )
        return {"forward": forward, "backward": backward}

    def _is_of_the_cost(self, node: Node) -> bool:
        """Whether the cost changes with a value."""
        return any(value.site in self._true.sites_of_the_cost for value in node.values)

    def _told(self, ways: dict[Way, list[Node]], count: int) -> ComputationGraph:
        """The graph of some nodes."""
        forward, backward = ways["forward"], ways["backward"]
        nodes = [*forward, *backward]
        places = {id(node): place for place, node in enumerate(nodes)}
        states, untold = self._states(nodes)
        of = self._derivatives(backward, forward, untold)
        values, edges = [], list[tuple[int, int]]()
        for place, node in enumerate(nodes):
            way: Way = "forward" if place < len(forward) else "backward"
            derivative_of = places[id(of[id(node)])] if id(node) in of else None
            values.append(replace(self._value(node, way, states[id(node)]), derivative_of=derivative_of))
            # No value of the way forward is told to be made of one of the way back.
            end = len(forward) if way == "forward" else len(nodes)
            edges += [(places[id(s)], place) for s in node.sources if places.get(id(s), end) < end]
        return ComputationGraph(tuple(values), tuple(edges), count)

    def _states(self, nodes: Sequence[Node]) -> tuple[dict[int, ValueState], set[int]]:
        """Which nodes are right, by identity, and those of which it is not known what is right."""
        wrong = self._blamed_of(nodes)
        # What a blamed line spoils is not where it goes wrong.
        spoilt = after(nodes, wrong)
        wrong += [node for node in nodes if self._is_astray(node) and id(node) not in spoilt]
        wrong = wrong or [node for node in nodes if self._differing(node)]
        unknown = [node for node in wrong if not self._differing(node)]
        untold = after(nodes, unknown)
        states: dict[int, ValueState] = {
            id(node): "follows" if id(node) in untold or self._differing(node) else "right" for node in nodes
        }
        return states | {id(node): "wrong" for node in wrong}, untold | {id(node) for node in unknown}

    def _differing(self, node: Node) -> list[int]:
        """In which turns a node is known to be wrong."""
        pairs = zip(node.values, self._should_be(node), strict=True)
        return [turn for turn, (value, true) in enumerate(pairs) if not self._is(value.array, true)]

    def _value(self, node: Node, way: Way, state: ValueState) -> ComputedValue:
        statement, differing = node.statement, self._differing(node)
        value = ComputedValue(
            name=node.name,
            way=way,
            place="" if statement is None else Line.of_source(*statement.line).place,
            text="" if statement is None else _shown(statement),
            shapes=tuple(dict.fromkeys(value.array.shape for value in node.values)),
            turns=1 if statement is None else len(node.values),
            state=state,
        )
        if not differing or (state != "wrong" and not self._is_astray(node)):
            return value
        # Of several turns the first one that is wrong; what is filled in place is looked at once it is filled.
        turn = differing[-1 if node.values[0].in_place else 0]
        given, true = node.values[turn].array, self._should_be(node)[turn]
        value = replace(value, turn=0 if len(node.values) == 1 or node.values[0].in_place else turn + 1)
        if given.shape != true.shape:
            return replace(value, true_shape=true.shape)
        return replace(value, entries=_beside(given, true))

    def _should_be(self, node: Node) -> list[Array]:
        """What a node should be in each turn; what it is where that is not known."""
        results = zip(self._checked.tensors, self._checked.analytic, self._checked.numeric, strict=True)
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

    def _blamed_of(self, nodes: Sequence[Node]) -> list[Node]:
        """The nodes on lines that causes name; of those on one line the ones that are known to be wrong, if any are."""
        found: dict[tuple[str, str], list[Node]] = {}
        for node in nodes:
            for line in self._lines:
                if node.statement is not None and _stands_on(node.statement, line):
                    found.setdefault((line.file, line.place), []).append(node)
        chosen = ([node for node in its if self._differing(node)] or its for its in found.values())
        return each_once(node for its in chosen for node in its)

    def _is_astray(self, node: Node) -> bool:
        """Whether a node is where the gradient goes astray."""
        sites = {(value.site, value.occurrence) for value in node.values}
        if any((at.site, at.occurrence) in sites for at in self._astray):
            return True
        may_be = bool(self._differing(node)) or not self._mended
        return may_be and any(self._holds(node, at) for at in self._astray)

    def _is_on_a_blamed_line(self, value: WatchedValue) -> bool:
        """Whether a cause names the line of a value."""
        at = Line.of_source(*value.line)
        return any((line.file, line.place) == (at.file, at.place) for line in self._lines)

    def _holds(self, node: Node, at: WatchedValue) -> bool:
        """Whether a value astray is formed on the way to a node's, in a turn of its own."""
        statement = node.statement
        return (
            statement is not None
            and at.line.file == statement.line.file
            and statement.first <= at.line.number <= statement.last
            and any(value.occurrence == at.occurrence for value in node.values)
        )

    def _derivatives(
        self, backward: Sequence[Node], forward: Sequence[Node], untold: set[int]
    ) -> dict[int, Node]:
        """For values of the way back, by identity, what each is, or should be, the derivative by: told by numbers; by
        names where it is not known what is right."""
        of: dict[int, Node] = {}
        for by_names in (False, True):
            for node in backward:
                if id(node) in of or (by_names and id(node) not in untold):
                    continue
                free = [other for other in forward if not any(other is taken for taken in of.values())]
                fitting = free if by_names else self._with_derivative(self._should_be(node)[-1], free)
                named = [other for other in fitting if _is_named_after(node.name, other.name)]
                for other in named[:1] or ([] if by_names else fitting[:1]):
                    of[id(node)] = other
        return of

    def _with_derivative(self, array: Array, nodes: Sequence[Node]) -> list[Node]:
        """The nodes that an array is the derivative by."""
        sites = {true.at.site for true in self._true.matching(array)}
        numeric = zip(self._checked.point.arrays, self._checked.numeric, strict=True)
        parameters = [parameter for parameter, its in numeric if self._is(array, its)]
        return [
            node
            for node in nodes
            if any(value.site in sites for value in node.values)
            or (node.statement is None and any(np.array_equal(node.values[0].array, p) for p in parameters))
        ]


def _stands_on(statement: NamedStatement, line: Line) -> bool:
    """Whether a line is one of a statement's."""
    at = Line.of_source(*statement.line)
    return (line.file, line.cell) == (at.file, at.cell) and statement.first <= line.number <= statement.last


def _shown(statement: NamedStatement) -> str:
    """The expression; of what is changed in place the statement."""
    return statement.line.text.strip()[:LONGEST_SHOWN] if statement.joins else statement.text


def _is_named_after(derivative: str, name: str) -> bool:
    """Whether a value is called the derivative by another one.

    >>> _is_named_after("dx", "x"), _is_named_after("grads['W1']", "W1"), _is_named_after("dscores", "s")
    (True, True, False)
    """
    before = r"(d|grad_?|g_?|delta_?|d[lj]_?d_?)?"
    return (
        re.fullmatch(before + re.escape(short_name(name)), short_name(derivative), re.IGNORECASE) is not None
    )


def _beside(given: Array, true: Array) -> tuple[EntryBeside, ...]:
    """The entries of a wrong value beside the right ones, or the one that differs most."""
    every: Sequence[int] = range(given.size)
    if given.size > _MOST_ENTRIES:
        every = [int(np.argmax(np.abs(np.subtract(given, true, dtype=float))))]
    indices = [tuple(map(int, np.unravel_index(entry, given.shape))) for entry in every]
    return tuple(EntryBeside(index, float(given[index]), float(true[index])) for index in indices)
