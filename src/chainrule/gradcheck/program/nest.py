"""The user's parameters, lent to a call with other arrays in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.leaves import (
    Leaf,
    filled,
    holds_objects,
    is_own_object,
    leaves,
    with_arrays,
    with_parameter_arrays,
)
from chainrule.gradcheck.program.names import is_gradient, is_parameter

_ROUNDING = 1e-13
"""Relative to a cost, what another order of rounding may make of it."""


class _KeptGradient(NamedTuple):
    """An array, and the object, list or dictionary that holds it under a name, or at a place."""

    holder: Any
    key: Any
    array: Array


class Nest:
    """Parameters as the user keeps them.

    Args:
        parameters: a nest of floating-point arrays (:mod:`.leaves`); bare numbers become arrays.

    Attributes:
        given: the nest as it was given.
        leaves: its arrays.
        in_place: new arrays are put into the user's own objects rather than into a copy.

    Raises:
        CheckError: it holds no arrays, or arrays of integers.
    """

    def __init__(self, parameters: Any) -> None:
        self._as_kept = parameters
        self.given = _with_arrays(parameters)
        self.leaves = leaves(self.given)
        self.in_place = holds_objects(self.given)
        self._others: list[Leaf] = []
        kept = _kept_gradients(self.given, {}) if self.in_place else ()
        self._gradients = [each for each in kept if not any(each.array is leaf.array for leaf in self.leaves)]
        _refuse_unusable(self.leaves)

    @property
    def names(self) -> list[str]:
        """What the leaves are called."""
        return [leaf.name for leaf in self.leaves]

    @contextmanager
    def holding(self, arrays: Sequence[Array], *, changed: bool = False) -> Iterator[Any]:
        """The nest with copies of these leaves; afterwards the user's own arrays are put back into objects.

        Args:
            arrays: the leaves.
            changed: the call is to change them: numbers are arrays then. Elsewhere they stay numbers, as ``s = b`` and
                ``s += x`` leave a number as it is.
        """
        nest = filled(self.given, [np.array(array) for array in arrays], self.names)
        try:
            yield nest if changed else _with_numbers(nest, self._as_kept)
        finally:
            if self.in_place:
                filled(self.given, [leaf.array for leaf in self.leaves], self.names)

    def keep_others(self, given: Sequence[Leaf]) -> None:
        """Remember the leaves that are none any more, as they were given."""
        self._others = [leaf for leaf in given if leaf.name not in self.names]

    def begin_anew(self) -> None:
        """Put back all that is no parameter, and let gradients begin at 0, as whoever calls what adds them up has to:
        ``self.dW += ...``."""
        if self._others:
            filled(self.given, [leaf.array.copy() for leaf in self._others], [n for n, _ in self._others])
        for holder, key, array in self._gradients:
            # What others hold as well is to stay the same array.
            array[...] = 0
            if isinstance(holder, dict | list):
                holder[key] = array
            elif not isinstance(holder, tuple):
                setattr(holder, key, array)

    def like(self, arrays: Sequence[Array]) -> Any:
        """A nest of other arrays; by name where there are objects, which hold one set of arrays at a time."""
        copies = [np.array(array) for array in arrays]
        return dict(zip(self.names, copies, strict=True)) if self.in_place else filled(self.given, copies)

    def own(self, nest: Any) -> list[Leaf]:
        """The leaves that the nest had from the start; an object may have come to keep more."""
        names = set(self.names)
        return [leaf for leaf in leaves(_with_arrays(nest)) if leaf.name in names]

    def leave_out_overwritten(self, run: Callable[[Any], Any]) -> None:
        """Count only leaves that ``run`` does not compute anew: others are what an object keeps of its last run."""
        before = {leaf.name: leaf.array for leaf in self.leaves}
        try:
            run(self.given)
        except Exception:
            # What is wrong with the cost is said where it is asked for.
            return
        kept = [leaf for leaf in leaves(self.given) if before.get(leaf.name) is leaf.array]
        self.leaves = kept or self.leaves

    def leave_out_idle(
        self, cost: Callable[[Sequence[Array]], complex], shapes: Sequence[tuple[int, ...]]
    ) -> None:
        """Count only leaves with which the ``cost`` of all of them changes; of the others those as well that are called
        parameters and whose gradient came back: a bias before batch normalisation changes nothing.

        Args:
            cost: of all leaves.
            shapes: those of the gradients that came back.
        """
        arrays = [leaf.array for leaf in self.leaves]
        before = cost(arrays)

        def changes_with(leaf: int) -> bool:
            shifts = np.random.default_rng(0)
            moved = [a + shifts.normal(size=a.shape) if i == leaf else a for i, a in enumerate(arrays)]
            try:
                return not np.isclose(cost(moved), before, rtol=_ROUNDING, atol=0)
            except Exception:
                return True

        kept = [changes_with(i) for i in range(len(arrays))]
        missing = Counter(shapes) - Counter(a.shape for a, keep in zip(arrays, kept, strict=True) if keep)
        idle = [i for i, leaf in enumerate(self.leaves) if not kept[i] and _is_called_parameter(leaf)]
        of_shape = Counter(arrays[i].shape for i in idle)
        back = {i for i in idle if missing[arrays[i].shape] == of_shape[arrays[i].shape]}
        self.leaves = [leaf for i, leaf in enumerate(self.leaves) if kept[i] or i in back] or self.leaves


def _kept_gradients(nest: Any, seen: dict[int, Any], *, named: bool = False) -> Iterator[_KeptGradient]:
    """The arrays below a nest that are kept under the name of a gradient, ``named`` if it is so itself."""
    if id(nest) in seen:
        return
    seen[id(nest)] = nest
    is_object = is_own_object(nest) and not isinstance(nest, ModuleType)
    if not is_object and not isinstance(nest, list | tuple | dict):
        return
    parts = vars(nest) if is_object else nest if isinstance(nest, dict) else dict(enumerate(nest))
    for key, value in [*parts.items()]:
        is_named = named or (is_object and is_gradient(key))
        if isinstance(value, np.ndarray) and is_named and value.dtype.kind == "f" and value.flags.writeable:
            yield _KeptGradient(nest, key, value)
        yield from _kept_gradients(value, seen, named=is_named)


def _is_called_parameter(leaf: Leaf) -> bool:
    """Whether the last part of a leaf's name is that of a parameter: ``layers[0].b``, ``b[0]``; not ``mu_av``."""
    return is_parameter(re.sub(r"\[\d+\]$", "", leaf.name).rpartition(".")[-1])


def _with_arrays(parameters: Any) -> Any:
    """A nest whose numbers are arrays where they are parameters."""
    return with_parameter_arrays(parameters) if leaves(parameters) else with_arrays(parameters)


def _with_numbers(nest: Any, kept: Any) -> Any:
    """A nest with numbers where the user keeps numbers."""
    if isinstance(kept, float | np.floating) and isinstance(nest, np.ndarray):
        return nest[()]
    if isinstance(kept, dict) and isinstance(nest, dict):
        return {key: _with_numbers(value, kept.get(key)) for key, value in nest.items()}
    if isinstance(kept, list | tuple) and isinstance(nest, list | tuple) and len(kept) == len(nest):
        parts = [_with_numbers(value, own) for value, own in zip(nest, kept, strict=True)]
        return nest if hasattr(nest, "_fields") else type(nest)(parts)
    return nest


def _refuse_unusable(parameters: Sequence[Leaf]) -> None:
    if not parameters:
        raise CheckError(
            "the parameters: hold no arrays; give a dict, list, tuple or object of floating-point arrays"
        )
    integers = [leaf for leaf in parameters if leaf.array.dtype.kind != "f"]
    if integers:
        raise CheckError(
            *(
                f"parameter {leaf.name}: holds {leaf.array.dtype}, which has no derivative; "
                f"give floating-point numbers: {leaf.name}.astype(float)"
                for leaf in integers
            )
        )
