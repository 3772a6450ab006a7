"""Expressions run with what is known where a function is called, and with other arrays in the place of some."""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.arrays import Array
from chainrule.gradcheck.program.generators import state_of
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.program.unseeded import STREAM
from chainrule.gradcheck.recognition.witnessed import expressions
from chainrule.gradcheck.recognition.witnessed.copying import (
    drawn_like,
    generators,
    kept_large,
    with_others,
)
from chainrule.gradcheck.recognition.witnessed.expressions import Expression
from chainrule.gradcheck.recognition.witnessed.witnessed_call import WitnessedCall


class Running:
    """What a file holds where it calls a function, and the names of its module.

    Args:
        call: the call.
        namespace: the module's own.
    """

    def __init__(self, call: WitnessedCall, namespace: dict[str, Any]) -> None:
        self.call, self.namespace = call, namespace
        self._shared = kept_large(call.values)

    def copy(
        self, arrays: Sequence[tuple[Array, Array]] = (), names: Sequence[str] | None = None
    ) -> SimpleNamespace:
        """A copy of what is held, with arrays in the place of others.

        Args:
            arrays: those, each with the other.
            names: of the values that are needed; all where it is None.
        """
        self.call.begin_draws()
        others = {id(old): new.copy() for old, new in arrays}
        values = self.call.values
        needed = values if names is None else {name: values[name] for name in names if name in values}
        return self.call.put(with_others(needed, others, self._shared))

    def value(self, own: SimpleNamespace, texts: Sequence[str]) -> Any:
        """What the last of some expressions gives, those before it run first."""
        local: dict[str, Any] = {"own": own, "numpy": np}
        value = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for text in texts:
                value = eval(compile(f"({text})", ADAPTER, "eval"), self.namespace, local)  # noqa: S307
        return value

    def at(self, texts: Sequence[str], arrays: Sequence[tuple[Array, Array]] = ()) -> Any:
        """The same in a copy."""
        # What functions find in their module stands in none of these texts.
        names = {*re.findall(r"\bown\.(\w+)", " ".join(texts)), *self.call.of_module}
        return self.value(self.copy(arrays, sorted(names)), texts)

    def fixed(self, others: Mapping[int, Expression], arrays: Sequence[Array]) -> set[int]:
        """The places of those of some earlier calls that give the same with other numbers in some arrays, or run no
        longer."""
        found = set()
        for place, expression in others.items():
            texts = expressions.after(expression.text, others)
            try:
                is_fixed = same(self.at(texts), self.at(texts, moved(arrays, 1)))
            except Exception:
                is_fixed = True
            found |= {place} if is_fixed else set()
        return found

    def draws_apart(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Whether two ways draw other numbers at random."""
        first, second = self._drawn_by(one), self._drawn_by(other)
        return not same(first, second)

    def _drawn_by(self, texts: Sequence[str]) -> list[Any]:
        """How far all generators have come with expressions."""
        own = self.copy()
        self.value(own, texts)
        of_call = [generator for generator, _ in self.call.generators]
        held = [STREAM, *of_call, *generators(list(vars(own).values()))]
        return [random.getstate(), np.random.get_state(), *map(state_of, held)]  # noqa: NPY002


def moved(arrays: Sequence[Array], seed: int) -> list[tuple[Array, Array]]:
    """Each array and others of such sizes."""
    rng = default_rng(seed)
    return [(array, drawn_like(array, rng)) for array in arrays]


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same numbers: arrays, numbers, and nests of them."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str | int):
        return bool(one == other)
    try:
        return bool(np.array_equal(one, other, equal_nan=True))
    except (TypeError, ValueError):
        return one is other
