"""What a layer draws at random, as dropout does: the same in every call."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from chainrule.gradcheck.program.generators import NumberGenerator, put_state, state_of
from chainrule.gradcheck.program.reaching import cells, reachable
from chainrule.gradcheck.program.unseeded import STREAM


class RepeatedDraws:
    """The generators that functions draw from where they are given no seed: those of Python and NumPy that all programs
    share, and those that stand beside the functions. Within it they can be put back to where they were at first, as
    they are afterwards.

    >>> with RepeatedDraws() as draws:
    ...     first = np.random.rand()
    ...     draws.put_back()
    ...     first == np.random.rand()
    True
    """

    def __init__(self, *functions: Callable[..., Any]) -> None:
        beside = (
            value
            for f in functions
            for at in reachable(f)
            for value in (*at.__globals__.values(), *cells(at))
        )
        drawing = {id(v): v for v in (STREAM, *beside) if isinstance(v, NumberGenerator)}
        self._generators = [(generator, state_of(generator)) for generator in drawing.values()]
        self._shared = random.getstate(), np.random.get_state()  # noqa: NPY002

    def __enter__(self) -> RepeatedDraws:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.put_back()

    def put_back(self) -> None:
        """To where they were at first."""
        random.setstate(self._shared[0])
        np.random.set_state(self._shared[1])  # noqa: NPY002
        for generator, state in self._generators:
            put_state(generator, state)

    def put_elsewhere(self) -> None:
        """To where they draw other numbers."""
        self.put_back()
        for _ in range(7):
            random.random()
            np.random.random()  # noqa: NPY002
            for generator, _ in self._generators:
                generator.random()
