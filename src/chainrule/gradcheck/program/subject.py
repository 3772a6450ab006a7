"""A cost and its gradient as the checker sees them: arrays in, arrays out, nothing shared and nothing kept.

The checker talks to a :class:`Subject` only. :class:`Local` holds functions of this process; the same methods, called
through a pipe, make a function of another process (:mod:`chainrule.gradcheck.sandbox.remote`). What goes in and out is
therefore plain: numbers, strings, lists, dictionaries and arrays.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from types import CodeType
from typing import Any, Protocol

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program import watching
from chainrule.gradcheck.program.binding import Call, binding
from chainrule.gradcheck.program.leaves import (
    Leaf,
    gradient_attributes,
    leaves,
    lives_in_place,
    returned_leaves,
)
from chainrule.gradcheck.program.nest import Nest

Data = Sequence[Any]
Arrays = Sequence[Array]


class Subject(Protocol):
    """What is checked. ``arrays`` are the parameters' leaves, ``data`` the further arguments, both in order."""

    def describe(self) -> dict[str, Any]:
        """``names`` and ``arrays`` of the parameters, ``data`` and ``data_names``, and whether an ``update`` and a
        ``numeric`` gradient were given."""

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


def real_cost(subject: Subject, arrays: Arrays, data: Data) -> float:
    """J at real parameters."""
    return float(np.real(subject.cost(arrays, data)))


class Local:
    """Functions of this process.

    Args:
        cost, gradient: called as :func:`chainrule.gradcheck.program.binding.binding` finds.
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
        self._nest, self._data = Nest(parameters), tuple(data)
        given, count = self._nest.given, len(self._data)
        self._cost = binding(cost, given, count, "the cost")
        self._gradient = binding(gradient, given, count, "the gradient")
        self._numeric = numeric and binding(numeric, given, count, "the numeric gradient")
        self._cost_function, self._numeric_function, self._update = cost, numeric, update
        self._watched = watched or gradient
        if self._nest.in_place:
            self._nest.leave_out_overwritten(lambda nest: self._cost.call(nest, _copied(self._data)))
        self._owner = given if lives_in_place(given) else getattr(gradient, "__self__", None)

    def describe(self) -> dict[str, Any]:
        return {
            "names": self._nest.names,
            "arrays": [leaf.array.copy() for leaf in self._nest.leaves],
            "data": list(self._data),
            "data_names": list(self._cost.data_names),
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
        function, gradients = self._update, self._nest.like(gradient)
        call = Call(lambda p, data: function(p, gradients, rate), ())
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
        with watching.listing_calls() as found:
            self._called(call, arrays, data)
        return found

    def trace(self, arrays: Arrays, data: Data, what: str = "gradient") -> list[dict[str, Any]]:
        function, call = self._traced(what)
        self.cost(arrays, data)
        with watching.recording(function) as recorded:
            self._called(call, arrays, data)
        return recorded

    def gradient_replacing(
        self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        self.cost(arrays, data)
        with watching.replacing(self._watched, changes):
            return self._returned(self._gradient, arrays, data)

    def cost_replacing(self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]) -> complex:
        with watching.replacing(self._cost_function, changes):
            return self.cost(arrays, data)

    def trace_update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[dict[str, Any]]:
        if self._update is None:
            raise CheckError("the update: none was given")
        with watching.recording(self._update) as recorded:
            self.update(arrays, gradient, rate)
        return recorded

    def first_mutation(self, arrays: Arrays, data: Data) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = []
        with self._nest.holding(arrays) as nest:

            def see(value: dict[str, Any]) -> None:
                if not found and _differ(self._nest.own(nest), arrays):
                    found.append(value)

            with watching.watching(self._watched, see):
                self._gradient.call(nest, _copied(data))
        return found[0] if found else None

    def numeric_step(self) -> dict[str, Any] | None:
        return None if self._numeric_function is None else watching.step_of(self._numeric_function)

    def _traced(self, what: str) -> tuple[Callable[..., Any], Call]:
        if what == "cost":
            return self._cost_function, self._cost
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
        with self._nest.holding(arrays) as nest:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                returned = call.call(nest, _copied(data))
            return returned, [np.array(leaf.array) for leaf in self._nest.own(nest)]


def _differ(now: Sequence[Leaf], before: Arrays) -> bool:
    return any(not np.array_equal(leaf.array, array) for leaf, array in zip(now, before, strict=False))


def _copied(data: Data) -> tuple[Any, ...]:
    """The data with copies of its arrays, which the user's code may change."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in data)


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
