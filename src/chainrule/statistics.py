"""Differences between samples of runs: their interval, equivalence within a margin, probability of being above.

Sources of the formulas: Student's paired t-test; Welch (1947) with Satterthwaite's degrees of freedom; two one-sided
t-tests for equivalence (Schuirmann, 1987); the noncentral t distribution of a standardised mean (Hedges and Olkin,
1985, chapter 5).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np

from chainrule.errors import TRAINING, needs

FEWEST = 3
"""Runs under which nothing is said beyond the mean."""

CONFIDENCE = 0.95
_ONE_SIDED = 0.05
_LARGEST_T = 1000.0
"""Beyond it a probability of being above is 1 to all digits, and the noncentral t is not to be inverted."""


def special() -> ModuleType:
    """SciPy's special functions: slow to import, and where gradients are only checked, not installed.

    Raises:
        MissingExtraError: SciPy is not installed.

    >>> round(float(special().stdtrit(2, 0.975)), 3)  # t of three runs
    4.303
    """
    with needs(*TRAINING):
        import scipy.special
    return scipy.special


class Probability(NamedTuple):
    """A probability and its 95% interval; where the runs do not vary, it is 0 or 1 and has no width."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class MeanDifference:
    """The difference of two means, estimated.

    Attributes:
        mean: the first mean minus the second.
        error: the mean's standard error.
        freedom: its degrees of freedom; 0 under three runs, of which no error is known.
        deviation: standard deviation of the difference between one more run of each.
    """

    mean: float
    error: float
    freedom: float
    deviation: float

    def half_width(self, confidence: float = CONFIDENCE) -> float:
        """Half the width of the interval for the mean; infinite under three runs."""
        if self.freedom == 0:
            return math.inf
        if self.error == 0:
            return 0.0
        return float(special().stdtrit(self.freedom, (1 + confidence) / 2)) * self.error

    @property
    def sign(self) -> int | None:
        """1 or -1 where the 95% interval lies above or below 0, None where it holds 0.

        Under three runs, and where runs do not vary, the mean decides: 0 where it is 0.
        """
        if self.freedom and abs(self.mean) <= self.half_width() and self.error:
            return None
        return int(np.sign(self.mean))

    def within(self, margin: float) -> bool | None:
        """Whether the means are equivalent, by two one-sided t-tests at 5%: the 90% interval lies inside +-``margin``.

        False where all of it lies beyond, None where the margin is in it. Under three runs the mean decides.
        """
        half = self.half_width(1 - 2 * _ONE_SIDED) if self.freedom else 0.0
        if abs(self.mean) + half <= margin:
            return True
        return False if abs(self.mean) - half > margin else None

    @property
    def p_value(self) -> float:
        """Two-sided, of the means being equal; NaN under three runs."""
        if self.freedom == 0:
            return math.nan
        if self.error == 0:
            return float(self.mean == 0)
        return 2 * float(special().stdtr(self.freedom, -abs(self.mean) / self.error))

    @property
    def above(self) -> Probability:
        """With which probability one more run of the first lies above one more run of the second, were both normal.

        P = Phi(delta), delta = mean / deviation. mean / error is noncentral t with noncentrality
        delta * deviation / error: of paired runs exactly, else nearly. The ends of the interval are the deltas of which
        what was measured is the 2.5% and the 97.5% point.
        """
        if self.deviation == 0:
            return Probability(*[float(self.mean > 0)] * 3)
        value = float(special().ndtr(self.mean / self.deviation))
        if self.freedom == 0:
            return Probability(value, 0.0, 1.0)
        t = float(np.clip(self.mean / self.error, -_LARGEST_T, _LARGEST_T))
        tail = (1 - CONFIDENCE) / 2
        # Only of t >= 0 is the inverse sure to be found.
        ends = [float(special().nctdtrinc(self.freedom, level, abs(t))) for level in (1 - tail, tail)]
        low, high = ends if t >= 0 else (-ends[1], -ends[0])
        scale = self.error / self.deviation
        return Probability(value, *(float(special().ndtr(end * scale)) for end in (low, high)))


def paired(first: Sequence[float], second: Sequence[float]) -> MeanDifference:
    """The first mean minus the second, of runs that go together, as those of one seed do: by their differences.

    Seeds vary, their differences hardly do:

    >>> difference = paired([0.30, 0.40, 0.50], [0.29, 0.389, 0.488])
    >>> round(difference.mean, 4), difference.sign, difference.within(0.05)
    (0.011, 1, True)
    """
    return of_differences(np.subtract(first, second).tolist())


def of_differences(differences: Sequence[float]) -> MeanDifference:
    """The mean of differences, each of a pair of runs or from one number.

    >>> of_differences([0.01, 0.02, 0.03]).freedom, of_differences([0.01, 0.02]).freedom  # two say too little
    (2, 0)
    """
    count, mean = len(differences), _mean(differences)
    if count < FEWEST:
        return MeanDifference(mean, 0.0, 0, _deviation(differences))
    deviation = _deviation(differences)
    return MeanDifference(mean, deviation / math.sqrt(count), count - 1, deviation)


def welch(first: Sequence[float], second: Sequence[float]) -> MeanDifference:
    """The first mean minus the second, of runs that have nothing to do with each other.

    >>> difference = welch([0.30, 0.40, 0.50], [0.29, 0.389, 0.488])  # the same runs, taken for unrelated ones
    >>> round(difference.mean, 4), difference.sign, difference.within(0.05)
    (0.011, None, None)
    """
    mean = _mean(first) - _mean(second)
    deviation = math.hypot(_deviation(first), _deviation(second))
    if min(len(first), len(second)) < FEWEST:
        return MeanDifference(mean, 0.0, 0, deviation)
    errors = [_deviation(sample) ** 2 / len(sample) for sample in (first, second)]
    total = sum(errors)
    if total == 0:
        return MeanDifference(mean, 0.0, len(first) + len(second) - 2, 0.0)
    terms = zip(errors, (first, second), strict=True)
    freedom = total**2 / sum(error**2 / (len(sample) - 1) for error, sample in terms)
    return MeanDifference(mean, math.sqrt(total), freedom, deviation)


def all_hold(outcomes: Iterable[bool | None]) -> bool | None:
    """False where one is False, else None where one cannot be told, else True.

    >>> all_hold([True, None]), all_hold([None, False]), all_hold([True, True])
    (None, False, True)
    """
    known = list(outcomes)
    if False in known:
        return False
    return None if None in known else True


def _mean(sample: Sequence[float]) -> float:
    """Mean; of equal values exactly their value."""
    return sample[0] + float(np.mean(np.subtract(sample, sample[0])))


def _deviation(sample: Sequence[float]) -> float:
    """Standard deviation; exactly 0 of equal values, whatever their mean rounds to."""
    if len(sample) < 2 or len(set(sample)) == 1:
        return 0.0
    return float(np.std(sample, ddof=1))
