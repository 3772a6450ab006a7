"""Mistakes that another one hides: what is put right behind them mends the gradient, and would mend it without them.

The gradient cannot tell of such a value what belongs there, but the values between can: with a true value in its place
another one behind it, made of it and not a copy, becomes true of something as well. The next is looked for with that in
place. In a loop the first turn is enough: what it is given is right. What a turn hands on to the next is hidden by a
place that is put right in each: put right in the first alone, the next shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.place_trials import Astray, PlaceTrials
from chainrule.gradcheck.diagnosis.substitutes import forms
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.diagnosis.watched import by_site, is_value, key_of
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import WatchedValue

_MOST_HIDDEN, _MOST_TRIED = 3, 300

_ByTurn = dict[tuple[str, int], Array]
"""The values of a backward pass, by expression and turn."""


def hidden_before(place: Astray, checked: CheckedPoint, true: TrueValues) -> list[Astray]:
    """The places in front of one that it hides, the first one first."""
    return _HiddenSearch(checked, true).before(place)


def hidden_behind(place: Astray, checked: CheckedPoint, true: TrueValues) -> list[Astray]:
    """The first place that one hides as it is put right in every turn of a loop: between the first turn and the
    next."""
    return _HiddenSearch(checked, true).behind(place) if len(place.given) > 1 else []


class _HiddenSearch(PlaceTrials):
    """The search in one backward pass."""

    def behind(self, place: Astray) -> list[Astray]:
        """See :func:`hidden_behind`."""
        first = Astray(place.given[:1], place.right[:1], place.true[:1], place.tensors)
        now, sites, turn = self._values([first]), [*self._every], place.given[0].occurrence
        at = sites.index(place.given[0].site)
        # What comes to the place is made of what the turn before hands on.
        coming = [(now[site, turn], now[site, turn + 1]) for site in sites[:at] if (site, turn + 1) in now]
        if all(self._is_in_place(then) for here, then in coming if self._is_in_place(here)):
            return []
        behind = ([v for v in self._formed.get(s, ()) if v.occurrence == turn] for s in sites[at + 1 :])
        other = self._shown_by(filter(None, behind), [first], now)
        return [] if other is None else [other]

    def before(self, place: Astray) -> list[Astray]:
        """See :func:`hidden_before`."""
        found: list[Astray] = []
        while len(found) < _MOST_HIDDEN and (other := self._first(place, found)) is not None:
            found.append(other)
        return found

    def _first(self, place: Astray, found: Sequence[Astray]) -> Astray | None:
        now, wrong = self._values(found), self.wrong_with([])
        known = {at.given[0].site for at in found}
        forward = {key_of(each.array) for each in self._true.forward}
        before = takewhile(lambda site: site != place.given[0].site, self._every)
        firsts = [self._formed[site][:1] for site in before if site in self._formed and site not in known]
        reaching = (response.values for response in self._reaching(firsts, wrong, []))
        return self._shown_by(reaching, found, now, forward)

    def _shown_by(
        self,
        groups: Iterable[Sequence[WatchedValue]],
        found: Sequence[Astray],
        now: _ByTurn,
        known: Collection[tuple[tuple[int, ...], bytes]] = (),
    ) -> Astray | None:
        """The first of some values, but ``known`` ones, in whose place a true one shows."""
        for value, *_ in groups:
            # What is computed again of the way forward is no derivative, and is right.
            if {key_of(value.array), key_of(value.array.T)} & {*known}:
                continue
            if self._is_in_place(now.get(_key(value), value.array)):
                continue
            for other in self._others(value):
                if self._trials >= _MOST_TRIED:
                    return None
                self._trials += 1
                if self._shows(other, now, self._values([*found, other])):
                    return other
        return None

    def _others(self, value: WatchedValue) -> Iterator[Astray]:
        """What may belong in the first turn of a place: the true values of a first or last one that nothing holds."""
        turns = by_site(each.at for each in self._unheld).values()
        ends = {id(at) for group in turns for at in (group[0], group[-1])}
        response = self._response([value], [], self._gradient([], []))
        names = self._names(response.reached & self.wrong_with([]))
        for each in self._unheld:
            fits = id(each.at) in ends and each.at.array.size == value.array.size > 1
            if fits and self._true.affords(each):
                for right in forms(self._true.entries(each), value.array.shape):
                    yield Astray((value,), (right,), (each,), names)

    def _values(self, held: Sequence[Astray]) -> _ByTurn:
        """Those with others in place; none where the code does not bear them."""
        point, changes = self._checked.point, [change for place in held for change in place.replacements]
        try:
            seen = point.program.trace(point.arrays, point.data, "gradient", False, changes)
        except Exception:
            # As in watched.watched_values.
            return {}
        return {_key(value): value.array for value in seen}

    def _shows(self, place: Astray, before: _ByTurn, after: _ByTurn) -> bool:
        """Whether a value that a place changes, and that is no copy of it, becomes true of what was formed before that
        which the place belongs to."""
        order = [id(each) for each in self._true.in_time]
        earlier = {*order[: order.index(id(place.true[0]))]}
        changed = (
            array
            for key, array in after.items()
            if array.size > 1
            and key in before
            and not is_value(array, before[key])
            and not self._true.has(before[key])
            and not _is_copy(array, place.right[0])
        )
        return any(id(each) in earlier for array in changed for each in self._true.matching(array))

    def _is_in_place(self, array: Array) -> bool:
        """Whether a value is a true one, and in its shape: entries that are in another order have the same numbers."""
        shapes = (forms(each.at.array, array.shape) for each in self._true.matching(array))
        return any(next(each, None) is not None for each in shapes)


def _key(value: WatchedValue) -> tuple[str, int]:
    return value.site, value.occurrence


def _is_copy(array: Array, of: Array) -> bool:
    """Whether an array has the entries of another, in any order."""
    return array.size == of.size and np.allclose(np.sort(array, axis=None), np.sort(of, axis=None))
