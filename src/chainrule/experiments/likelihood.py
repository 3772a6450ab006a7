"""How well settings explain published numbers: the probability of each, and odds with what the seeds leave open.

A report's number is one more run, printed. Under settings that were trained with n seeds, one more run is distributed
as m + s sqrt(1 + 1/n) t, with Student's t of n - 1 degrees: the distribution that verdicts take their interval from.
The likelihood of a number y is the probability that such a run lies between y - a and y + a. As for verdicts, a is half
a unit of the last digit printed, and where the data's checksums are not the official ones 0.006 more: wherever in there
our run of the report's settings would lie, we would call it that number. So two settings whose runs all lie so near are
equally likely, however close one of them comes.

s is the seeds' deviation, but at least that of a proportion of so many images. Eight seeds may differ by little by
chance, or because their order of images is the same; the report's program differed from ours in more than its seed.

Where a run's accuracies on several splits are published they move together, so the row counts once: its likelihood is
the geometric mean of theirs. Rows are independent given the settings, so the likelihood of a report is their product.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainrule.experiments.verdicts import half_unit
from chainrule.statistics import FEWEST, special

Floats = NDArray[np.float64]

SeedIndex = NDArray[np.intp] | slice
"""Indices of the seeds that count."""


FEWEST_VALUES = FEWEST + 1
"""Runs that odds take: deviations are taken without each of them in turn."""


class Measurement(NamedTuple):
    """A published number beside the runs under some settings.

    Attributes:
        published: as printed.
        values: one a seed, (n,).
        images: of the split that it was measured on.
        widened: what verdicts widen by, each way.
    """

    published: str
    values: Floats
    images: int
    widened: float

    def log_likelihood(self, seeds: SeedIndex = slice(None)) -> float:
        """Logarithm of the number's probability, by all seeds or by those at the indices ``seeds``."""
        values = self.values[seeds]
        count, mean = len(values), float(np.mean(values))
        scale = spread(values, self.images) * math.sqrt(1 + 1 / count)
        within = half_unit(self.published) + self.widened
        # Both ends in the lower tail, where the distribution function is exact to its last digits.
        away = -abs(float(self.published) - mean)
        low, high = special().stdtr(count - 1, [(away - within) / scale, (away + within) / scale])
        return math.log(max(high - low, np.finfo(float).tiny))


def spread(values: Floats, images: int) -> float:
    """The seeds' deviation, at least that of a proportion of ``images``.

    >>> round(spread(np.array([0.49, 0.50, 0.51]), images=10_000), 4)  # theirs
    0.01
    >>> round(spread(np.array([0.50, 0.50, 0.50]), images=10_000), 4)  # sqrt(0.5 * 0.5 / 10,000)
    0.005
    """
    share = float(np.mean(values))
    return max(float(np.std(values, ddof=1)), math.sqrt(max(share * (1 - share), 1 / images) / images))


def report_likelihood(rows: Sequence[Sequence[Measurement]], seeds: SeedIndex = slice(None)) -> float:
    """Log-likelihood of all numbers of ``rows``, each of one or more numbers.

    >>> near, far = (Measurement(told, np.array([0.49, 0.50, 0.51]), 10_000, 0.0) for told in ("0.50", "0.60"))
    >>> report_likelihood([[near]]) > report_likelihood([[far]])
    True
    >>> report_likelihood([[near, far]]) == (near.log_likelihood() + far.log_likelihood()) / 2  # one row, counted once
    True
    """
    return sum(float(np.mean([number.log_likelihood(seeds) for number in row])) for row in rows)


def shares(log_likelihoods: Floats) -> Floats:
    """What each has of the probability of all, none having been more probable before: sums to 1.

    >>> shares(np.log([3.0, 1.0])).round(6).tolist()
    [0.75, 0.25]
    """
    weights = np.exp(log_likelihoods - np.max(log_likelihoods))
    return np.asarray(weights / weights.sum())


def marginal(log_likelihoods: Floats) -> float:
    """Log-likelihood of a candidate from those of the combinations that hold it, all equally probable before.

    >>> round(math.exp(marginal(np.log([0.3, 0.1]))), 6)
    0.2
    """
    top = float(np.max(log_likelihoods))
    return top + math.log(float(np.mean(np.exp(log_likelihoods - top))))


class LogOdds(NamedTuple):
    """Log odds of one candidate against another, and where they lie with probability 0.95 over seeds."""

    value: float
    low: float
    high: float


def jackknife(value: float, without: Sequence[float]) -> LogOdds:
    """What leaving out each seed in turn says of how far log odds are a matter of these seeds.

    Their variance is (n - 1)/n sum (l_i - mean)^2 (Tukey, 1958), l_i being without seed i; half-widths are t times its
    root, with n - 1 degrees.

    Args:
        value: by all n seeds.
        without: n values, each without one of them.

    >>> [round(number, 2) for number in jackknife(2.0, [1.9, 2.0, 2.1])]  # 4.303 * sqrt(2/3 * 0.02) each way
    [2.0, 1.5, 2.5]
    """
    count, left = len(without), np.asarray(without)
    error = math.sqrt((count - 1) / count * float(np.sum((left - left.mean()) ** 2)))
    half = float(special().stdtrit(count - 1, 0.975)) * error
    return LogOdds(value, value - half, value + half)
