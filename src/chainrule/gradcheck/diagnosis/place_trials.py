"""What is tried in the place of the values of a backward pass, in which order, and what counts as mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.gradient_vector import GradientVector
from chainrule.gradcheck.diagnosis.substitutes import (
    Response,
    Substitute,
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


class PlaceTrials:
    """The values of a backward pass, and what is tried in their place. Gradients are one vector of all parameters."""

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

    def wrong_with(self, found: Sequence[Astray]) -> Array:
        """The entries that are wrong with what was found put right."""
        gradient = self._gradient(found, [])
        return self._vector.wrong(self._vector.given if gradient is None else gradient)

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
