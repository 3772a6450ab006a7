"""What is known where the file calls one of its functions, by the names of arguments; and the same with other
parameters and data in their places."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.generators import NumberGenerator, put_state
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.names import training_setting
from chainrule.gradcheck.recognition.witnessed.copying import drawn_like, kept_large, with_others

NAME = "own_call"
"""What gives such calls, in adapters."""


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
        handed_as: for each function that the file calls, what the code that calls it has each of its arguments as, by a
            name or as an attribute of an object: ``h``, ``self.h``.
        is_cut: whether something that fails was left out before it.
        caller: which run of which code makes it.
        since: the function as whose first call began objects are; empty where they are as at this call.
        sample: the number of the only sample of the file's that is left in its data; None where all are.
        sampled: the names of these.
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
    handed_as: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    is_cut: bool = False
    caller: int = 0
    since: str = ""
    sample: int | None = None
    sampled: tuple[str, ...] = ()

    def with_objects_of(self, earlier: WitnessedCall) -> WitnessedCall:
        """The same with objects as they were when another call of the same code began: what is added to them from call
        to call is not there yet."""
        own = {name for name in self.sources if not is_holder(self.values.get(name))}
        values = {**self.values, **{n: v for n, v in earlier.values.items() if n not in own}}
        return self._replace(values=values, generators=earlier.generators, since=earlier.function)

    def with_states(self, places: Sequence[str]) -> WitnessedCall:
        """The same with numbers in arrays of objects that are 0 still, by where these stand: ``self.h``."""
        rng, own = np.random.default_rng(0), SimpleNamespace(**self.values)
        arrays = [operator.attrgetter(place)(own) for place in places]
        others = {id(array): rng.uniform(0.1, 0.9, size=array.shape) for array in arrays}
        values = with_others(self.values, others, kept_large(self.values)) if places else self.values
        return self._replace(values=values)

    def with_sample(self, number: int, names: Sequence[str]) -> WitnessedCall:
        """The same with one sample of its data alone, which have these names, and of one round."""
        one = {name: self.values[name][number : number + 1] for name in names}
        counts = [n for n in self.sources if type(self.values.get(n)) is int and training_setting(n) == "1"]
        return self._replace(
            values={**self.values, **one, **dict.fromkeys(counts, 1)}, sample=number, sampled=tuple(names)
        )

    begun: str = ""
    of_module: frozenset[str] = frozenset()
    module: dict[str, Any] | None = None

    def handed(self) -> HandedValues:
        """What an adapter is given."""
        places: dict[str, int] = {}
        shared = kept_large(self.values)

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
            return self.put(with_others({**self.values, **data}, {**others, **arrays}, shared))

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


def is_holder(value: Any) -> bool:
    """Whether a value holds others under names, as objects and dictionaries do."""
    return is_own_object(value) or isinstance(value, dict)
