"""The search for places of a backward pass where a true value mends the gradient: which values are looked at, in which
order, and what counts as mended."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import step_slopes
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.substitutes import (
    Response,
    Substitute,
    forms,
    gradients_of_parameters,
    of_other_shapes,
    substitutes,
)
from chainrule.gradcheck.diagnosis.true_values import TrueValue, TrueValues
from chainrule.gradcheck.diagnosis.watched import by_site, evaluations, formed, in_few_turns, is_value
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import Replacement, SourceLine, WatchedValue

_MOST_TRIALS, _MOST_EVALUATIONS = 3000, 1_000_000


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


class PlaceSearch:
    """The values of a backward pass, and what may stand in their place. Gradients are one vector of all parameters."""

    def __init__(self, checked: CheckedPoint, true: TrueValues) -> None:
        self._checked, self._true, self._trials = checked, true, 0
        self._vector = GradientVector(checked)
        values = [value for value in in_few_turns(true.backward) if value.array.dtype.kind == "f"]
        self._most_trials = min(_MOST_TRIALS, _MOST_EVALUATIONS // max(1, evaluations(values)))
        matches = {id(value): list(true.matching(value.array)) for value in values}
        self._right = {each for each, of in matches.items() if any(not match.is_use for match in of)}
        values = self._not_of_the_way_forward(values)
        self._formed, self._every = by_site(formed(values)), by_site(values)
        # On the way back the last value comes first.
        self._candidates = true.every[::-1]
        self._of_turns = true.of_turns[::-1]
        self._unheld = [t for t in self._candidates if not true.is_formed(t)]

    def _not_of_the_way_forward(self, values: list[WatchedValue]) -> list[WatchedValue]:
        """Those that change with the derivatives that are known to be right, what is formed before these, and the 0
        that a sum begins with."""
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
            if not value.array.any()
            or not np.array_equal(after.get((value.site, value.occurrence), ()), value.array)
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
        self._of_turns = [each for each in self._of_turns if each.at.site in true]
        self._unheld = [each for each in self._unheld if each.at.site in true]

    def wrong_with(self, found: Sequence[Astray]) -> Array:
        """The entries that are wrong with what was found put right."""
        gradient = self._gradient(found, [])
        return self._vector.wrong(self._vector.given if gradient is None else gradient)

    def first_that_mends(self, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """The first place that mends all that is wrong; else the first of those that mend most. What is put together of
        others is looked at where these do not, and where these are right."""
        place = self._among(self._formed, wrong, found)
        if place is None:
            return self._among(self._every, wrong, found)
        place = self._handed_on_to(place, wrong, found) or place
        return self._put_together_before(place, wrong, found) or place

    def first_that_mends_a_parameter(self, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """The first place with which all that is wrong of a parameter is right, and nothing else is wrong."""
        place = self._of_a_parameter(self._formed.values(), wrong, found)
        if place is None:
            return None
        other = self._of_a_parameter(self._put_together(place).values(), wrong, found)
        return other if other is not None and set(other.tensors) >= set(place.tensors) else place

    def _of_a_parameter(
        self, groups: Iterable[list[WatchedValue]], wrong: Array, found: Sequence[Astray]
    ) -> Astray | None:
        def enough(after: Array) -> bool:
            return not (after & ~wrong).any() and bool(self._mended(wrong, after))

        not_right = (group for group in groups if not any(id(value) in self._right for value in group))
        for response in self._reaching(not_right, wrong, found):
            for alone in self._of_each_parameter(response, wrong, found):
                place = next(self._at(alone, self._substitutes(alone, self._candidates), found, enough), None)
                if place is not None:
                    return replace(place, tensors=self._mended(wrong, self.wrong_with([*found, place])))
        return None

    def _of_each_parameter(
        self, response: Response, wrong: Array, found: Sequence[Astray]
    ) -> Iterator[Response]:
        """The same for each wrong parameter alone that it reaches: the others may have mistakes of their own."""
        own = self._vector.of_parameters(response.reached & wrong)
        reached = [name for name, entries in own.items() if entries.any()]
        if len(reached) < 2:
            yield response
            return
        before = self._gradient(found, [])
        for name in reached:
            yield self._response(response.values, found, before, self._vector.entries_of(name))

    def _mended(self, wrong: Array, after: Array) -> tuple[str, ...]:
        """The parameters that were wrong and are right."""
        then = self._vector.of_parameters(after)
        own = self._vector.of_parameters(wrong)
        return tuple(name for name in own if own[name].any() and not then[name].any())

    def blamed_that_mends(
        self, is_blamed: Callable[[WatchedValue], bool], wrong: Array, found: Sequence[Astray]
    ) -> Astray | None:
        """The last of some values that mends what is wrong and depends on it."""
        before = self._gradient(found, [])
        blamed = [group for group in self._every.values() if is_blamed(group[0])]
        responses = [self._response(group, found, before) for group in reversed(blamed)]
        return next(self._places([each for each in responses if (each.reached & wrong).any()], found), None)

    def _handed_on_to(self, place: Astray, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """What one turn of a loop hands on to the next, where a place is right in the first turn, and goes wrong by
        that."""
        first = place.given[0]
        if first is self._every[first.site][0]:
            return None
        behind = itertools.dropwhile(lambda site: site != first.site, self._formed)
        for site in itertools.islice(behind, 1, None):
            group = self._formed[site]
            other = self._among({site: group}, wrong, found) if len(group) >= len(place.given) else None
            if (
                other
                and other.given[0].occurrence < first.occurrence
                and {*other.tensors} >= {*place.tensors}
            ):
                return other
        return None

    def _put_together_before(self, place: Astray, wrong: Array, found: Sequence[Astray]) -> Astray | None:
        """What is put together of right values in front of a place, and is wrong itself: in another order."""
        other = self._among(self._put_together(place), wrong, found)
        return other if other is not None and set(other.tensors) >= set(place.tensors) else None

    def _put_together(self, place: Astray) -> dict[str, list[WatchedValue]]:
        """What is put together of others in front of a place."""
        before = itertools.takewhile(lambda site: site != place.given[0].site, self._every)
        return {site: self._every[site] for site in before if site not in self._formed}

    def _among(
        self, sites: dict[str, list[WatchedValue]], wrong: Array, found: Sequence[Astray]
    ) -> Astray | None:
        every = list(self._reaching(sites.values(), wrong, found))
        for most in sorted({int((each.reached & wrong).sum()) for each in every}, reverse=True):
            responses = [each for each in every if (each.reached & wrong).sum() == most]
            place = next(self._places(responses, found), None)
            if place is not None:
                return self._last_alike(place, sites, found)
        return None

    def misplaced_before(self, place: Astray) -> Astray | None:
        """See :func:`misplaced`."""
        wrong = self.wrong_with([])
        before = itertools.takewhile(lambda group: group[0] is not place.given[0], self._formed.values())
        right = [group for group in before if all(id(value) in self._right for value in group)]
        for response in self._reaching(reversed(right), wrong, []):
            for found in self._at(response, self._substitutes(response, self._candidates), []):
                if not self.wrong_with([found]).any():
                    return found
        return None

    def slope_before(self, place: Astray) -> tuple[Astray, step_slopes.StepSlope] | None:
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
            slopes = step_slopes.slopes(self._true, size) if slopes is None else slopes
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
        self,
        group: Sequence[WatchedValue],
        found: Sequence[Astray],
        before: Array | None,
        entries: Array | None = None,
    ) -> Response:
        """How the gradient, which was another before, answers to an expression's values; in some of its entries."""
        return Response(self._vector, _replacements(found), group, before, entries)

    def _reaching(
        self, groups: Iterable[Sequence[WatchedValue]], wrong: Array, found: Sequence[Astray]
    ) -> Iterator[Response]:
        """How the gradient answers to those values of expressions that reach what is wrong and spoil nothing else."""
        before = self._gradient(found, [])
        for group in groups:
            response = self._response(group, found, before)
            if self._reaches_wrong_ones(response.reached, wrong):
                yield response

    def _reaches_wrong_ones(self, entries: Array, wrong: Array) -> bool:
        """Whether all parameters of which some entries are have some that are wrong: what is put in the place of a
        value would make others wrong."""
        its = self._vector.of_parameters(wrong)
        reached = [name for name, own in self._vector.of_parameters(entries).items() if own.any()]
        return bool((entries & wrong).any()) and all(its[name].any() for name in reached)

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
            (odd, self._of_turns),
        ):
            for response in some:
                if response.turns:
                    yield from self._turn_by_turn(response, true, found)
                else:
                    yield from self._at(response, self._substitutes(response, true), found)
                if some is odd and true is self._unheld:
                    yield from self._at(response, of_other_shapes(self._true, true, response), found)

    def _turn_by_turn(
        self, response: Response, true: Sequence[TrueValue], found: Sequence[Astray]
    ) -> Iterator[Astray]:
        """The place of an expression's values if what belongs there can be told of one after the other."""
        places: list[Astray] = []
        for alone in response.turns:
            held = [*found, *places]
            if (self.wrong_with(held) & alone.reached).any():
                before = self._gradient(held, [])
                turn = self._response(alone.values, held, before, alone.reached) if places else alone
                place = next(self._at(turn, self._substitutes(turn, true), held), None)
                if place is None:
                    return
                places.append(place)
        if places and not self.wrong_with([*found, *places])[response.reached].any():
            given, right, true_ones = zip(*((p.given[0], p.right[0], p.true[0]) for p in places), strict=True)
            yield Astray(given, right, true_ones, self._names(response.reached))

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
            if gradient is not None and enough(self._vector.wrong(gradient)):
                yield place

    def _substitutes(self, response: Response, true: Sequence[TrueValue]) -> Iterator[Substitute]:
        """What may belong in the place of an expression's values."""
        yield from gradients_of_parameters(self._checked, response)
        yield from substitutes(self._true, true, response)

    def _names(self, entries: Array) -> tuple[str, ...]:
        """The parameters that have some of these entries, and are wrong."""
        wrong = self._checked.names_not_right
        every = self._vector.of_parameters(entries).items()
        return tuple(name for name, own in every if own.any() and name in wrong)

    def _gradient(self, found: Sequence[Astray], more: list[Replacement]) -> Array | None:
        """The gradient with values in the place of others; None where these do not suit the code that follows."""
        return self._vector.with_changes([*_replacements(found), *more])


def _replacements(found: Sequence[Astray]) -> list[Replacement]:
    """What puts right all that was found."""
    return [change for place in found for change in place.replacements]


def _another(array: Array, rng: np.random.Generator) -> Array:
    """An array with each entry some other multiple of what it was."""
    other: Array = array * rng.uniform(1.5, 2.5, array.shape)
    return other
