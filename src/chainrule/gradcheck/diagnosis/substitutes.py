"""What may stand in the place of a value of a backward pass: true values, and numeric gradients of parameters.

A backward pass is affine in each of its values: with r in the place of the value v the gradient is G + L (r - v). Where
that is the numeric gradient n, drawn numbers w and u = L^T w give <r, u> = <v, u> + w (n - G). As <r, u> is the
derivative of the cost along u, two runs of the forward pass tell true values that may belong there from most that do
not, and all entries are found of the former alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues
from chainrule.gradcheck.diagnosis.watched import by_site
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement, WatchedValue

_NEAR = 1e-4
_AT_ONCE = 50
_FEW, _SMALL = 2, 20
"""Of so few true values, or of values with so few entries, all entries are found at once."""


@dataclass(frozen=True)
class Substitute:
    """A true value that may belong somewhere: in a loop, one for each turn; the numeric gradient of a parameter."""

    arrays: tuple[Array, ...]
    true: tuple[TrueValue | None, ...]


@dataclass(frozen=True)
class TruePlacement:
    """True values, one for each turn, and in which of their forms they are to be put into place."""

    true: tuple[TrueValue, ...]
    form: int


class Response:
    """How the gradient answers to other values in the place of some.

    Args:
        vector: the gradient, and what it should be.
        held: what is in the place of other values already.
        values: the values, one for each turn.
        before: the gradient without other ones (n,); None where the code does not bear what is in place already.
        entries: the entries that count (n,); all by default.

    Attributes:
        reached: its entries that change with the values (n,); none where the code does not bear that.
    """

    def __init__(
        self,
        vector: GradientVector,
        held: Sequence[Replacement],
        values: Sequence[WatchedValue],
        before: Array | None,
        entries: Array | None = None,
    ) -> None:
        self._vector, self._held, self.values, self._given = vector, held, values, before
        rng = np.random.default_rng(0)
        after = vector.with_changes(
            self._with({id(v): v.array + rng.normal(size=v.array.shape) for v in values})
        )
        self.reached: Array = np.zeros(len(vector.given), dtype=bool)
        if before is not None and after is not None:
            self.reached = vector.changed(before, after) & (True if entries is None else entries)
        self._weights = rng.normal(size=len(vector.given)) * self.reached

    @cached_property
    def turns(self) -> list[Response]:
        """The same for each of several values by itself and the entries that no later one reaches: those are right once
        it is. None of them where one has no such entries."""
        alone = partial(Response, self._vector, self._held, before=self._given)
        of_later, turns = np.zeros_like(self.reached), list[Response]()
        for value in reversed(self.values if len(self.values) > 1 else ()):
            reached = alone([value]).reached
            # What the last turn hands on may be used no more.
            if reached.any():
                turns.insert(0, alone([value], entries=reached & ~of_later))
            of_later |= reached
        return turns if all(turn.reached.any() for turn in turns) else []

    @cached_property
    def along(self) -> list[Array] | None:
        """u for each of the values, in its shape; None where the gradient is not affine in them: what it is not affine
        in is no derivative."""
        if not self.reached.any():
            return None
        drawn = np.random.default_rng(1)
        steps = [(v, drawn.normal(size=v.array.shape)) for v in self.values]
        once, twice = self._answers([{id(v): v.array + n * step for v, step in steps} for n in (1, 2)])
        if not abs(twice - 2 * once + self._before) <= _NEAR * abs(once - self._before):
            return None
        return [self._of_one(value) for value in self.values]

    @cached_property
    def _before(self) -> float:
        """w G with nothing else; no number where the code does not bear what is in place already."""
        return float(self._answers([{}])[0])

    @cached_property
    def target(self) -> float:
        """What <r, u> adds up to where the values r mend the gradient."""
        given = sum(float(np.vdot(v.array, u)) for v, u in zip(self.values, self.along or [], strict=True))
        return given + float(self._weights @ self._vector.numeric) - self._before

    def _of_one(self, value: WatchedValue) -> Array:
        units = np.eye(value.array.size).reshape(-1, *value.array.shape)
        answers = self._answers([{id(value): value.array + unit} for unit in units])
        along: Array = (answers - self._before).reshape(value.array.shape)
        return along

    def _answers(self, every: Sequence[Mapping[int, Array]]) -> Array:
        """w G with some of the values others, by their identity, in each of many ways (k,)."""
        return self._vector.projections(self._weights, [self._with(others) for others in every])

    def _with(self, others: Mapping[int, Array]) -> list[Replacement]:
        """What takes the place of values where some of these are others, and the rest are held."""
        own = [Replacement(v.site, v.occurrence, others.get(id(v), v.array)) for v in self.values]
        return [*self._held, *own]


def substitutes(true: TrueValues, every: Sequence[TrueValue], response: Response) -> Iterator[Substitute]:
    """The true values that may belong in the place of some values, the first ones first."""
    shapes = [value.array.shape for value in response.values]
    candidates = list(_candidates([*every, *_idle_beside(every, true)], shapes))
    for candidate in _mending(true, candidates, response) if len(candidates) > _FEW else candidates:
        if not all(map(true.affords, candidate.true)):
            continue
        arrays = [
            next(islice(forms(true.entries(each), shape), candidate.form, None))
            for each, shape in zip(candidate.true, shapes, strict=True)
        ]
        yield Substitute(tuple(arrays), candidate.true)


def gradients_of_parameters(checked: CheckedPoint, response: Response) -> Iterator[Substitute]:
    """The numeric gradients of parameters whose own are wrong, where they have the shape of one value."""
    if len(response.values) == 1:
        for name, numeric in zip(checked.point.names, checked.numeric, strict=True):
            if name in checked.names_not_right:
                yield from (Substitute((f,), (None,)) for f in forms(numeric, response.values[0].array.shape))


def of_other_shapes(true: TrueValues, every: Sequence[TrueValue], response: Response) -> Iterator[Substitute]:
    """What may belong there if it has another length: a sum along the wrong axis has the wrong shape as well."""
    shape = response.values[0].array.shape
    ones = sum(n == 1 for n in shape)
    for each in every if len(response.values) == 1 else ():
        its = each.at.array.shape
        if len(its) == len(shape) and its != shape and 0 < sum(n == 1 for n in its) <= ones:
            yield Substitute((true.entries(each),), (each,))


def _mending(
    true: TrueValues, candidates: Sequence[TruePlacement], response: Response
) -> Iterator[TruePlacement]:
    """Those that may mend the gradient."""
    along = response.along
    if along is None:
        return
    for start in range(0, len(candidates), _AT_ONCE):
        some = candidates[start : start + _AT_ONCE]
        ways = [
            (each, next(islice(forms(u, each.at.array.shape), candidate.form, None)))
            for candidate in some
            for each, u in zip(candidate.true, along, strict=True)
        ]
        slopes = _slopes(true, ways)
        for candidate, its in zip(some, slopes.reshape(len(some), -1), strict=True):
            size = float(np.abs(its).sum()) + abs(response.target)
            if abs(float(its.sum()) - response.target) <= _NEAR * size:
                yield candidate


def _slopes(true: TrueValues, ways: Sequence[tuple[TrueValue, Array]]) -> Array:
    """The derivative of the cost along each of some ways; without a run where all entries are known, as those of small
    values are once they were asked for: what a loop does is asked in each of its turns."""
    known = [true.knows(each) or (each.at.array.size <= _SMALL and true.affords(each)) for each, _ in ways]
    slopes = np.array(
        [
            float(np.vdot(true.entries(each), u)) if its else 0.0
            for (each, u), its in zip(ways, known, strict=True)
        ]
    )
    moved = [way for way, its in zip(ways, known, strict=True) if not its]
    # Values are moved as far as usual, however small u is.
    sizes = np.array([float(np.abs(u).max()) or 1.0 for _, u in moved])
    slopes[~np.array(known, dtype=bool)] = sizes * true.along(
        [(each, u / size) for (each, u), size in zip(moved, sizes, strict=True)]
    )
    return slopes


def _candidates(every: Sequence[TrueValue], shapes: Sequence[tuple[int, ...]]) -> Iterator[TruePlacement]:
    """Those that have the values' sizes: of a value and its only use, which have one derivative, one."""
    if len(shapes) == 1:
        seen: set[tuple[object, ...]] = set()
        for each in (each for each in every if each.told.any()):
            key = (each.at.array.shape, f"{each.told[0]:.8e}")
            if key not in seen:
                seen.add(key)
                count = sum(1 for _ in forms(each.at.array, shapes[0]))
                yield from (TruePlacement((each,), form) for form in range(count))
        return
    own = {id(each.at): each for each in every}
    for turns in by_site(each.at for each in sorted(every, key=lambda each: each.at.occurrence)).values():
        yield from (c for c in _in_turns([own[id(at)] for at in turns], shapes))


def _idle_beside(every: Sequence[TrueValue], true: TrueValues) -> list[TrueValue]:
    """Those of the same loops that are 0 in their turns: each turn has its own."""
    sites = {each.at.site for each in every}
    return [each for each in true.idle if each.at.site in sites]


def _in_turns(turns: Sequence[TrueValue], shapes: Sequence[tuple[int, ...]]) -> Iterator[TruePlacement]:
    """One true value for each turn, first or last one first."""
    for order in (turns[::-1], turns):
        for start in range(len(order) - len(shapes) + 1):
            chosen = order[start : start + len(shapes)]
            pairs = zip(chosen, shapes, strict=True)
            if all(next(forms(each.at.array, shape), None) is not None for each, shape in pairs):
                yield TruePlacement(tuple(chosen), 0)


def forms(array: Array, shape: tuple[int, ...]) -> Iterator[Array]:
    """A value as an array of a shape: as it is, transposed, or with axes of one entry more or less."""
    if array.shape == shape:
        yield array
    if array.ndim == 2 and array.T.shape == shape:
        yield array.T
    if array.shape != shape and [n for n in array.shape if n > 1] == [n for n in shape if n > 1]:
        yield array.reshape(shape)
