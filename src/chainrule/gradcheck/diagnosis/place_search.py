"""The search for places of a backward pass where a true value mends the gradient: which values are looked at, in which
order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis import step_slopes
from chainrule.gradcheck.diagnosis.place_trials import Astray, PlaceTrials
from chainrule.gradcheck.diagnosis.substitutes import Response, Substitute, forms
from chainrule.gradcheck.program.interface import WatchedValue


class PlaceSearch(PlaceTrials):
    """The search of one backward pass."""

    def keep_to(self, places: Sequence[Astray]) -> None:
        """Look at the places and the true values of another point only."""
        sites = {place.given[0].site for place in places}
        self._formed = {site: group for site, group in self._every.items() if site in sites}
        self._every = self._formed
        true = {each.at.site for place in places for each in place.true if each is not None}
        self._candidates = [each for each in self._candidates if each.at.site in true]
        self._of_turns = [each for each in self._of_turns if each.at.site in true]
        self._unheld = [each for each in self._unheld if each.at.site in true]

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
