"""Formulas that a value may be meant to have, found by what they give.

What is asked of a value x is linear: for some arrays u, <u, x> should be so much. Every formula that can be written
briefly of what is known where x is formed gives a value f; where all <u, f> are one multiple of what they should be,
that multiple of f is what is meant, or of what x lacks. A product f g of two of them is tried for all pairs at once,
as <u, f g> is a product of matrices; so some hundred thousand formulas take as long as a few runs of the user's code.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import PatchKind
from chainrule.gradcheck.program.products import filled
from chainrule.gradcheck.program.value_forms import DIVIDING, WrittenForm, WrittenForms

_NEAR, _MATCH, _LEAST = 1e-4, 1e-6, 1e-9
_MOST_FACTORS, _MOST_FORMS, _MOST_FOUND = 300, 1500, 30
_MOST_WAYS, _LONGER = 4, 3
_NUMBERS = (
    ("{0}", 1.0, 0), ("2 * {0}", 2.0, 1), ("0.5 * {0}", 0.5, 1), ("3 * {0}", 3.0, 1), ("4 * {0}", 4.0, 1),
    ("0.25 * {0}", 0.25, 1),
)  # fmt: skip
_OF_A_NUMBER: tuple[tuple[str, Callable[[float], float], int], ...] = (
    ("{0} / {1}", lambda n: 1 / n, 2),
    ("{1} * {0}", lambda n: n, 2),
    ("2 * {1} * {0}", lambda n: 2 * n, 3),
    ("2 * {0} / {1}", lambda n: 2 / n, 3),
    ("0.5 * {0} / {1}", lambda n: 0.5 / n, 3),
    ("{0} / {1} ** 2", lambda n: 1 / n**2, 3),
    ("{0} / np.sqrt({1})", lambda n: abs(n) ** -0.5, 3),
)
"""Factors made of a number n: how they are written, what they are, and how much is written."""


class WantedValue(NamedTuple):
    """What should be so of a value.

    Attributes:
        along: the arrays u, one row each, the turns of a loop one behind the other (k, n).
        total: what <u, x> should be (k,).
    """

    along: Array
    total: Array


class FoundFormula(NamedTuple):
    """A formula with which a value is what it should be.

    Attributes:
        kind: how it differs from what stands there.
        new: it.
        length: how much of it was not there.
    """

    kind: PatchKind
    new: ast.expr
    length: int


class _Factor(NamedTuple):
    """A number that something is multiplied by: ``{0} / n``, and whether it is below 0."""

    form: str
    parts: tuple[ast.expr, ...]
    is_negative: bool
    length: int

    def times(self, value: ast.expr) -> ast.expr:
        """The product."""
        product = filled(self.form, value, *self.parts)
        return ast.UnaryOp(ast.USub(), product) if self.is_negative else product

    def added(self, value: ast.expr, term: ast.expr) -> ast.expr:
        """A value and the product."""
        operator = ast.Sub() if self.is_negative else ast.Add()
        return ast.BinOp(value, operator, filled(self.form, term, *self.parts))


def found(
    stands: ast.expr, values: Sequence[Array], forms: WrittenForms, wanted: Sequence[WantedValue]
) -> list[FoundFormula]:
    """The shortest formulas that give what is wanted, for the value of an expression in each turn of a loop.

    Args:
        stands: the expression.
        values: what it gives.
        forms: what can be written where it stands.
        wanted: each by itself.
    """
    rows, of = forms.once(tuple(value.shape for value in values), _rows)
    every = [each for w in wanted for each in _found(stands, values, rows, of, forms, w)]
    # What is longer than others gives the same by chance, or goes a long way about it.
    least = min((each.length for each in every), default=0) + _LONGER
    shortest = sorted((each for each in every if each.length <= least), key=lambda each: each.length)[
        :_MOST_FOUND
    ]
    return [*{ast.unparse(each.new): each for each in reversed(shortest)}.values()][::-1]


def _rows(forms: WrittenForms, shapes: tuple[tuple[int, ...], ...]) -> tuple[Array, list[WrittenForm]]:
    """The forms that fit some shapes, and what they give there; the shortest of those that give the same."""
    rows, of, seen = list[Array](), list[WrittenForm](), set[bytes]()
    for form in itertools.islice(forms.fitting(shapes), 2 * _MOST_FORMS):
        row = np.concatenate(
            [np.broadcast_to(v, shape).reshape(-1) for v, shape in zip(form.values, shapes, strict=True)]
        )
        # By rounding alone nothing is another.
        key = row.astype(np.float32).tobytes()
        if key not in seen and len(of) < _MOST_FORMS:
            seen.add(key)
            rows.append(row)
            of.append(form)
    return np.array(rows).reshape(len(rows), -1), of


def _found(
    stands: ast.expr,
    values: Sequence[Array],
    rows: Array,
    of: Sequence[WrittenForm],
    forms: WrittenForms,
    wanted: WantedValue,
) -> Iterator[FoundFormula]:
    u, total = wanted
    x, shapes = _flat(values), [value.shape for value in values]
    lacking = total - u @ x
    # It is right as it is, or makes no difference.
    if not np.linalg.norm(lacking) > _MATCH * np.linalg.norm(total) + _LEAST or not len(rows):
        return
    whole: list[tuple[PatchKind, Array, Callable[[_Factor, ast.expr], ast.expr]]] = [
        ("call", total, lambda factor, new: factor.times(new)),
        ("another term", lacking, lambda factor, new: factor.added(stands, new)),
    ]
    single = rows @ u.T
    for kind, target, placed in whole:
        for i, factor in _multiples(single, target, forms):
            # A row that stands for many alike is none of them.
            if kind == "call" and not _has_shapes(shapes, of[i]):
                continue
            yield FoundFormula(kind, placed(factor, of[i].node()), factor.length + of[i].length)
    for i, factor in _multiples((rows * x) @ u.T, total, forms):
        length = factor.length + of[i].length
        yield FoundFormula("scale", factor.times(_product(stands, of[i])), length)
    few = [i for i, form in enumerate(of) if form.is_factor and form.parts][:_MOST_FACTORS]
    pairs = np.stack([(rows[few] * each) @ rows.T for each in u[:2]], axis=-1)
    for kind, target, placed in whole:
        near = np.abs(pairs[..., 0] * target[1] - pairs[..., 1] * target[0]) < _NEAR * (
            np.abs(pairs[..., 0] * target[1]) + np.abs(pairs[..., 1] * target[0])
        )
        places = np.argwhere(near)[:_MOST_FORMS]
        products = np.array([(rows[few[i]] * rows[j]) @ u.T for i, j in places]).reshape(
            len(places), len(total)
        )
        for at, factor in _multiples(products, target, forms):
            i, j = few[places[at][0]], int(places[at][1])
            if kind == "call" and not _has_shapes(shapes, of[i], of[j]):
                continue
            if _are_two(of[i], of[j]) and (i <= j or not of[j].is_factor):
                length = factor.length + of[i].length + of[j].length
                yield FoundFormula(kind, placed(factor, _product(of[i].node(), of[j])), length)


def _multiples(along: Array, target: Array, forms: WrittenForms) -> Iterator[tuple[int, _Factor]]:
    """Which rows are the target but for a factor that can be written, and the factor."""
    squares = (along**2).sum(axis=1)
    with np.errstate(all="ignore"):
        factors = along @ target / squares
        off = np.linalg.norm(target - factors[:, np.newaxis] * along, axis=1)
    for i in np.flatnonzero(off <= _MATCH * np.linalg.norm(target)):
        for factor in _written(float(factors[i]), forms.numbers):
            yield int(i), factor


def _written(factor: float, numbers: Sequence[tuple[ast.expr, float]]) -> list[_Factor]:
    """The ways to write a factor: as a number; by what is a number where it stands."""
    size, below = abs(factor), factor < 0

    def near(other: float) -> bool:
        return abs(size - abs(other)) <= 10 * _MATCH * abs(other)

    ways = [_Factor(form, (), below, length) for form, number, length in _NUMBERS if near(number)]
    for node, number in numbers:
        for form, value, length in _OF_A_NUMBER if abs(number) not in (0, 1) else ():
            if near(value(number)):
                ways.append(_Factor(form, (node,), below != (number < 0), length))
    for (one, a), (other, b) in itertools.permutations(numbers, 2):
        if not ways and a * b:
            if near(a / b):
                ways.append(_Factor("{0} * {1} / {2}", (one, other), below != (a * b < 0), 5))
            if near(1 / (a * b)):
                ways.append(_Factor("{0} / ({1} * {2})", (one, other), below != (a * b < 0), 5))
    return ways[:_MOST_WAYS]


def _are_two(one: WrittenForm, other: WrittenForm) -> bool:
    """Whether neither is a plain number, or divides by what the other multiplies by."""
    parts = [{ast.unparse(part) for part in form.parts} for form in (one, other)]
    divides = any(form.form in DIVIDING for form in (one, other))
    return bool(parts[1]) and not (divides and parts[0] & parts[1])


def _has_shapes(shapes: Sequence[tuple[int, ...]], *forms: WrittenForm) -> bool:
    """Whether the product of some forms has certain shapes by itself."""
    turns = zip(*(form.values for form in forms), strict=True)
    return [np.broadcast_shapes(*(value.shape for value in turn)) for turn in turns] == [*shapes]


def _product(value: ast.expr, form: WrittenForm) -> ast.expr:
    """A product; a quotient where the form is one over something."""
    if not form.parts:
        return value
    below = form.below()
    if below is not None:
        return ast.BinOp(value, ast.Div(), below)
    return ast.BinOp(value, ast.Mult(), form.node())


def _flat(values: Sequence[Array]) -> Array:
    return np.concatenate([np.asarray(value, dtype=float).reshape(-1) for value in values])
