"""What data may be where an option gives them another meaning: labels of -1 and 1 for a margin, of 0 and 1 for
probabilities, one-hot or integers for classes, samples as rows or as columns."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.fitness import fitness


def where_it_agrees(program: LocalProgram, names: DataNames, classes: int, seed: int) -> str:
    """With which other data a gradient is that of its cost, in words; empty where it is with those that are given, or
    with none.

    Args:
        program: what the adapter declares.
        names: what the data are called.
        classes: how many there are.
        seed: of the direction.
    """
    given = program.describe()
    for words, data in itertools.chain(
        [("", given.data)], _others(given.data, given.data_names, names, classes)
    ):
        # What does not run is not meant.
        with contextlib.suppress(OutOfTimeError, Exception), limited():
            fit = fitness(program, names, seed, data=data)
            if fit is not None and fit.runs and fit.agrees:
                return words
    return ""


def _others(
    data: list[Any], called: list[str], names: DataNames, classes: int
) -> Iterator[tuple[str, list[Any]]]:
    """All the data with other labels, with the inputs the other way, and with both."""
    if names.labels not in called:
        return
    labels = called.index(names.labels)
    inputs = called.index(names.inputs) if names.inputs in called else None
    across = [False, True] if inputs is not None and np.ndim(data[inputs]) > 1 else [False]
    for is_across in across:
        other = list(data)
        if is_across and inputs is not None:
            other[inputs] = np.asarray(data[inputs]).T
        for words, values in [("", np.asarray(data[labels])), *labels_as(np.asarray(data[labels]), classes)]:
            told = " and ".join(filter(None, (words, "inputs lying the other way" if is_across else "")))
            if told:
                yield told, [*other[:labels], values, *other[labels + 1 :]]


def labels_as(labels: Array, classes: int) -> Iterator[tuple[str, Array]]:
    """What else labels may be, each with what that is in words.

    >>> [(words, values.tolist()) for words, values in labels_as(np.array([0, 1]), 2)][0]
    ('labels of -1 and 1', [-1, 1])
    """
    if np.isin(labels, (0, 1)).all():
        yield "labels of -1 and 1", 2 * labels - 1
    elif np.isin(labels, (-1, 1)).all():
        yield "labels of 0 and 1", (labels + 1) // 2
    if labels.ndim == 1 and np.isin(labels, range(classes)).all():
        hot = np.eye(classes)[labels.astype(int)]
        yield "one-hot labels", hot
        yield "one-hot labels as columns", hot.T
    if labels.ndim == 2 and min(labels.shape) > 1:
        yield "labels lying the other way", labels.T
        for axis in (0, 1):
            if np.isin(labels, (0, 1)).all() and (labels.sum(axis) == 1).all():
                yield "labels as integers", labels.argmax(axis)
