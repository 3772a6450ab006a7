"""The user's functions: each is called with copies of everything, and may change those."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from types import CodeType
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program import watching
from chainrule.gradcheck.program.binding import Binding
from chainrule.gradcheck.program.interface import Arrays, Data, FunctionName, Replacement
from chainrule.gradcheck.program.nest import Nest
from chainrule.gradcheck.program.watching import WithReplacements

_UNCHANGED: WithReplacements = nullcontext()


class UserFunction(NamedTuple):
    """One of the user's functions: how it is called, and where a mistake in it is looked for."""

    binding: Binding
    source: Callable[..., Any]


class UserFunctions:
    """All of them, by what they are to the check.

    Args:
        nest: the parameters that they are called with.
        functions: each with how it is called.
        by_update: the gradient changes the parameters that it is given, as an update does.
    """

    def __init__(
        self, nest: Nest, functions: Mapping[FunctionName, UserFunction], *, by_update: bool = False
    ) -> None:
        self._nest, self._functions = nest, functions
        self._steps = {"update", "gradient"} if by_update else {"update"}

    def __contains__(self, name: FunctionName) -> bool:
        return name in self._functions

    def of(self, name: FunctionName) -> UserFunction:
        """The one of a name.

        Raises:
            CheckError: none was given.
        """
        try:
            return self._functions[name]
        except KeyError:
            raise CheckError(f"{called_so(name)}: none was given") from None

    def reached(self, name: FunctionName, arrays: Arrays, data: Data) -> list[CodeType]:
        """The user's functions that a call runs, in order."""
        return watching.calls_of(lambda: self.called(name, arrays, data))

    def called(
        self,
        name: FunctionName,
        arrays: Arrays,
        data: Data,
        changed: WithReplacements = _UNCHANGED,
    ) -> tuple[Any, list[Array]]:
        """What one gives for copies of everything, and the parameters after it."""
        with self._nest.holding(arrays, changed=name in self._steps) as nest:
            returned = self.call(name, nest, data, changed)
            return returned, [np.array(leaf.array) for leaf in self._nest.own(nest)]

    def call(self, name: FunctionName, nest: Any, data: Data, changed: WithReplacements = _UNCHANGED) -> Any:
        """What one gives for a nest of parameters, which it may change, and copies of the data."""
        with changed, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            return self.of(name).binding.call(nest, _copied(data))

    def replacing(self, name: FunctionName, replacements: Sequence[Replacement]) -> WithReplacements:
        """One that runs with other values in the place of its own."""
        return watching.replacing(self.of(name).source, replacements) if replacements else _UNCHANGED


def called_so(name: FunctionName) -> str:
    """What a message calls a function."""
    return "the numeric gradient" if name == "numeric" else f"the {name}"


def _copied(data: Data) -> tuple[Any, ...]:
    """The data with copies of its arrays, which the user's code may change."""
    return tuple(value.copy() if isinstance(value, np.ndarray) else value for value in data)
