"""What the further arguments of a cost are: inputs, labels, l2; found by value and by name, to be read.
(Adapters that are written for a file go by names alone: :mod:`chainrule.gradcheck.recognition.calling`.)

Labels are integers, zeros and ones, or -1 and 1, one for each sample, or one-hot rows or columns; inputs are the
floating-point matrix that has as many rows or columns as there are labels, or patches of images along whose first or
last axis there are as many, or images along whose last axis there are; l2 is the number that is called so, or the only
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.names import l2_name


@dataclass(frozen=True)
class DataRoles:
    """Places among the data: inputs with their sample axis, labels with theirs, l2 (None where there is none)."""

    inputs: int
    inputs_axis: int
    labels: int
    labels_axis: int
    l2: int | None
    words: str

    def samples(self, data: Sequence[Any]) -> int:
        """N."""
        return int(np.shape(data[self.labels])[self.labels_axis])

    def x(self, data: Sequence[Any]) -> Array:
        """Inputs (N, D) in float64; of patches all numbers of a sample."""
        x = np.moveaxis(np.asarray(data[self.inputs], dtype=np.float64), self.inputs_axis, 0)
        return x.reshape(len(x), -1)

    def y(self, data: Sequence[Any]) -> Array:
        """Labels (N,), integers from 0; 0 for -1."""
        labels = np.asarray(data[self.labels])
        if _is_one_hot(labels, self.labels_axis):
            classes: Array = labels.argmax(axis=1 - self.labels_axis)
            return classes
        whole = labels.reshape(-1).astype(int)
        return (whole > 0).astype(int) if whole.min(initial=0) < 0 else whole

    def classes(self, data: Sequence[Any]) -> int | None:
        """K where the labels are one-hot; None where they are integers."""
        labels = np.asarray(data[self.labels])
        return labels.shape[1 - self.labels_axis] if _is_one_hot(labels, self.labels_axis) else None


def find_roles(data: Sequence[Any], names: Sequence[str]) -> DataRoles | None:
    """The roles of the data; None when inputs or labels cannot be told."""
    arrays = [(i, _as_array(value)) for i, value in enumerate(data) if isinstance(value, np.ndarray | list)]
    arrays = [(i, value) for i, value in arrays if value.dtype.kind in "fiub"]
    patches, images = (
        [(i, value) for i, value in arrays if value.ndim == axes and value.dtype.kind == "f"]
        for axes in (3, 4)
    )
    arrays = [(i, value) for i, value in arrays if value.ndim in (1, 2)]
    for place, axis in _label_candidates(arrays):
        count = np.shape(data[place])[axis]
        inputs = [
            (i, n_axis)
            for i, value in (*patches, *arrays, *images)
            if i != place and value.ndim > 1
            for n_axis in _sample_axes(value, axis)
            if value.shape[n_axis] == count
        ]
        if inputs:
            return _roles(data, names, (place, axis), inputs[0])
    return None


def _sample_axes(inputs: Array, axis: int) -> tuple[int, ...]:
    """The axes of inputs along which samples may run beside labels whose samples run along one, the likelier first."""
    last = inputs.ndim - 1
    if inputs.ndim == 4:
        return (last,)
    return (last, 0) if axis == 1 else (0, last)


def _as_array(value: Any) -> Array:
    """Of a list whose items differ in shape, as of pairs, one that has no numbers."""
    try:
        return np.asarray(value)
    except ValueError:
        return np.empty(len(value), dtype=object)


def _label_candidates(arrays: Sequence[tuple[int, Array]]) -> list[tuple[int, int]]:
    """Places of what may be labels, with the axis of their samples: one-hot ones first."""
    vectors = [
        (i, v)
        for i, v in arrays
        if max(v.shape, default=0) == v.size and not (v.ndim == 2 and _one_hot_axes(v))
    ]
    integers = [(i, int(np.argmax(v.shape))) for i, v in vectors if v.dtype.kind in "iu"]
    # Those of a single output, as floating-point numbers or True and False.
    integers += [
        (i, int(np.argmax(v.shape)))
        for i, v in vectors
        if v.dtype.kind in "fb" and np.array_equal(np.unique(v), (0, 1))
    ]
    one_hot = [(i, axis) for i, v in arrays if v.ndim == 2 for axis in _one_hot_axes(v)]
    return [*one_hot, *integers]


def _one_hot_axes(labels: Array) -> list[int]:
    """The axes along which samples may run, for labels that may be one-hot."""
    return [axis for axis in (1, 0) if _is_one_hot(labels, axis)]


def _is_one_hot(labels: Array, axis: int) -> bool:
    """0 and 1 only, one 1 for each sample, whose number runs along ``axis``."""
    return (
        labels.ndim == 2
        and labels.shape[1 - axis] > 1
        and bool(np.isin(labels, (0, 1)).all())
        and bool((labels.sum(axis=1 - axis) == 1).all())
    )


def _roles(
    data: Sequence[Any], names: Sequence[str], labels: tuple[int, int], inputs: tuple[int, int]
) -> DataRoles:
    l2 = l2_place(data, names)
    lying = {0: "as rows", 1: "as columns"}.get(inputs[1], "along the last axis")
    shown = [
        f"inputs: argument {_name(inputs[0], names)} with samples {lying}",
        f"labels: argument {_name(labels[0], names)}",
        *([f"l2: argument {_name(l2, names)}"] if l2 is not None else []),
    ]
    return DataRoles(*inputs, *labels, l2, words="; ".join(shown))


def l2_place(data: Sequence[Any], names: Sequence[str]) -> int | None:
    """The number that is called l2, or the only one; None where there is none."""
    numbers = [
        i
        for i, value in enumerate(data)
        if isinstance(value, float | int | np.floating) and not isinstance(value, bool)
    ]
    named = l2_name(names[i] for i in numbers if i < len(names))
    return names.index(named) if named else numbers[0] if len(numbers) == 1 else None


def _name(place: int, names: Sequence[str]) -> str:
    return names[place] if place < len(names) else str(place + 1)
