"""What can be written briefly of the values that are known at a place: they themselves, functions of one, sums and
means along axes, matrix products; with what each gives in every turn of a loop."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.products import filled

_MOST_ARRAYS, _MOST_MULTIPLIED, _MOST_NUMBERS, _MOST_ENTRIES = 28, 20, 16, 2000

_TurnShapes = tuple[tuple[int, ...], ...]
_MadeOfForms = TypeVar("_MadeOfForms")

_ONE_OVER = "1 / {0}"
DIVIDING = frozenset({_ONE_OVER, "1 / {0} ** 2", "1 / {0} ** 3", "1 / np.sqrt({0})"})
"""The forms that divide by something."""

_FUNCTIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("{0} > 0", lambda a: 1.0 * (a > 0)),
    ("{0} < 0", lambda a: 1.0 * (a < 0)),
    ("1 - {0}", lambda a: 1 - a),
    ("{0} ** 2", lambda a: a**2),
    ("1 - {0} ** 2", lambda a: 1 - a**2),
    ("{0} * (1 - {0})", lambda a: a * (1 - a)),
    (_ONE_OVER, lambda a: 1 / a),
    ("1 / {0} ** 2", lambda a: 1 / a**2),
    ("1 / {0} ** 3", lambda a: 1 / a**3),
    ("np.exp({0})", np.exp),
    ("np.exp(-{0})", lambda a: np.exp(-a)),
    ("np.sqrt({0})", np.sqrt),
    ("1 / np.sqrt({0})", lambda a: 1 / np.sqrt(a)),
    ("np.log({0})", np.log),
    ("np.sign({0})", np.sign),
    ("np.tanh({0})", np.tanh),
    ("1 - np.tanh({0}) ** 2", lambda a: 1 - np.tanh(a) ** 2),
    ("1 / (1 + np.exp(-{0}))", lambda a: 1 / (1 + np.exp(-a))),
    ("np.cos({0})", np.cos),
    ("np.sin({0})", np.sin),
)
_ALONG: tuple[tuple[str, Callable[..., Array]], ...] = (("sum", np.sum), ("mean", np.mean))
_SIZES = ("len({0})", "{0}.shape[0]", "{0}.shape[1]", "{0}.shape[2]", "{0}.shape[3]", "{0}.size")


class WrittenForm(NamedTuple):
    """An expression, and what it gives.

    Attributes:
        form: how it is written of its parts.
        parts: these.
        values: what it gives, in each turn.
        length: how much is written.
        is_factor: whether it is short enough to be one of two factors.
    """

    form: str
    parts: tuple[ast.expr, ...]
    values: tuple[Array, ...]
    length: int
    is_factor: bool = True

    def node(self) -> ast.expr:
        """The expression."""
        return filled(self.form, *self.parts)

    def below(self) -> ast.expr | None:
        """What it is one over; None where it is none of this kind."""
        return self.parts[0] if self.form == _ONE_OVER else None


class WrittenForms:
    """What can be written of some operands.

    Args:
        operands: each with its value in every turn.
    """

    def __init__(self, operands: Sequence[tuple[ast.expr, tuple[Any, ...]]]) -> None:
        known = [(node, tuple(map(_as_array, values))) for node, values in operands]
        usable = [(node, values) for node, values in known if all(each is not None for each in values)]
        self._arrays = [
            WrittenForm("{0}", (node,), values, 1) for node, values in usable if any(v.ndim for v in values)
        ][:_MOST_ARRAYS]
        self._kept: dict[_TurnShapes, Any] = {}
        self._scalars = [(node, values) for node, values in usable if not any(v.ndim for v in values)]

    def once(
        self, shapes: _TurnShapes, made: Callable[[WrittenForms, _TurnShapes], _MadeOfForms]
    ) -> _MadeOfForms:
        """What is made of those of some shapes, made once."""
        if shapes not in self._kept:
            self._kept[shapes] = made(self, shapes)
        return self._kept[shapes]  # type: ignore[no-any-return]

    @cached_property
    def numbers(self) -> list[tuple[ast.expr, float]]:
        """What is one number in every turn: variables, and sizes of arrays."""
        plain = [(node, {float(v) for v in values}) for node, values in self._scalars]
        one = [(node, values.pop()) for node, values in plain if len(values) == 1]
        seen = {value for _, value in one}
        for array, form in itertools.product(self._arrays, _SIZES):
            sizes = {_size(form, value) for value in array.values}
            size = sizes.pop()
            if size is not None and not sizes and size not in seen:
                seen.add(size)
                one.append((filled(form, *array.parts), size))
        return one[:_MOST_NUMBERS]

    def fitting(self, shapes: Sequence[tuple[int, ...]]) -> Iterator[WrittenForm]:
        """Those that can stand in the place of a value of these shapes, one for each turn, or beside it; the shortest
        first."""
        if not shapes:
            return
        yield WrittenForm("1.0", (), tuple(np.ones(()) for _ in shapes), 1)
        numbers = [WrittenForm("{0}", (node,), values, 1) for node, values in self._scalars]
        every = itertools.chain(
            self._arrays,
            numbers,
            self._functions(numbers),
            self._along(),
            self._products(shapes),
            self._sums(),
        )
        for form in every:
            if len(form.values) == len(shapes) and all(map(_fits, form.values, shapes)):
                yield form

    def _functions(self, numbers: Sequence[WrittenForm]) -> Iterator[WrittenForm]:
        for number in numbers:
            yield from _made("1 - {0}", number.parts, (1 - value for value in number.values), 2)
        for (form, function), array in itertools.product(_FUNCTIONS, self._arrays):
            # What may be 0, as biases are at first, is not divided by.
            if form in DIVIDING and not all((value > 0).all() for value in array.values):
                continue
            with np.errstate(all="ignore"):
                yield from _made(form, array.parts, map(function, array.values), 2)

    def _along(self) -> Iterator[WrittenForm]:
        for array in self._arrays:
            if all(value.ndim == 2 for value in array.values):
                yield WrittenForm("{0}.T", array.parts, tuple(value.T for value in array.values), 1)
            yield from _summed("{0}", array.parts, array.values, 2, is_factor=True)
            yield from self._slopes_of_softmax(array)

    def _slopes_of_softmax(self, array: WrittenForm) -> Iterator[WrittenForm]:
        """What comes back through a softmax, where an array adds up to one along an axis."""
        for axis in _axes_adding_up_to_one(array.values):
            for other in self._arrays:
                if all(map(_are_of_one_shape, array.values, other.values)):
                    parts, pairs = (*array.parts, *other.parts), zip(array.values, other.values, strict=True)
                    values = tuple(p * (d - (d * p).sum(axis=axis, keepdims=True)) for p, d in pairs)
                    form = f"{{0}} * ({{1}} - ({{1}} * {{0}}).sum(axis={axis}, keepdims=True))"
                    yield WrittenForm(form, parts, values, 4, is_factor=False)

    def _products(self, shapes: Sequence[tuple[int, ...]]) -> Iterator[WrittenForm]:
        """Matrix products of two, each as it is or transposed."""
        for one, other in itertools.permutations(self._arrays, 2):
            if all(v.ndim == 1 for v in (*one.values, *other.values)):
                outer = map(np.outer, one.values, other.values)
                yield from _made("np.outer({0}, {1})", (*one.parts, *other.parts), outer, 3)
                continue
            for a, b in itertools.product(("{0}", "{0}.T"), ("{1}", "{1}.T")):
                left = [v.T if ".T" in a else v for v in one.values]
                right = [v.T if ".T" in b else v for v in other.values]
                if all(map(_can_be_multiplied, left, right, shapes)):
                    values = (x @ y for x, y in zip(left, right, strict=True))
                    yield from _made(f"{a} @ {b}", (*one.parts, *other.parts), values, 3)

    def _sums(self) -> Iterator[WrittenForm]:
        """Sums and means of products of two."""
        few = self._arrays[:_MOST_MULTIPLIED]
        for one, other in itertools.combinations_with_replacement(few, 2):
            try:
                values = tuple(x * y for x, y in zip(one.values, other.values, strict=True))
            except ValueError:
                continue
            yield from _summed("({0} * {1})", (*one.parts, *other.parts), values, 4, is_factor=False)


def _summed(
    form: str, parts: tuple[ast.expr, ...], values: tuple[Array, ...], length: int, *, is_factor: bool
) -> Iterator[WrittenForm]:
    """Sums and means of something along each of its axes, and along all."""
    axes = {value.ndim for value in values}
    if axes == {0} or len(axes) > 1 or max(value.size for value in values) > _MOST_ENTRIES:
        return
    every: list[int | None] = [*range(axes.pop()), None]
    for (name, function), axis, kept in itertools.product(_ALONG, every, (False, True)):
        told = ([] if axis is None else [f"axis={axis}"]) + (["keepdims=True"] if kept else [])
        if kept and axis is None:
            continue
        made = tuple(np.asarray(function(value, axis=axis, keepdims=kept)) for value in values)
        yield WrittenForm(f"{form}.{name}({', '.join(told)})", parts, made, length + len(told), is_factor)


def _made(
    form: str, parts: tuple[ast.expr, ...], values: Iterator[Any], length: int
) -> Iterator[WrittenForm]:
    made = tuple(np.asarray(value, dtype=float) for value in values)
    if all(np.isfinite(value).all() for value in made):
        yield WrittenForm(form, parts, made, length)


def _as_array(value: Any) -> Any:
    """A value as an array of numbers; None where it is none, or not finite."""
    if not isinstance(value, np.ndarray | np.generic | int | float) or np.size(value) > _MOST_ENTRIES:
        return None
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not array.size or not np.isfinite(array).all():
        return None
    return array.astype(float)


def _axes_adding_up_to_one(values: Sequence[Array]) -> list[int]:
    """The axes along which arrays of positive numbers add up to one, the last called so; none of a single entry."""
    axes = {value.ndim for value in values}
    every = range(axes.pop()) if len(axes) == 1 and all((value >= 0).all() for value in values) else range(0)
    adding = [
        axis
        for axis in every
        if all(value.shape[axis] > 1 and np.allclose(value.sum(axis=axis), 1) for value in values)
    ]
    return [-1 if axis == every[-1] else axis for axis in adding]


def _are_of_one_shape(one: Array, other: Array) -> bool:
    return one.shape == other.shape


def _size(form: str, value: Array) -> float | None:
    if form == "{0}.size":
        return float(value.size)
    axis = 0 if form.startswith("len") else int(form[-2])
    return float(value.shape[axis]) if axis < value.ndim else None


def _fits(value: Array, shape: tuple[int, ...]) -> bool:
    """Whether it can be broadcast to a shape."""
    if value.ndim > len(shape):
        return False
    return all(n in (1, m) for n, m in zip(value.shape[::-1], shape[::-1], strict=False))


def _can_be_multiplied(left: Array, right: Array, shape: tuple[int, ...]) -> bool:
    if not (1 <= left.ndim <= 2 and 1 <= right.ndim <= 2) or left.shape[-1] != right.shape[0]:
        return False
    product = (*left.shape[:-1], *right.shape[1:])
    return len(product) <= len(shape) and all(
        n in (1, m) for n, m in zip(product[::-1], shape[::-1], strict=False)
    )
