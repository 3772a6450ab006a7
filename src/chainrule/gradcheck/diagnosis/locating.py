"""Where a backward pass of any kind goes wrong: the first of its values in whose place a true one mends the gradient.

A value that is true of something on the way forward is right. Of the others, the first is meant with which the gradient
is right once a true value stands in its place; in a loop, one for each turn. Values that are true of something else
than what they are used for come after, the last of them first. Where nothing mends all that is wrong, there are several
mistakes, and each is looked for by the tensors that it spoils.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.place_search import PlaceSearch
from chainrule.gradcheck.diagnosis.place_trials import Astray
from chainrule.gradcheck.diagnosis.step_slopes import StepSlope
from chainrule.gradcheck.diagnosis.true_values import TrueValues
from chainrule.gradcheck.numeric.checked_point import CheckedPoint
from chainrule.gradcheck.program.interface import WatchedValue

_MOST_MISTAKES = 4


def astray(
    checked: CheckedPoint, true: TrueValues, before: Sequence[Astray] = (), known: Sequence[Astray] = ()
) -> list[Astray]:
    """Where the gradient goes wrong at a point, one place for each mistake that could be told; the first one first.
    What was found at another point is looked for alone; what is ``known`` is put right, and comes first."""
    search = PlaceSearch(checked, true)
    if before:
        search.keep_to(before)

    def first(wrong: Array, found: Sequence[Astray]) -> Astray | None:
        place = search.first_that_mends(wrong, found)
        if place is None or search.wrong_with([*found, place]).any():
            # Of several mistakes one is told by the parameters that it alone spoils.
            place = search.first_that_mends_a_parameter(wrong, found) or place
        return place

    return _one_by_one(search, first, known)


def astray_at(
    checked: CheckedPoint, true: TrueValues, is_blamed: Callable[[WatchedValue], bool]
) -> list[Astray]:
    """The same, with values that are blamed for it looked at first, the whole of a statement before its parts."""
    search = PlaceSearch(checked, true)
    return _one_by_one(
        search,
        lambda wrong, found: (
            search.blamed_that_mends(is_blamed, wrong, found) or search.first_that_mends(wrong, found)
        ),
    )


def _one_by_one(
    search: PlaceSearch,
    next_place: Callable[[Array, Sequence[Astray]], Astray | None],
    known: Sequence[Astray] = (),
) -> list[Astray]:
    """A place for each mistake, each with those before it put right."""
    found = [*known]
    while len(found) < _MOST_MISTAKES and (wrong := search.wrong_with(found)).any():
        place = next_place(wrong, found)
        if place is None:
            break
        found.append(place)
    return found


def slope_astray(place: Astray, checked: CheckedPoint, true: TrueValues) -> tuple[Astray, StepSlope] | None:
    """What the value of a place is made of, where that is to be the slope of a step and is not: with the slope in its
    place the gradient is right."""
    return PlaceSearch(checked, true).slope_before(place)


def misplaced(place: Astray, checked: CheckedPoint, true: TrueValues) -> Astray | None:
    """The last value in front of a place that is true of something else than what it is used for, and hidden by the
    place: with what belongs there all is right."""
    return PlaceSearch(checked, true).misplaced_before(place)
