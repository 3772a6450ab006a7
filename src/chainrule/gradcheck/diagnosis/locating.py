"""Where a backward pass of any kind goes wrong: the first of its values in whose place a true one mends the gradient.

A value that is true of something on the way forward is right. Of the others, the first is meant with which the gradient
is right once a true value stands in its place; in a loop, one for each turn. Values that are true of something else
than what they are used for come after, the last of them first. Where nothing mends all that is wrong, there are several
mistakes, and each is looked for by the tensors that it spoils.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.substitutes import Response, Substitute, forms, substitutes
from chainrule.gradcheck.diagnosis.true_values import StepSlope, TrueValue, TrueValues
from chainrule.gradcheck.diagnosis.watched import (
    by_site,
    evaluations,
    formed,
    in_few_turns,
    is_value,
)
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement, SourceLine, WatchedValue

_MATCH = 1e-6
_LEAST_SCALE = 1e-3
"""Of the largest gradient: what a parameter's own is compared at least in terms of."""

_MOST_TRIALS, _MOST_EVALUATIONS = 3000, 1_000_000
_MOST_MISTAKES = 4


@dataclass(frozen=True)
class Astray:
    """A place at which the backward pass goes wrong.

    Attributes:
        given: the values that are formed there, one for each turn of a loop.
        right: what they should be.
        true: what each of these is the derivative by; None where it is a parameter, or a slope.
        tensors: the parameters whose gradients are right with them.
    """

    given: tuple[WatchedValue, ...]
    right: tuple[Array, ...]
    true: tuple[TrueValue | None, ...]
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


def astray(checked: CheckedPoint, true: TrueValues, before: Sequence[Astray] = ()) -> list[Astray]:
    """Where the gradient goes wrong at a point, one place for each mistake that could be told; the first one first.
    What was found at another point is looked for alone."""
    search = _PlaceSearch(checked, true)
    if before:
        search.keep_to(before)
    found: list[Astray] = []
    while len(found) < _MOST_MISTAKES and (wrong := search.wrong_with(found)).any():
        place = search.first_that_mends(wrong, found)
        if place is None or search.wrong_with([*found, place]).any():
            # Of several mistakes one is told by the parameters that it alone spoils.
            place = search.first_that_mends_a_parameter(wrong, found) or place
        if place is None:
            break
        found.append(place)
    return found


def astray_at(
    checked: CheckedPoint, true: TrueValues, is_blamed: Callable[[WatchedValue], bool]
) -> list[Astray]:
    """The same, with values that are blamed for it looked at first, the whole of a statement before its parts."""
    search, found = _PlaceSearch(checked, true), list[Astray]()
    while len(found) < _MOST_MISTAKES and (wrong := search.wrong_with(found)).any():
        place = search.blamed_that_mends(is_blamed, wrong, found) or search.first_that_mends(wrong, found)
        if place is None:
            break
        found.append(place)
    return found


def slope_astray(place: Astray, checked: CheckedPoint, true: TrueValues) -> tuple[Astray, StepSlope] | None:
    """What the value of a place is made of, where that is to be the slope of a step and is not: with the slope in its
    place the gradient is right."""
    return _PlaceSearch(checked, true).slope_before(place)


def misplaced(place: Astray, checked: CheckedPoint, true: TrueValues) -> Astray | None:
    """The last value in front of a place that is true of something else than what it is used for, and hidden by the
    place: with what belongs there all is right."""
    return _PlaceSearch(checked, true).misplaced_before(place)


class _PlaceSearch:
    """The values of a backward pass, and what may stand in their place. Gradients are one vector of all parameters."""

    def __init__(self, checked: CheckedPoint, true: TrueValues) -> None:
        self._checked, self._true, self._trials = checked, true, 0
        values = [value for value in in_few_turns(true.backward) if value.array.dtype.kind == "f"]
        self._most_trials = min(_MOST_TRIALS, _MOST_EVALUATIONS // max(1, evaluations(values)))
        matches = {id(value): list(true.matching(value.array)) for value in values}
        self._right = {each for each, of in matches.items() if any(not match.is_use for match in of)}
        values = self._not_of_the_way_forward(values)
        self._formed, self._every = by_site(formed(values)), by_site(values)
        # On the way back the last value comes first.
        self._candidates = true.every[::-1]
        self._unheld = [t for t in self._candidates if not true.is_formed(t)]
        largest = [float(np.abs(n).max(initial=0)) for n in checked.numeric]
        # The true values are as exact as differences are, also where a gradient is 0, as of a bias before batch norm.
        least = max(_LEAST_SCALE * max(largest), 1e-6)
        scales = [np.full(n.size, max(own, least)) for n, own in zip(checked.numeric, largest, strict=True)]
        self._numeric, self._scale = _joined(checked.numeric), np.concatenate(scales)

    def _not_of_the_way_forward(self, values: list[WatchedValue]) -> list[WatchedValue]:
        """Those that change with the derivatives that are known to be right, and what is formed before these."""
        point = self._checked.point
        rng = np.random.default_rng(0)
        right = [value for value in values if id(value) in self._right]
        others = [Replacement(v.site, v.occurrence, _another(v.array, rng)) for v in right]
        data = [
            _another(d, rng) if isinstance(d, np.ndarray) and d.dtype.kind == "f" else d for d in point.data
        ]
        try:
            seen = point.program.trace(point.arrays, data, "gradient", False, others)
        except Exception:
            # As in _gradient.
            return values
        after = {(each.site, each.occurrence): each.array for each in seen}
        changed = {
            value.site
            for value in values
            if not np.array_equal(after.get((value.site, value.occurrence), ()), value.array)
        }
        first = next((i for i, value in enumerate(values) if id(value) in self._right), len(values))
        return values[:first] + [value for value in values[first:] if value.site in changed]

    def keep_to(self, places: Sequence[Astray]) -> None:
        """Look at the places and the true values of another point only."""
        sites = {place.given[0].site for place in places}
        self._formed = {site: group for site, group in self._every.items() if site in sites}
        self._every = self._formed
        true = {each.at.site for place in places for each in place.true if each is not None}
        self._candidates = [each for each in self._candidates if each.at.site in true]
        self._unheld = [each for each in self._unheld if each.at.site in true]

    def wrong_with(self, found: Sequence[Astray]) -> Array:
        """The entries that are wrong with what was found put right."""
        gradient = self._gradient(found, [])
        return self._wrong(_joined(self._checked.analytic) if gradient is None else gradient)

    def first_that_mends(self, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """The first place that mends all that is wrong; else the first of those that mend most. What is put together of
        others is looked at where these do not, and where these are right."""
        place = self._among(self._formed, wrong, found)
        if place is None:
            return self._among(self._every, wrong, found)
        return self._put_together_before(place, wrong, found) or place

    def first_that_mends_a_parameter(self, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """The first place with which all that is wrong of a parameter is right, and nothing else is wrong."""
        before = self._gradient(found, [])

        def enough(after: Array) -> bool:
            return not (after & ~wrong).any() and bool(self._mended(wrong, after))

        for group in self._formed.values():
            if any(id(value) in self._right for value in group):
                continue
            response = self._response(group, found, before)
            if not self._reaches_wrong_ones(response.reached, wrong):
                continue
            place = next(
                self._at(response, self._substitutes(response, self._candidates), found, enough), None
            )
            if place is not None:
                return replace(place, tensors=self._mended(wrong, self.wrong_with([*found, place])))
        return None

    def _mended(self, wrong: Array, after: Array) -> tuple[str, ...]:
        """The parameters that were wrong and are right."""
        ends = np.cumsum([a.size for a in self._checked.point.arrays])[:-1]
        pairs = zip(self._checked.point.names, np.split(wrong, ends), np.split(after, ends), strict=True)
        return tuple(name for name, own, then in pairs if own.any() and not then.any())

    def blamed_that_mends(
        self, is_blamed: Callable[[WatchedValue], bool], wrong: Array, found: Sequence[Astray]
    ) -> Astray | None:
        """The last of some values that mends what is wrong and depends on it."""
        before = self._gradient(found, [])
        blamed = [group for group in self._every.values() if is_blamed(group[0])]
        responses = [self._response(group, found, before) for group in reversed(blamed)]
        return next(self._places([each for each in responses if (each.reached & wrong).any()], found), None)

    def _put_together_before(self, place: Astray, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """What is put together of right values in front of a place, and is wrong itself: in another order."""
        before = itertools.takewhile(lambda site: site != place.given[0].site, self._every)
        sites = {site: self._every[site] for site in before if site not in self._formed}
        other = self._among(sites, wrong, found)
        return other if other is not None and set(other.tensors) >= set(place.tensors) else None

    def _among(
        self, sites: dict[str, list[WatchedValue]], wrong: Array, found: Sequence[Astray]
    ) -> Astray | None:
        before = self._gradient(found, [])
        every = [self._response(group, found, before) for group in sites.values()]
        every = [each for each in every if self._reaches_wrong_ones(each.reached, wrong)]
        for most in sorted({int((each.reached & wrong).sum()) for each in every}, reverse=True):
            responses = [each for each in every if (each.reached & wrong).sum() == most]
            place = next(self._places(responses, found), None)
            if place is not None:
                return self._last_alike(place, sites, found)
        return None

    def misplaced_before(self, place: Astray) -> Astray | None:
        """See :func:`misplaced`."""
        before, wrong = self._gradient([], []), self.wrong_with([])
        groups = itertools.takewhile(lambda group: group[0] is not place.given[0], self._formed.values())
        for group in reversed(list(groups)):
            if not all(id(value) in self._right for value in group):
                continue
            response = self._response(group, [], before)
            if not self._reaches_wrong_ones(response.reached, wrong):
                continue
            for found in self._at(response, self._substitutes(response, self._candidates), []):
                if not self.wrong_with([found]).any():
                    return found
        return None

    def slope_before(self, place: Astray) -> tuple[Astray, StepSlope] | None:
        """The first value in front of a place in whose stead a slope mends what the place does."""
        if len(place.given) > 1 or place.given[0].array.size < 2:
            return None
        size, slopes, before = place.given[0].array.size, None, self._gradient([], [])
        for group in itertools.takewhile(lambda group: group[0] is not place.given[0], self._formed.values()):
            if len(group) > 1 or group[0].array.size != size:
                continue
            response = self._response(group, [], before)
            if not response.reached.any() or self._names(response.reached) != place.tensors:
                continue
            slopes = self._true.slopes(size) if slopes is None else slopes
            for slope in slopes:
                wanted = (Substitute((form,), (None,)) for form in forms(slope.array, group[0].array.shape))
                if (found := next(self._at(response, wanted, []), None)) is not None:
                    return found, slope
        return None

    def _last_alike(
        self, place: Astray, sites: dict[str, list[WatchedValue]], found: Sequence[Astray]
    ) -> Astray:
        """What is true of one use of a value is taken for the whole where it goes on unchanged."""
        first = place.given[0]
        if len(place.given) > 1 or not self._true.has(first.array):
            return place
        before = self._gradient(found, [])
        later = [group for group in sites.values() if len(group) == 1]
        start = next((i + 1 for i, group in enumerate(later) if group[0] is first), len(later))
        for group in later[start:]:
            if np.array_equal(group[0].array, first.array):
                response = self._response(group, found, before)
                every = self._substitutes(response, self._candidates)
                place = next(self._at(response, every, found), place)
        return place

    def _response(
        self, group: Sequence[WatchedValue], found: Sequence[Astray], before: Array | None
    ) -> Response:
        """How the gradient, which was another before, answers to an expression's values."""
        return Response(partial(self._gradient, found), group, self._numeric, before)

    def _reaches_wrong_ones(self, entries: Array, wrong: Array) -> bool:
        """Whether all parameters of which some entries are have some that are wrong: what is put in the place of a
        value would make others wrong."""
        ends = np.cumsum([a.size for a in self._checked.point.arrays])[:-1]
        pairs = zip(np.split(entries, ends), np.split(wrong, ends), strict=True)
        return bool((entries & wrong).any()) and all(its.any() for own, its in pairs if own.any())

    def _places(self, every: Sequence[Response], found: Sequence[Astray]) -> Iterator[Astray]:
        """Every place of some at which something makes all right that it reaches, the likeliest first."""
        in_place = [each for each in every if all(id(value) in self._right for value in each.values)]
        odd = [each for each in every if not any(each is other for other in in_place)]
        back = in_place[::-1]
        for some, true in (
            (odd, self._unheld),
            (back, self._unheld),
            (odd, self._candidates),
            (back, self._candidates),
        ):
            for response in some:
                yield from self._at(response, self._substitutes(response, true), found)
                if some is odd and true is self._unheld:
                    yield from self._at(response, self._of_other_shapes(response.values, true), found)

    def _at(
        self,
        response: Response,
        every: Iterator[Substitute],
        found: Sequence[Astray],
        enough: Callable[[Array], bool] | None = None,
    ) -> Iterator[Astray]:
        """Each of what may belong in a place with which all that it reaches is right, or what is wrong is little
        ``enough``."""
        enough = enough or (lambda after: not after[response.reached].any())
        for each in every:
            if self._trials >= self._most_trials:
                return
            if all(is_value(v.array, a) for v, a in zip(response.values, each.arrays, strict=True)):
                continue
            place = Astray(tuple(response.values), each.arrays, each.true, self._names(response.reached))
            self._trials += 1
            gradient = self._gradient(found, place.replacements)
            if gradient is not None and enough(self._wrong(gradient)):
                yield place

    def _substitutes(self, response: Response, true: Sequence[TrueValue]) -> Iterator[Substitute]:
        """What may belong in the place of an expression's values."""
        if len(response.values) == 1:
            names, wrong = self._checked.point.names, self._checked.names_not_right
            for name, numeric in zip(names, self._checked.numeric, strict=True):
                if name in wrong:
                    shape = response.values[0].array.shape
                    yield from (Substitute((form,), (None,)) for form in forms(numeric, shape))
        yield from substitutes(self._true, true, response)

    def _of_other_shapes(
        self, group: Sequence[WatchedValue], true: Sequence[TrueValue]
    ) -> Iterator[Substitute]:
        """What may belong there if it has another length: a sum along the wrong axis has the wrong shape as well."""
        shape = group[0].array.shape
        for each in true if len(group) == 1 else ():
            its = each.at.array.shape
            if (
                len(its) == len(shape)
                and its != shape
                and 0 < sum(n == 1 for n in its) <= sum(n == 1 for n in shape)
            ):
                yield Substitute((self._true.entries(each),), (each,))

    def _names(self, entries: Array) -> tuple[str, ...]:
        """The parameters that have some of these entries, and are wrong."""
        point, wrong = self._checked.point, self._checked.names_not_right
        ends = np.cumsum([a.size for a in point.arrays])
        pairs = zip(point.names, np.split(entries, ends[:-1]), strict=True)
        return tuple(name for name, own in pairs if own.any() and name in wrong)

    def _wrong(self, gradient: Array) -> Array:
        """The entries that are not the numeric ones."""
        differ: Array = ~(np.abs(gradient - self._numeric) <= _MATCH * self._scale)
        return differ

    def _gradient(self, found: Sequence[Astray], more: list[Replacement]) -> Array | None:
        """The gradient with values in the place of others; None where these do not suit the code that follows."""
        changes = [*(change for place in found for change in place.replacements), *more]
        try:
            return _joined(self._checked.point.gradient(changes))
        except Exception:
            # Another value in its place need not suit the code that follows.
            return None


def _another(array: Array, rng: np.random.Generator) -> Array:
    """An array with each entry some other multiple of what it was."""
    other: Array = array * rng.uniform(1.5, 2.5, array.shape)
    return other


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([np.asarray(a, dtype=float).reshape(-1) for a in arrays])
