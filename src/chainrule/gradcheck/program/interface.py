"""A program as the checker sees it: arrays in, arrays out, nothing shared and nothing kept.

The checker talks to a :class:`Program` only. :class:`chainrule.gradcheck.program.local.LocalProgram` holds functions of
this process; the same requests through a pipe go to functions of another process
(:mod:`chainrule.gradcheck.sandbox.remote`). What goes in and out is therefore plain: numbers, text, lists, arrays and
the records below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from chainrule.arrays import Array
from chainrule.gradcheck.result import TextEdit

PatchKind = Literal[
    "sign", "transpose", "axis", "sum or mean", "comparison", "accumulation", "every index", "assignment", "part",
    "order of statements", "order of factors", "exchange", "index", "slice", "number", "statement", "missing statement",
    "factor", "term", "power", "call", "name", "minus", "scale", "another term", "derivative",
]  # fmt: skip
"""What a patch changes; the earlier ones are the likelier slips, and are tried first."""

FunctionName = Literal["cost", "gradient", "numeric", "update"]
"""The functions that a program may have: the user's own numeric gradient and the update step are optional."""


Arrays = Sequence[Array]
Data = Sequence[Any]


class SourceLine(NamedTuple):
    """A line of the user's source: the file as tracebacks name it, the number counted from 1, the text."""

    file: str
    number: int
    text: str


class Description(NamedTuple):
    """What a program says of itself.

    Attributes:
        names, arrays: of the parameters' leaves, in order.
        data: the further arguments.
        data_names: what the cost calls them.
        has_numeric, has_update: whether these functions were given.
        numeric_step: where the numeric gradient sets its step, if that can be told.
    """

    names: list[str]
    arrays: list[Array]
    data: list[Any]
    data_names: list[str]
    has_numeric: bool
    has_update: bool
    numeric_step: SourceLine | None


class Returned(NamedTuple):
    """What a gradient gave back.

    Attributes:
        names, arrays: of what came back, in its own order.
        after: the parameters after the call.
        kind: the type of what came back, or ``attributes`` where the object kept it.
    """

    names: list[str]
    arrays: list[Array]
    after: list[Array]
    kind: str


class WatchedValue(NamedTuple):
    """The value of one expression of the user's source in one evaluation.

    Attributes:
        site: which expression.
        occurrence: which evaluation of it, counted from 0.
        line: where it stands.
        use: ``alias`` for a bare name that is assigned, as in ``G = P``; ``drops`` for one that is assigned or returned
            in a function which computes something that it never uses, so that a term may have been dropped, as in
            ``grad = G @ X.T; penalty = 2 * l2 * W; return grad``; ``read`` for a use of a value, a bare name or an
            attribute; else empty.
        text: the expression, shortened.
        array: the value; a number is an array of no dimension.
    """

    site: str
    occurrence: int
    line: SourceLine
    use: str
    text: str
    array: Array

    @property
    def in_place(self) -> bool:
        """Whether it is what a statement has changed in place."""
        return self.site.rpartition(":")[2].startswith("-")


class NamedStatement(NamedTuple):
    """A statement of the user's source that gives a value a name, or returns one.

    Attributes:
        line: where the expression of the value begins.
        first, last: the lines of the statement.
        target: what the value is called: ``dx``, ``grads["W"]``; empty where it is returned.
        text: the expression, as a watched value has it; of what is changed in place the name of the whole.
        whole: what it becomes a part of, as ``dW`` of ``dW[i] = ...``; else empty.
        joins: whether the value is made of what its target held before.
        function: in which it stands.
        start: where that begins.
        repeats: whether it stands in a loop there.
    """

    line: SourceLine
    first: int
    last: int
    target: str
    text: str
    whole: str
    joins: bool
    function: str
    start: int
    repeats: bool


@dataclass(frozen=True)
class Quotient:
    """Where a numeric difference is formed. It is read by whoever asks, and passes through no pipe.

    Attributes:
        line: the line.
        exact: it is a complex step, whose error is that of rounding.
    """

    line: SourceLine
    exact: bool


class Replacement(NamedTuple):
    """Another value for one evaluation of an expression, or for one use of a value; or what it is moved along."""

    site: str
    occurrence: int
    array: Array


class Patch(NamedTuple):
    """A small change of the user's source.

    Attributes:
        number: of it, counted from 0.
        kind: what is changed.
        line: where it is changed.
        after: what stands there then.
        places: how many places it changes.
    """

    number: int
    kind: PatchKind
    line: SourceLine
    after: str
    places: int = 1


Changes = Sequence[Replacement] | Sequence[Patch]
"""Values that take the place of others, or patches."""

RECORDS = (SourceLine, Description, Returned, WatchedValue, NamedStatement, Replacement, Patch, TextEdit)
"""All that passes between a program and the checker beside plain values."""


class Program(Protocol):
    """What is checked. ``arrays`` are the parameters' leaves, ``data`` the further arguments, both in order."""

    def describe(self) -> Description:
        """Parameters, data, and which functions there are."""

    def cost(self, arrays: Arrays, data: Data, changes: Changes = ()) -> complex:
        """J; complex where ``arrays`` are. ``changes``: values that take the place of others on the way, or a patch."""

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        """J with entry ``entries[i]`` (flat) of one leaf moved by ``steps[i]``, the others as they are, (n,)."""

    def costs_along(self, arrays: Arrays, data: Data, leaf: int, ways: Array, steps: Array) -> Array:
        """J with one leaf moved along each of some ways (n, ...), arrays of its shape, by its step (n,), the others as
        they are, (n,)."""

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        """J at arrays + t direction for every t of ``steps``, (n,)."""

    def gradient(
        self,
        arrays: Arrays,
        data: Data,
        changes: Changes = (),
        function: FunctionName = "gradient",
    ) -> Returned:
        """The gradient, or the user's own ``numeric`` one; ``changes`` as of the cost."""

    def projections(
        self,
        arrays: Arrays,
        data: Data,
        weights: Arrays,
        every: Sequence[Changes],
        order: Sequence[int] | None = None,
    ) -> Array:
        """What all entries of the gradient times those of ``weights`` add up to, with each of many changes by itself,
        (n,); not a number where the code does not bear one. ``order``: for each parameter the place of its gradient."""

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        """The parameters after one step."""

    def cost_calls(self, arrays: Arrays, data: Data) -> int:
        """How often one gradient calls the cost."""

    def quotient(self) -> Quotient | None:
        """Where the gradient's source forms a numeric difference (:mod:`.quotients`); not asked of the
        user's process."""

    def trace(
        self,
        arrays: Arrays,
        data: Data,
        function: FunctionName = "gradient",
        uses: bool = False,
        replacements: Sequence[Replacement] = (),
    ) -> list[WatchedValue]:
        """Every value that an expression of the user's source gives during one call, in order, and the ``uses`` of
        values; with some values replaced. Of the update ``data`` are the gradient, a list of arrays, and the rate."""

    def statements(self) -> list[NamedStatement]:
        """Every statement that cost and gradient may come by and that gives a value a name, or returns one."""

    def slopes(
        self, arrays: Arrays, data: Data, ways: Sequence[Replacement], held: Sequence[Replacement] = ()
    ) -> Array:
        """The derivative of J along each of some ways: the array is what the value is moved along, where it is formed
        or used, (n,); not a number where it cannot be moved. Values that are ``held`` do not change with it.
        A parameter is moved by its place, with an empty site."""

    def patches(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine | None = None,
        additions: bool = False,
        function: FunctionName = "gradient",
    ) -> list[Patch]:
        """Every small change of the source that a gradient, or the cost, runs, or of one line of it, or ``additions``
        to that; each has a number of its own."""

    def fitting(
        self,
        arrays: Arrays,
        data: Data,
        line: SourceLine,
        ways: Sequence[Arrays],
        wanted: Sequence[Array],
        order: Sequence[int] | None = None,
        held: Sequence[Patch] = (),
    ) -> list[Patch]:
        """Other formulas for a line, with which what the gradient's entries times those of each way add up to is one of
        what is wanted (k,), which is not a number where it does not matter; ``order`` as of the projections. Patches
        that are ``held`` are made in other statements. What is said of a formula is so but for rounding, and at this
        point alone."""

    def edits(self, patches: Sequence[Patch]) -> list[TextEdit]:
        """How patches are written in the user's text; nothing where one cannot be."""

    def first_mutation(self, arrays: Arrays, data: Data) -> SourceLine | None:
        """Where a gradient first leaves a parameter other than it was."""
