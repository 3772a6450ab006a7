"""How the two passes of a layer are called: on copies of all that they are given."""

from __future__ import annotations

import copy
import inspect
import itertools
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.leaves import is_own_object


class Passes(NamedTuple):
    """The passes of a layer with what the forward pass is given.

    Attributes:
        inputs: in the order of the forward pass's arguments.
    """

    forward: Callable[..., Any]
    backward: Callable[..., Any]
    inputs: list[Any]

    @property
    def names(self) -> list[str]:
        """What the forward pass calls its inputs.

        Raises:
            CheckError: it takes others.
        """
        names = [a.name for a in arguments(self.forward) if a.kind not in (a.VAR_POSITIONAL, a.VAR_KEYWORD)]
        try:
            inspect.signature(self.forward).bind(*self.inputs)
        except TypeError:
            raise CheckError(
                f"the forward pass: takes ({', '.join(names)}); {len(self.inputs)} inputs were given"
            ) from None
        except ValueError:
            # It does not say.
            names = []
        return [names[i] if i < len(names) else f"input{i + 1}" for i in range(len(self.inputs))]

    @property
    def defaults(self) -> list[tuple[str, float | tuple[float, ...]]]:
        """The numbers, and tuples of them, that the forward pass takes for what it was not given, as far as no other
        value stands between them."""
        names = [a for a in arguments(self.forward) if a.kind in (a.POSITIONAL_ONLY, a.POSITIONAL_OR_KEYWORD)]
        left = ((a.name, a.default) for a in names[len(self.inputs) :])
        return [*itertools.takewhile(lambda each: _is_number_or_some(each[1]), left)]

    @property
    def owners(self) -> list[Any]:
        """The objects whose methods the passes are."""
        owners = (getattr(f, "__self__", f) for f in (self.forward, self.backward))
        return list({id(each): each for each in owners if is_own_object(each)}.values())

    def copied(self) -> Passes:
        """The same with copies of the inputs and of the objects, which calls may change.

        Raises:
            CheckError: something cannot be copied.
        """
        # Modules cannot be copied, and need not be.
        modules = {id(module): module for module in sys.modules.values()}
        try:
            return Passes(*copy.deepcopy((self.forward, self.backward, self.inputs), modules))
        except (TypeError, NotImplementedError) as error:
            raise CheckError(
                f"the layer: cannot be copied ({error}), as it must be before every call; keep what cannot out of it"
            ) from None

    def run(self) -> Ran:
        """What the forward pass gives."""
        return Ran(self, self.forward(*self.inputs))


class Ran(NamedTuple):
    """A forward pass that has run.

    Attributes:
        returned: what it gave.
    """

    passes: Passes
    returned: Any

    @property
    def parts(self) -> tuple[Any, ...]:
        """What it gave, one by one."""
        several = isinstance(self.returned, tuple | list) and self.returned
        return tuple(self.returned) if several else (self.returned,)

    @property
    def is_loss(self) -> bool:
        """Whether its output is one number."""
        return isinstance(self.parts[0], float | np.floating | complex) or (
            isinstance(self.parts[0], np.ndarray) and self.parts[0].shape == () and is_output(self.parts[0])
        )

    @property
    def cache(self) -> Any:
        """What it gave beside its outputs: the only nest, the second of two, else all but the first; None where there
        is nothing."""
        nests = [part for part in self.parts[1:] if is_nest(part)]
        if len(nests) == 1 or len(self.parts) == 2:
            return (nests or self.parts[1:])[0]
        return self.parts[1:] if isinstance(self.returned, tuple) and len(self.parts) > 2 else None

    def output(self, place: int) -> Array:
        """One of its outputs.

        Raises:
            CheckError: it is no array of floating-point numbers.
        """
        try:
            array: Array = np.asarray(self.parts[place])
        except ValueError:
            array = np.array(None)
        if not is_output(array):
            raise CheckError(
                f"the forward pass: returns {type(self.parts[place]).__name__}; it must return an array, or (array, "
                "cache)"
            )
        return array


def arguments(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Those of a function; none where it does not say."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def is_output(value: Any) -> bool:
    """Whether it may be an output: an array of floating-point numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def is_nest(value: Any) -> bool:
    """Whether it holds other values."""
    return isinstance(value, tuple | list | dict) or is_own_object(value)


def _is_number_or_some(value: Any) -> bool:
    return all(isinstance(each, int | float) for each in (value if isinstance(value, tuple) else [value]))
