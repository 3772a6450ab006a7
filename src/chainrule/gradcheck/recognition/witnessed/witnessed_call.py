"""What is known where the file calls one of its functions, by the names of arguments; and the same with other
parameters and data in their places."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.generators import NumberGenerator, put_state
from chainrule.gradcheck.recognition.witnessed.copying import drawn_like, with_others


class ArgumentSource(NamedTuple):
    """How an argument is had.

    Attributes:
        name: under which its value is known; empty where it is not.
        given: what an earlier call gives, if it is that: ``out0[1]``, a part of what the first of them gives; of an
            object that holds nothing, what makes one.
    """

    name: str
    given: str


class EarlierCall(NamedTuple):
    """A call of a function by the code that then makes a witnessed one, and how each of its arguments is had; or one
    that it makes after it, ``behind`` it, as where a loss is computed once the step has been taken."""

    function: str
    sources: Mapping[str, ArgumentSource]
    behind: bool = False


HandedValues = tuple[SimpleNamespace, Callable[..., dict[str, Array]], Callable[..., SimpleNamespace]]
"""The values; ``drawn(rng, {'W': seen.self.W})``, parameters of such sizes, or so many times smaller; and
``holding(parameters, X=X)``, a copy of the values with these in their places."""


class WitnessedCall(NamedTuple):
    """A call of a function by the file.

    Attributes:
        function: as it is shown: ``Net.backward``.
        place: from which it is called: ``line 43``, in a notebook ``line 4 of cell 3``.
        sources: how each of its arguments is had, that of the object first.
        values: what is known by name where it is called: its arguments, those of functions that were called before,
            and what the code that calls it holds.
        earlier: what the code that calls it has called before, in order; and what it calls then.
        later: the values of its own arguments when it was called the next time; empty where it was not.
        generators: of random numbers that the module holds, each with the state that it was in.
        begun: the expression in which it is called; empty where the file begins it itself.
        of_module: the values that its functions find in their module.
        module: the names of that; None where they find nothing there.
    """

    function: str
    place: str
    sources: Mapping[str, ArgumentSource]
    values: Mapping[str, Any]
    earlier: Sequence[EarlierCall]
    later: Mapping[str, Any]
    generators: Sequence[tuple[NumberGenerator, Any]]
    begun: str = ""
    of_module: frozenset[str] = frozenset()
    module: dict[str, Any] | None = None

    def handed(self) -> HandedValues:
        """What an adapter is given."""
        places: dict[str, int] = {}

        def drawn(
            rng: np.random.Generator, arrays: Mapping[str, Array], times_smaller: int = 1
        ) -> dict[str, Array]:
            places.update({name: id(array) for name, array in arrays.items()})
            return {name: drawn_like(array, rng) / times_smaller for name, array in arrays.items()}

        def holding(parameters: Mapping[str, Array], **data: Any) -> SimpleNamespace:
            self.begin_draws()
            others = {places[name]: np.array(array) for name, array in parameters.items()}
            # Numbers may be one object for several names: only arrays are known by what they are.
            named = {n: v for n, v in data.items() if n in self.values and isinstance(v, np.ndarray)}
            arrays = {id(self.values[n]): v for n, v in named.items()}
            return self.put(with_others({**self.values, **data}, {**others, **arrays}))

        return SimpleNamespace(**self.values), drawn, holding

    def put(self, values: Mapping[str, Any]) -> SimpleNamespace:
        """Values as an adapter gets them; its functions find theirs in their module."""
        if self.module is not None:
            self.module.update({name: values[name] for name in self.of_module & values.keys()})
        return SimpleNamespace(**values)

    def begin_draws(self) -> None:
        """What is drawn at random is the same in every call."""
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        for generator, state in self.generators:
            put_state(generator, state)
