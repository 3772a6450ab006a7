"""A computation as a graph, as plain data: the values of the way forward and of the way back, and what each is made
of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["forward", "backward"]
ValueState = Literal["right", "wrong", "follows"]
"""``wrong`` where a mistake shows first, ``follows`` where a value is wrong as one that it is made of is."""


@dataclass(frozen=True)
class EntryBeside:
    """An entry of a wrong value: its index, what it is, and what it should be."""

    index: tuple[int, ...]
    given: float
    true: float


@dataclass(frozen=True)
class ComputedValue:
    """A value of a computation.

    Attributes:
        name: as the source has it; that of a function where it is returned without one.
        way: on which of the two ways it is formed, or given.
        place: ``line 14``; empty where it is given.
        text: the expression, shortened.
        shapes: of all turns of a loop, each but once.
        turns: how often it is formed, where that is told of one value.
        state: whether it is right.
        entries: of one that is wrong, all where they are few, else the one that differs most; none where what is right
            is not known.
        true_shape: what shape it should have, where that is another one.
        turn: to which turn these belong, counted from 1; 0 where there is one.
        derivative_of: the place among the values of the one that it is, or should be, the derivative by; None where
            that is not known.
    """

    name: str
    way: Way
    place: str
    text: str
    shapes: tuple[tuple[int, ...], ...]
    turns: int = 1
    state: ValueState = "right"
    entries: tuple[EntryBeside, ...] = ()
    true_shape: tuple[int, ...] | None = None
    turn: int = 0
    derivative_of: int | None = None


@dataclass(frozen=True)
class ComputationGraph:
    """The values of a computation, in order.

    Attributes:
        values: those of the way forward, then those of the way back; none where they are too many to be read.
        edges: from a value to one that is made of it, by their places.
        count: how many values there are.
    """

    values: tuple[ComputedValue, ...]
    edges: tuple[tuple[int, int], ...]
    count: int
