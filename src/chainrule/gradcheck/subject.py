"""A cost and its gradient as the checker sees them: arrays in, arrays out, nothing shared and nothing kept.

The checker talks to a :class:`Subject` only. :class:`Local` holds functions of this process; the same methods, called
through a pipe, make a function of another process (:mod:`chainrule.gradcheck.remote`). What goes in and out is
therefore plain: numbers, strings, lists, dictionaries and arrays.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from types import CodeType, FrameType
from typing import Any, Protocol

import numpy as np

from chainrule.gradcheck import instrument
from chainrule.gradcheck.calls import Call, binding
from chainrule.gradcheck.leaves import (
    Array,
    CheckError,
    Leaf,
    filled,
    gradient_attributes,
    holds_objects,
    leaves,
    lives_in_place,
    returned_leaves,
    with_arrays,
)

Data = Sequence[Any]
Arrays = Sequence[Array]


class Subject(Protocol):
    """What is checked. ``arrays`` are the parameters' leaves, ``data`` the further arguments, both in order."""

    def describe(self) -> dict[str, Any]:
        """``names`` and ``arrays`` of the parameters, ``data`` and ``data_names``, ``calls`` in words, and whether
        an ``update`` and a ``numeric`` gradient were given."""

    def cost(self, arrays: Arrays, data: Data) -> complex:
        """J; complex where ``arrays`` are."""

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        """J with entry ``entries[i]`` (flat) of one leaf moved by ``steps[i]``, the others as they are."""

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        """J at arrays + t direction for every t of ``steps``."""

    def gradient(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        """``names`` and ``arrays`` of what came back, ``after``: the parameters after the call, ``kind``: of what
        it was."""

    def numeric(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        """The same of the user's own numeric gradient."""

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        """The parameters after one step."""

    def calls(self, arrays: Arrays, data: Data) -> dict[str, int]:
        """How often each of the user's functions is called during one gradient; the cost goes by ``cost``."""

    def trace(self, arrays: Arrays, data: Data, what: str = "gradient") -> list[dict[str, Any]]:
        """Every value that an expression of the user's source gives during one call of the ``gradient``, the
        ``cost`` or the ``numeric`` gradient, in order."""

    def gradient_replacing(
        self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        """The gradient with some of those values replaced: ``site``, ``occurrence`` and ``array`` of each."""

    def cost_replacing(self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]) -> complex:
        """The same of the cost."""

    def trace_update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[dict[str, Any]]:
        """Every value during one update."""

    def first_mutation(self, arrays: Arrays, data: Data) -> dict[str, Any] | None:
        """The first value of a gradient after which a parameter is not what it was."""

    def numeric_step(self) -> dict[str, Any] | None:
        """``file``, ``line`` and ``text`` of the step of the user's numeric gradient."""


METHODS = (
    "describe", "cost", "costs", "along", "gradient", "numeric", "update", "calls", "trace", "gradient_replacing",
    "cost_replacing", "trace_update", "first_mutation", "numeric_step",
)  # fmt: skip
"""What a :class:`Subject` can be asked; all else is refused by whoever passes requests on."""


class Local:
    """Functions of this process.

    Args:
        cost, gradient: called as :func:`chainrule.gradcheck.calls.binding` finds.
        parameters: a nest of floating-point arrays.
        data: what follows the parameters.
        update: ``update(parameters, gradient, rate)``; gives new parameters, or changes those it was given.
        numeric: the user's own numeric gradient, called like ``gradient``.
        watched: the function in whose source a mistake is looked for; the gradient where none is given.

    Raises:
        CheckError: no arrays, integers for parameters, or a function of other arguments.
    """

    def __init__(
        self,
        cost: Callable[..., Any],
        gradient: Callable[..., Any],
        parameters: Any,
        data: Sequence[Any] = (),
        *,
        update: Callable[..., Any] | None = None,
        numeric: Callable[..., Any] | None = None,
        watched: Callable[..., Any] | None = None,
    ) -> None:
        parameters = parameters if leaves(parameters) else with_arrays(parameters)
        self._nest, self._data = parameters, tuple(data)
        self._leaves = leaves(parameters)
        _refuse_unusable(self._leaves)
        self._cost = binding(cost, parameters, len(self._data), "the cost")
        self._gradient = binding(gradient, parameters, len(self._data), "the gradient")
        self._numeric = numeric and binding(numeric, parameters, len(self._data), "the numeric gradient")
        self._update, self._numeric_function = update, numeric
        self._functions, self._watched = (cost, gradient), watched or gradient
        self._in_place = holds_objects(parameters)
        if self._in_place:
            self._leaves = self._not_overwritten()
        self._owner = parameters if lives_in_place(parameters) else getattr(gradient, "__self__", None)

    def describe(self) -> dict[str, Any]:
        return {
            "names": [leaf.name for leaf in self._leaves],
            "arrays": [leaf.array.copy() for leaf in self._leaves],
            "data": list(self._data),
            "data_names": list(self._cost.data_names),
            "calls": [self._cost.words, self._gradient.words],
            "update": self._update is not None,
            "numeric": self._numeric is not None,
        }

    def cost(self, arrays: Arrays, data: Data) -> complex:
        value, _ = self._called(self._cost, arrays, data)
        return _scalar(value)

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        moved = [np.array(array) for array in arrays]
        moved[leaf] = moved[leaf].astype(np.result_type(moved[leaf], steps))
        flat, results = moved[leaf].reshape(-1), []
        for entry, step in zip(entries, steps, strict=True):
            value = flat[entry]
            flat[entry] = value + step
            results.append(self.cost(moved, data))
            flat[entry] = value
        return np.array(results)

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        points = ([a + t * v for a, v in zip(arrays, direction, strict=True)] for t in steps)
        return np.array([self.cost(point, data) for point in points])

    def gradient(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        # A program may keep in the cost what its gradient needs: both must have seen the same point.
        self.cost(arrays, data)
        return self._returned(self._gradient, arrays, data)

    def numeric(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        if self._numeric is None:
            raise CheckError("the numeric gradient: none was given")
        return self._returned(self._numeric, arrays, data)

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        if self._update is None:
            raise CheckError("the update: none was given")
        function, names = self._update, [leaf.name for leaf in self._leaves]
        copies = [np.array(array) for array in gradient]
        # An object holds one set of arrays at a time: its gradients come by name.
        gradients = dict(zip(names, copies, strict=True)) if self._in_place else filled(self._nest, copies)
        call = Call(lambda p, data: function(p, gradients, rate), "update", ())
        returned, after = self._called(call, arrays, ())
        new = after if returned is None else [leaf.array for leaf in leaves(returned)]
        return [np.array(array) for array in new]

    def calls(self, arrays: Arrays, data: Data) -> dict[str, int]:
        of_the_cost = self._called_in_order(self._cost, arrays, data)
        # What an adapter wraps is meant, not the adapter's own lambda.
        cost = next((code for code in of_the_cost if code.co_name != "<lambda>"), None)
        counts: dict[str, int] = {}
        for code in self._called_in_order(self._gradient, arrays, data):
            name = "cost" if code is cost else code.co_qualname
            counts[name] = counts.get(name, 0) + 1
        return counts

    def _called_in_order(self, call: Call, arrays: Arrays, data: Data) -> list[CodeType]:
        """The user's functions that a call runs, in order."""
        found: list[CodeType] = []

        def see(frame: FrameType, event: str, _: Any) -> None:
            if event == "call" and instrument.is_users(frame.f_code.co_filename):
                found.append(frame.f_code)

        before = sys.getprofile()
        sys.setprofile(see)
        try:
            self._called(call, arrays, data)
        finally:
            sys.setprofile(before)
        return found

    def trace(self, arrays: Arrays, data: Data, what: str = "gradient") -> list[dict[str, Any]]:
        function, call = self._traced(what)
        self.cost(arrays, data)
        with instrument.recording(function) as recorded:
            self._called(call, arrays, data)
        return recorded

    def gradient_replacing(
        self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        self.cost(arrays, data)
        with instrument.replacing(self._watched, changes):
            return self._returned(self._gradient, arrays, data)

    def cost_replacing(self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]) -> complex:
        with instrument.replacing(self._functions[0], changes):
            return self.cost(arrays, data)

    def trace_update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[dict[str, Any]]:
        if self._update is None:
            raise CheckError("the update: none was given")
        with instrument.recording(self._update) as recorded:
            self.update(arrays, gradient, rate)
        return recorded

    def first_mutation(self, arrays: Arrays, data: Data) -> dict[str, Any] | None:
        nest = self._with(arrays)
        found: list[dict[str, Any]] = []

        def see(value: dict[str, Any]) -> None:
            if not found and _differ(self._own(nest), arrays):
                found.append(value)

        try:
            with instrument.watching(self._watched, see):
                self._gradient.call(nest, tuple(_fresh(value) for value in data))
        finally:
            self._restore()
        return found[0] if found else None

    def numeric_step(self) -> dict[str, Any] | None:
        return None if self._numeric_function is None else instrument.step_of(self._numeric_function)

    def _traced(self, what: str) -> tuple[Callable[..., Any], Call]:
        if what == "cost":
            return self._functions[0], self._cost
        if what == "numeric" and self._numeric is not None and self._numeric_function is not None:
            return self._numeric_function, self._numeric
        return self._watched, self._gradient

    def _returned(self, call: Call, arrays: Arrays, data: Data) -> dict[str, Any]:
        returned, after = self._called(call, arrays, data)
        found = returned_leaves(returned) if returned is not None else gradient_attributes(self._owner)
        return {
            "names": [leaf.name for leaf in found],
            "arrays": [np.array(leaf.array) for leaf in found],
            "after": after,
            "kind": "attributes" if returned is None and found else type(returned).__name__,
        }

    def _called(self, call: Call, arrays: Arrays, data: Data) -> tuple[Any, list[Array]]:
        """What the user's function gives for copies of everything, and the parameters after it."""
        nest = self._with(arrays)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                returned = call.call(nest, tuple(_fresh(value) for value in data))
            return returned, [np.array(leaf.array) for leaf in self._own(nest)]
        finally:
            self._restore()

    def _not_overwritten(self) -> list[Leaf]:
        """The leaves that the cost leaves alone: what it computes anew is what an object keeps of its last run."""
        before = {leaf.name: leaf.array for leaf in self._leaves}
        try:
            self._cost.call(self._nest, tuple(_fresh(value) for value in self._data))
        except Exception:
            # What is wrong with the cost is said where it is asked for.
            return self._leaves
        kept = [leaf for leaf in leaves(self._nest) if before.get(leaf.name) is leaf.array]
        return kept or self._leaves

    def _with(self, arrays: Arrays) -> Any:
        """The nest with copies of these leaves."""
        return filled(self._nest, [np.array(array) for array in arrays], [leaf.name for leaf in self._leaves])

    def _own(self, nest: Any) -> list[Leaf]:
        """The leaves that the nest had from the start; an object may have come to keep more."""
        names = {leaf.name for leaf in self._leaves}
        return [leaf for leaf in leaves(nest) if leaf.name in names]

    def _restore(self) -> None:
        """Put the user's own arrays back where a call worked in place."""
        if self._in_place:
            filled(self._nest, [leaf.array for leaf in self._leaves], [leaf.name for leaf in self._leaves])


def _differ(now: Sequence[Leaf], before: Arrays) -> bool:
    return any(not np.array_equal(leaf.array, array) for leaf, array in zip(now, before, strict=False))


def _fresh(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _scalar(value: Any) -> complex:
    """The cost as a number; the first of a tuple, as in ``return cost, loss``.

    Raises:
        CheckError: it is no single number, or not finite.
    """
    first = value[0] if isinstance(value, tuple) and value else value
    try:
        array = np.asarray(first)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "fciub" or array.size != 1:
        what = f"an array of shape {array.shape}" if array.dtype.kind in "fciub" else type(value).__name__
        raise CheckError(f"the cost: returns {what}; it must return one number, the mean over the samples")
    number = array.reshape(-1)[0]
    if not np.isfinite(number):
        raise CheckError(f"the cost: is {number}; check it where it is finite (smaller weights, no log of 0)")
    return complex(number) if array.dtype.kind == "c" else float(number)


def _refuse_unusable(found: Sequence[Leaf]) -> None:
    if not found:
        raise CheckError(
            "the parameters: hold no arrays; give a dict, list, tuple or object of floating-point arrays"
        )
    integers = [leaf for leaf in found if leaf.array.dtype.kind != "f"]
    if integers:
        raise CheckError(
            *(
                f"parameter {leaf.name}: holds {leaf.array.dtype}, which has no derivative; "
                f"give floating-point numbers: {leaf.name}.astype(float)"
                for leaf in integers
            )
        )
