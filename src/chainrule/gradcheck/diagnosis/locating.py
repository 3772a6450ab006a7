"""Where a backward pass of any kind goes wrong: the first of its values in whose place a true one mends the gradient.

A value that is true of something on the way forward is right. Of the others, the first is meant with which the gradient
is right once a true value stands in its place; in a loop, one for each turn. Values that are true of something else
than what they are used for come after, the last of them first. Where nothing mends all that is wrong, there are several
mistakes, and each is looked for by the tensors that it spoils.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues
from chainrule.gradcheck.diagnosis.watched import by_site, formed, is_value, watched_values
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement, SourceLine, WatchedValue

_MATCH = 1e-6
_MOST_TRIALS = 3000
_MOST_MISTAKES = 4


@dataclass(frozen=True)
class Astray:
    """A place at which the backward pass goes wrong.

    Attributes:
        given: the values that are formed there, one for each turn of a loop.
        right: what they should be.
        true: what these are the derivatives by; None where it is a parameter.
        tensors: the parameters whose gradients are right with them.
    """

    given: tuple[WatchedValue, ...]
    right: tuple[Array, ...]
    true: TrueValue | None
    tensors: tuple[str, ...]

    @property
    def line(self) -> SourceLine:
        """Where it is."""
        return self.given[0].line

    @property
    def replacements(self) -> list[Replacement]:
        """What mends it."""
        pairs = zip(self.given, self.right, strict=True)
        return [Replacement(value.site, value.occurrence, array) for value, array in pairs]


@dataclass(frozen=True)
class _Wanted:
    """A true value that may belong somewhere: in a loop, one for each turn; the numeric gradient of a parameter."""

    arrays: tuple[Array, ...]
    true: TrueValue | None


def astray(checked: CheckedPoint, true: TrueValues) -> list[Astray]:
    """Where the gradient goes wrong at a point, one place for each mistake that could be told; the first one first."""
    search = _Search(checked, true)
    found: list[Astray] = []
    while len(found) < _MOST_MISTAKES and (wrong := search.wrong_with(found)):
        place = search.first_that_mends(wrong, found)
        if place is None:
            break
        found.append(place)
    return found


class _Search:
    """The values of a backward pass, and what may stand in their place."""

    def __init__(self, checked: CheckedPoint, true: TrueValues) -> None:
        self._checked, self._true, self._trials = checked, true, 0
        values = formed(watched_values(checked.point, "gradient"))
        self._groups = by_site(value for value in values if value.array.dtype.kind == "f")
        self._right = {id(v): true.has(v.array) for group in self._groups.values() for v in group}
        held = {id(t) for group in self._groups.values() for v in group for t in true.matching(v.array)}
        self._unheld = [t for t in true.every if id(t) not in held]

    def wrong_with(self, found: Sequence[Astray]) -> set[str]:
        """The tensors that are wrong with what was found put right."""
        wrong = set(self._checked.names_not_right)
        return wrong - self._mended(wrong, found, []) if found else wrong

    def first_that_mends(self, wrong: set[str], found: Sequence[Astray]) -> Astray | None:
        """The first place that mends all of some tensors; else the first that mends most of them."""
        best: Astray | None = None
        reached = [(group, self._reached(group, found)) for group in self._groups.values()]
        for size in range(len(wrong), 0, -1):
            groups = [group for group, tensors in reached if tensors <= wrong and len(tensors) == size]
            for place in self._places(groups, wrong, found):
                if best is None or len(place.tensors) > len(best.tensors):
                    best = place
                if len(best.tensors) == size:
                    return best
        return best

    def _reached(self, group: Sequence[WatchedValue], found: Sequence[Astray]) -> set[str]:
        """The tensors that change where an expression's values do; where the code does not bear it, all."""
        rng, before = np.random.default_rng(0), self._gradient(found, [])
        moved = [Replacement(v.site, v.occurrence, v.array + rng.normal(size=v.array.shape)) for v in group]
        after = self._gradient(found, moved)
        names = self._checked.point.names
        if before is None or after is None:
            return set(names)
        return {n for n, a, b in zip(names, before, after, strict=True) if not np.array_equal(a, b)}

    def _places(
        self, groups: Sequence[list[WatchedValue]], wrong: set[str], found: Sequence[Astray]
    ) -> Iterator[Astray]:
        """Every place of some at which something mends a tensor, the likeliest first."""
        in_place = [group for group in groups if all(self._right[id(value)] for value in group)]
        odd = [group for group in groups if group not in in_place]
        for some, true in ((odd, self._unheld), (odd, self._true.every), (in_place[::-1], self._true.every)):
            for group in some:
                yield from self._at(group, true, wrong, found)

    def _at(
        self, group: list[WatchedValue], true: Sequence[TrueValue], wrong: set[str], found: Sequence[Astray]
    ) -> Iterator[Astray]:
        for wanted in self._wanted(group, true):
            if self._trials >= _MOST_TRIALS:
                return
            place = Astray(tuple(group[: len(wanted.arrays)]), wanted.arrays, wanted.true, ())
            if all(is_value(v.array, a) for v, a in zip(place.given, place.right, strict=True)):
                continue
            self._trials += 1
            mended = self._mended(wrong, found, place.replacements)
            if mended:
                yield Astray(place.given, place.right, place.true, tuple(sorted(mended)))

    def _wanted(self, group: list[WatchedValue], true: Sequence[TrueValue]) -> Iterator[_Wanted]:
        """What may belong in the place of an expression's values."""
        first = group[0].array
        for i, name in enumerate(self._checked.point.names):
            if name in self._checked.names_not_right and len(group) == 1:
                yield from (_Wanted((form,), None) for form in _forms(self._checked.numeric[i], first.shape))
        if len(group) == 1:
            for each in true:
                if each.at.array.size == first.size:
                    yield from (_Wanted((form,), each) for form in _forms(self._entries(each), first.shape))
            return
        for turns in by_site(t.at for t in true).values():
            if len(turns) >= len(group) and turns[0].array.size == first.size:
                yield from self._in_turns(group, [self._of(at) for at in turns])

    def _in_turns(self, group: list[WatchedValue], turns: list[TrueValue]) -> Iterator[_Wanted]:
        """One true value for each turn, first or last one first."""
        for order in (turns[::-1], turns):
            for start in range(len(order) - len(group) + 1):
                chosen = order[start : start + len(group)]
                forms = [next(_forms(self._entries(t), v.array.shape), None) for t, v in zip(chosen, group, strict=True)]
                if all(form is not None for form in forms):
                    yield _Wanted(tuple(form for form in forms if form is not None), chosen[0])

    def _of(self, at: WatchedValue) -> TrueValue:
        return next(t for t in self._true.every if t.at is at)

    def _entries(self, true: TrueValue) -> Array:
        return true.entries(self._checked.point)

    def _mended(self, wrong: set[str], found: Sequence[Astray], more: list[Replacement]) -> set[str]:
        """The wrong tensors that are right with values in the place of others; none where that makes others wrong."""
        gradient = self._gradient(found, more)
        if gradient is None:
            return set()
        names = self._checked.point.names
        right = {n for n, g, t in zip(names, gradient, self._checked.numeric, strict=True) if _same(g, t)}
        return right & wrong if right >= set(names) - wrong else set()

    def _gradient(self, found: Sequence[Astray], more: list[Replacement]) -> list[Array] | None:
        """The gradient with values in the place of others; None where these do not suit the code that follows."""
        changes = [*(change for place in found for change in place.replacements), *more]
        try:
            return self._checked.point.gradient(changes)
        except Exception:
            return None


def _forms(array: Array, shape: tuple[int, ...]) -> Iterator[Array]:
    """A value as an array of a shape: as it is, transposed, or with axes of one entry more or less."""
    if array.shape == shape:
        yield array
    if array.ndim == 2 and array.T.shape == shape:
        yield array.T
    if array.shape != shape and [n for n in array.shape if n > 1] == [n for n in shape if n > 1]:
        yield array.reshape(shape)


def _same(a: Array, b: Array) -> bool:
    return bool(np.linalg.norm(a - b) <= _MATCH * float(np.linalg.norm(b)) + 1e-9)
