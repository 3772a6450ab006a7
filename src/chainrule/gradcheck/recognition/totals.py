"""Sums and means of the same losses: a step against one is that against the other at another rate."""

from __future__ import annotations

import itertools

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram


def times_as_large(total: LocalProgram, other: LocalProgram, labels: str, axis: int) -> str:
    """How many times another cost one is, in words, where that is the number of samples or of labels wherever it is
    compared; empty where it is not.

    Args:
        total: an adapter of the one.
        other: that of the other.
        labels: what the labels are called.
        axis: of the labels, along which the samples are.
    """
    ratio = _ratio(total, other, 1.0)
    if not np.isclose(ratio, _ratio(total, other, 0.5)):
        return ""
    given = total.describe()
    array = given.data[given.data_names.index(labels)]
    counts = {"samples": array.shape[axis], "labels": array.size}
    sums = (f"as many times that as there are {words}" for words, n in counts.items() if np.isclose(ratio, n))
    means = (
        f"that divided by the number of {words}" for words, n in counts.items() if np.isclose(ratio * n, 1)
    )
    return next(itertools.chain(sums, means), "")


def _ratio(total: LocalProgram, other: LocalProgram, scale: float) -> float:
    """Of both costs, with parameters so many times as large."""
    first, second = (
        float(np.real(program.cost([scale * array for array in given.arrays], given.data)))
        for program in (total, other)
        for given in [program.describe()]
    )
    return first / second
