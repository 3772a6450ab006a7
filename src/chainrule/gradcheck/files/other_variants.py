"""A gradient that is right, tried with other settings and other depths of its net: the first with which it is wrong
counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.files.gradient_source import GradientSource
from chainrule.gradcheck.numeric import glance
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.recognition.recognised import Recognised, Variant


def with_variants(
    source: GradientSource,
    program: Program,
    place: int,
    outcome: Check,
    seed: int,
    checked: Callable[[int], Check],
) -> Check:
    """The outcome of a gradient, once its variants have been tried.

    Args:
        source: the file.
        program: the gradient of it that was chosen last.
        place: of the gradient among all.
        outcome: without any of them.
        seed: points are drawn with it.
        checked: what comes of a check of the variant of a number, which has been chosen.

    Raises:
        TimeUpError: time is up.
    """
    recognised = source.gradients[place]
    tried = _VariantsTried(outcome)
    zero = {tensor.name for tensor in outcome.tensors if tensor.zero}
    for number, variant in enumerate(recognised.variants):
        try:
            if not variant.text:
                raise CheckError(variant.why)
            source.choose(place, number)
            if glance.is_right(program, zero, np.random.default_rng(seed)):
                tried.add(variant, glance.POINTS)
                continue
            other = checked(number)
            if odd := [tensor.name for tensor in other.tensors if tensor.misshapen]:
                # It fails loudly where it is used, as what is cut by ``pad:-pad`` where that is 0.
                raise CheckError(f"the gradient of {', '.join(odd)} has another shape there")
        except TimeUpError:
            raise
        except CheckError as error:
            # Code that is not written for such a net is no mistake.
            tried.leave(variant, str(error), unchecked=variant.convicts)
            continue
        if other.right:
            tried.add(variant, other.points)
        elif recognised.is_assumed or not variant.convicts:
            # What runs and disagrees is not right there, whether or not it was written for that.
            why = "its gradient is not that of its cost, but other options may belong to it"
            tried.leave(variant, why, unchecked=True)
        else:
            return _wrong(other, recognised, variant, tried)
    return tried.outcome_with_them()


@dataclass
class _VariantsTried:
    """The variants with which a gradient was right, and those with which it could not be tried.

    Attributes:
        outcome: of the gradient without any of them.
        values: of each thing that varies, those with which it was right, the given one first.
        untried: those left out, with the reason, in words.
        unchecked: those of them of which nothing is known.
        points: at which they were compared.
    """

    outcome: Check
    values: dict[str, list[str]] = field(default_factory=dict)
    untried: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    points: int = 0

    def add(self, variant: Variant, points: int) -> None:
        """That it is right with one."""
        self.of(variant).append(variant.value)
        self.points += points

    def leave(self, variant: Variant, why: str, *, unchecked: bool) -> None:
        """That it cannot be tried with one."""
        here = variant.varied.format(variant.value)
        self.of(variant)
        self.untried.append(f"{here} ({why})")
        self.unchecked += [here] if unchecked else []

    def of(self, variant: Variant) -> list[str]:
        """The values of what varies in one, with which it was right so far."""
        return self.values.setdefault(variant.varied, [variant.given])

    def outcome_with_them(self) -> Check:
        """The outcome with all that is to be said of them."""
        also = [_of_values(varied, values) for varied, values in self.values.items() if values[1:]]
        return replace(
            self.outcome,
            tried=(*self.outcome.tried, *also),
            not_tried=(*self.outcome.not_tried, *self.untried),
            unchecked=(*self.outcome.unchecked, *self.unchecked),
            points=self.outcome.points + self.points,
        )


def _wrong(other: Check, recognised: Recognised, variant: Variant, tried: _VariantsTried) -> Check:
    """The outcome of a variant with which it is wrong, and what is said of that."""
    right, here = _of_values(variant.varied, tried.of(variant)), variant.varied.format(variant.value)
    where = f"right with {right}, not with {here}: the figures are those"
    return replace(other, notes=(*recognised.notes, where, *other.notes))


def _of_values(varied: str, values: Sequence[str]) -> str:
    """``nets of depth 1, 2 and 3``."""
    *others, last = sorted(values)
    return varied.format(f"{', '.join(others)} and {last}" if others else last)
