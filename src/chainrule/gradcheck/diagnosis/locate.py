"""The line on which a wrong value is formed: where putting the right value in its place mends the gradient.

Every expression of the user's source is watched once. For each one, the right values of the derivation that have its
shape are put in its place, in turn; if the gradient then comes out right, that expression is where it goes wrong. Of
several such places the first is meant whose value is not right already; values that are right, but not the ones that
belong there (probabilities where the error of the scores should be), come after, the last of them first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis.diagnose import Diagnosis
from chainrule.gradcheck.diagnosis.reading import Reading
from chainrule.gradcheck.leaves import Array
from chainrule.gradcheck.point import Point, matched
from chainrule.gradcheck.result import Cause, Line
from chainrule.gradcheck.subject import Arrays, Data, Subject

_MATCH = 1e-6
_MOST_TRIALS = 3000


@dataclass(frozen=True)
class Value:
    """A right value of the derivation: its kind and layer, and the array with samples as rows."""

    kind: str
    layer: int
    array: Array


def with_lines(
    subject: Subject, names: Sequence[str], points: Sequence[Point], explained: Diagnosis
) -> list[Cause]:
    """The causes, each with its line where one was found."""
    if explained.fault != "gradient":
        return explained.causes
    point = next((p for p in points if p.verdict == "wrong"), points[0])
    line = line_of(subject, names, point, _right_values(explained.reading, names, point))
    return [on_line(cause, line) for cause in explained.causes]


def on_line(cause: Cause, line: Line | None) -> Cause:
    """A cause with its line."""
    return cause if line is None else replace(cause, line=line, evidence=f"{line.place}, {cause.evidence}")


def line_of(subject: Subject, names: Sequence[str], point: Point, right: Sequence[Value]) -> Line | None:
    """Where the gradient goes wrong at a point, given the right values of the derivation; None if not found."""
    try:
        sites = subject.trace(point.arrays, point.data)
    except Exception:
        # Watching is a help; a program that does not bear it keeps its diagnosis.
        return None
    own = [Value(f"n{name}", 0, n) for name, n in zip(names, point.compared.numeric, strict=True)]
    return _first_that_mends(subject, names, point, sites, [*right, *own])


def line_of_value(subject: Subject, arrays: Arrays, data: Data, value: Array) -> Line | None:
    """The last line that gives a value which came back; None if no expression gives it."""
    try:
        sites = subject.trace(arrays, data)
    except Exception:
        # As in line_of.
        return None
    last = next((site for site in reversed(sites) if _equal(site["array"], value)), None)
    return None if last is None else _as_line(last)


def _right_values(reading: Reading | None, names: Sequence[str], point: Point) -> list[Value]:
    """Every right intermediate value, where the cost is known."""
    if reading is None:
        return []
    net = reading.net(point.arrays, point.data)
    nets.forward(net, reading.form.steps(len(net.layers)))
    nets.backward(net, reading.form.steps(len(net.layers)))
    return [Value(kind, layer, array) for (kind, layer), array in nets.traced(net).items()]


def _first_that_mends(
    subject: Subject,
    names: Sequence[str],
    point: Point,
    sites: Sequence[dict[str, Any]],
    right: Sequence[Value],
) -> Line | None:
    """The first wrong value whose repair mends the gradient; else the last right one that is out of place."""
    samples, trials, misplaced = _samples(right), 0, None
    for group in _by_site(sites):
        for changes in _candidates(group, right, samples):
            trials += 1
            if trials > _MOST_TRIALS:
                return misplaced
            if _mends(subject, names, point, changes):
                if not all(_is_known(occurrence["array"], right) for occurrence in group):
                    return _as_line(group[0])
                misplaced = _as_line(group[0])
                break
    return misplaced


def _is_known(array: Array, right: Sequence[Value]) -> bool:
    """Whether a value is right, whatever it is used for."""
    return any(_equal(array, form) for _, form in _forms(right, array.shape, 1.0))


def _samples(right: Sequence[Value]) -> float:
    return float(next((v.array.shape[0] for v in right if v.kind == "G"), 1))


def _by_site(sites: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Evaluations grouped by expression, in the order in which each expression was first evaluated."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for site in sites:
        groups.setdefault(site["site"], []).append(site)
    return list(groups.values())


def _forms(right: Sequence[Value], shape: tuple[int, ...], scale: float) -> Iterator[tuple[Value, Array]]:
    """Every right value as an array of that shape: as it is, transposed, as a row or column."""
    for value in right:
        array = value.array * scale
        if array.shape == shape:
            yield value, array
        if array.ndim == 2 and array.T.shape == shape:
            yield value, array.T
        if array.ndim == 1 and array.size == int(np.prod(shape)) == max(shape):
            yield value, array.reshape(shape)


def _candidates(
    group: Sequence[dict[str, Any]], right: Sequence[Value], samples: float
) -> Iterator[list[dict[str, Any]]]:
    """What to put in the place of an expression: one right value, or in a loop one of a kind for every layer."""
    for scale in dict.fromkeys((1.0, samples)):
        if len(group) > 1:
            yield from _in_a_loop(group, right, scale)
        for occurrence in group[:8]:
            for _, array in _forms(right, occurrence["array"].shape, scale):
                if not _equal(occurrence["array"], array):
                    yield [_change(occurrence, array)]


def _in_a_loop(
    group: Sequence[dict[str, Any]], right: Sequence[Value], scale: float
) -> Iterator[list[dict[str, Any]]]:
    for kind in dict.fromkeys(value.kind for value in right if value.layer):
        of_kind = [value for value in right if value.kind == kind]
        for order in (of_kind, of_kind[::-1]):
            for start in range(len(order) - len(group) + 1):
                changes = []
                for occurrence, value in zip(group, order[start:], strict=False):
                    form = next((a for _, a in _forms([value], occurrence["array"].shape, scale)), None)
                    if form is None:
                        break
                    changes.append(_change(occurrence, form))
                if len(changes) == len(group):
                    yield changes


def _change(occurrence: dict[str, Any], array: Array) -> dict[str, Any]:
    return {"site": occurrence["site"], "occurrence": occurrence["occurrence"], "array": array}


def _mends(subject: Subject, names: Sequence[str], point: Point, changes: Sequence[dict[str, Any]]) -> bool:
    try:
        returned = subject.gradient_replacing(point.arrays, point.data, changes)
        gradient = matched(names, point.arrays, returned)
    except Exception:
        # Another value in its place need not suit the code that follows.
        return False
    return all(_close(g, n) for g, n in zip(gradient, point.compared.numeric, strict=True))


def _close(g: Array, n: Array) -> bool:
    size = max(float(np.linalg.norm(g)), float(np.linalg.norm(n)))
    return bool(np.linalg.norm(g - n) <= _MATCH * size + 1e-9)


def _equal(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(
        np.linalg.norm(a - b) <= _MATCH * max(float(np.linalg.norm(b)), 1e-300)
    )


def _as_line(site: dict[str, Any]) -> Line:
    return Line(Path(site["file"]).name, site["line"], site["text"])
