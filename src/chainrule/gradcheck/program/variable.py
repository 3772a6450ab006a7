"""What of a cost's further arguments can be changed and still be of the same kind: samples, l2, the mode.

Which arrays hold samples, and along which axis, is told by the inputs and labels where these are known; else by their
number N, a size that all of them share and no parameter has. Whole samples are taken, so that one-hot columns,
integers, -1 and +1, 0 and 1, pairs in a list stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.roles import DataRoles, l2_place
from chainrule.gradcheck.program.switch_names import OTHER_MODES, is_mode

SamplePlaces = tuple[tuple[int, int], ...]
"""A place among the data, and the axis along which its samples lie."""


@dataclass(frozen=True)
class Variable:
    """Places among the data.

    Attributes:
        samples: of what holds samples, empty where that cannot be told.
        classes: K, where the labels tell it.
        first: the sample that must not be missing: the one with the largest label, of which code may learn K.
        l2: None where there is none.
        mode: of a switch between training and test; None where there is none.
        mode_name: what that is called.
    """

    samples: SamplePlaces = ()
    classes: int | None = None
    first: int = 0
    l2: int | None = None
    mode: int | None = None
    mode_name: str = ""

    def count(self, data: Sequence[Any]) -> int:
        """N; 0 where it cannot be told."""
        if not self.samples:
            return 0
        place, axis = self.samples[0]
        value = data[place]
        return len(value[0] if axis else value) if isinstance(value, list) else int(value.shape[axis])

    def with_samples(self, data: Sequence[Any], chosen: Array) -> list[Any]:
        """The data of some samples, in any order and number."""
        new = list(data)
        for place, axis in self.samples:
            value = data[place]
            if not isinstance(value, list):
                new[place] = np.take(value, chosen, axis=axis)
            elif axis == 0:
                new[place] = [value[i] for i in chosen]
            else:
                new[place] = [[row[i] for i in chosen] for row in value]
        return new

    def l2_of(self, data: Sequence[Any]) -> float | None:
        """l2; None where there is none."""
        return None if self.l2 is None else float(data[self.l2])

    def with_l2(self, data: Sequence[Any], value: float) -> list[Any]:
        """The data with another l2; unchanged where there is none."""
        return _with(data, self.l2, value)

    def with_other_mode(self, data: Sequence[Any]) -> list[Any]:
        """The data of the mode that is not the given one; unchanged where there is none."""
        given = None if self.mode is None else data[self.mode]
        return _with(data, self.mode, OTHER_MODES[given] if isinstance(given, str) else not given)


def find_variable(
    data: Sequence[Any], names: Sequence[str], parameters: Sequence[Array], roles: DataRoles | None
) -> Variable:
    """What of the data can be changed.

    Args:
        data: the further arguments, of these names.
        names: as the cost calls them.
        parameters: the arrays whose sizes are not N.
        roles: what the data are, where it can be told.
    """
    samples = _samples(data, parameters, roles)
    labels = None if roles is None else roles.y(data)
    modes = [i for i, value in enumerate(data) if _is_mode(value, names[i] if i < len(names) else "")]
    return Variable(
        samples,
        None if roles is None or labels is None else roles.classes(data) or int(labels.max()) + 1,
        _first(data, samples) if labels is None else int(labels.argmax()),
        l2_place(data, names),
        modes[0] if len(modes) == 1 else None,
        names[modes[0]] if len(modes) == 1 and modes[0] < len(names) else "mode",
    )


def _with(data: Sequence[Any], place: int | None, value: Any) -> list[Any]:
    return [value if i == place else given for i, given in enumerate(data)]


def _is_mode(value: Any, name: str) -> bool:
    if isinstance(value, str):
        return value in OTHER_MODES
    return isinstance(value, bool) and is_mode(name)


def _samples(data: Sequence[Any], parameters: Sequence[Array], roles: DataRoles | None) -> SamplePlaces:
    shapes = {i: _shape(value) for i, value in enumerate(data)}
    shapes = {i: shape for i, shape in shapes.items() if shape}
    if not shapes:
        return ()
    known = {} if roles is None else {roles.inputs: roles.inputs_axis, roles.labels: roles.labels_axis}
    sizes = {size for array in parameters for size in array.shape}
    if roles is None:
        # The state of a recurrent net, of a size with its parameters, holds no samples.
        besides = [rest for shape in shapes.values() if (rest := set(shape) - sizes)]
        shared = set.intersection(*besides) if besides else set()
        if len(shared) != 1:
            return ()
        count = shared.pop()
    else:
        count = roles.samples(data)
    others = {i: shape for i, shape in shapes.items() if i not in known and count in shape}
    if others and (count in sizes or any(shape.count(count) > 1 for shape in others.values())):
        return ()
    return tuple((known | {i: shape.index(count) for i, shape in others.items()}).items())


def _shape(value: Any) -> tuple[int, ...]:
    """Of an array of numbers, or of a list with a tuple or list for each sample; empty of all else."""
    if isinstance(value, np.ndarray):
        return value.shape if value.dtype.kind in "fiub" else ()
    if not isinstance(value, list) or not value:
        return ()
    return (len(value),) if not isinstance(value[0], str) else ()


def _first(data: Sequence[Any], samples: SamplePlaces) -> int:
    """The sample whose label is largest, where some array holds one number for each."""
    arrays = [np.asarray(data[i]) for i, _ in samples if isinstance(data[i], np.ndarray)]
    labels = [array for array in arrays if array.size == max(array.shape)]
    return int(labels[-1].argmax()) if labels else 0
