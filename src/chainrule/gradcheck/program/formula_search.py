"""Formulas that a value may be meant to have, found by what they give.

What is asked of a value x is linear: for some arrays u, <u, x> should be so much. Every formula that can be written
briefly of what is known where x is formed gives a value f; where all <u, f> are one multiple of what they should be,
that multiple of f is what is meant, or of what x lacks. A product f g of two of them is tried for all pairs at once,
as <u, f g> is a product of matrices; so some hundred thousand formulas take as long as a few runs of the user's code.
Where none is what is meant, products of three are tried in the same way.
"""

from __future__ import annotations

import ast
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import PatchKind
from chainrule.gradcheck.program.products import filled
from chainrule.gradcheck.program.value_forms import DIVIDING, WrittenForm, WrittenForms

_NEAR, _MATCH, _LEAST = 1e-4, 1e-6, 1e-9
_MOST_TRIED, _MOST_FORMS, _MOST_FACTORS, _MOST_PAIRS = 3000, 1500, 300, 1500
"""How many forms are worked out; how many of these that differ are held against what is wanted; how many may be one of
two factors; how many products of two are looked at in full."""

_MOST_PLAIN, _MOST_BESIDE = 8, 150
"""Of how many variables two, and of how many forms one, make a product of three."""

_MOST_FOUND, _MOST_SPELLINGS, _LONGER = 30, 6, 3
_OF_A_SIZE = 3
"""How much longer a number counts that may be a size."""

_TWICE = 2
"""A square has a derivative of two, and a size of two is as often a number: neither has to give way."""

_NUMBERS = (
    ("{0}", 1.0, 0), ("2 * {0}", 2.0, 1), ("0.5 * {0}", 0.5, 1), ("3 * {0}", 3.0, 1), ("4 * {0}", 4.0, 1),
    ("0.25 * {0}", 0.25, 1),
)  # fmt: skip
_OF_A_NUMBER: tuple[tuple[str, Callable[[float], float], int], ...] = (
    ("{0} / {1}", lambda n: 1 / n, 2),
    ("{1} * {0}", lambda n: n, 2),
    ("{0} / {1} ** 2", lambda n: 1 / n**2, 3),
    ("2 * {1} * {0}", lambda n: 2 * n, 3),
    ("2 * {0} / {1}", lambda n: 2 / n, 3),
    ("0.5 * {0} / {1}", lambda n: 0.5 / n, 3),
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


def formulas_giving(
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
    place = _FormulaPlace(stands, values, rows, of, forms)
    every = [each for target in wanted for each in place.formulas(target)]
    # What is longer than others gives the same by chance, or goes a long way about it.
    least = min((each.length for each in every), default=0) + _LONGER
    shortest = sorted((each for each in every if each.length <= least), key=lambda each: each.length)[
        :_MOST_FOUND
    ]
    return [*{ast.unparse(each.new): each for each in reversed(shortest)}.values()][::-1]


def _rows(forms: WrittenForms, shapes: tuple[tuple[int, ...], ...]) -> tuple[Array, list[WrittenForm]]:
    """The forms that fit some shapes, and what they give there; the shortest of those that give the same."""
    rows, of, seen = list[Array](), list[WrittenForm](), set[bytes]()
    for form in itertools.islice(forms.fitting(shapes), _MOST_TRIED):
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


class _FormulaAim(NamedTuple):
    """What a formula f is to give, <u, f> (k,), and how it is then put where something stands."""

    kind: PatchKind
    target: Array
    placed: Callable[[_Factor, ast.expr], ast.expr]


class _FormulaPlace(NamedTuple):
    """An expression, its value x in each turn, and the forms that fit there: what each gives is a row (m, n)."""

    stands: ast.expr
    values: Sequence[Array]
    rows: Array
    of: Sequence[WrittenForm]
    forms: WrittenForms

    def formulas(self, wanted: WantedValue) -> Iterator[FoundFormula]:
        """All with which the value is what is wanted: in its place, beside it, or multiplied by it."""
        u, total = wanted
        x = np.concatenate([np.asarray(value, dtype=float).reshape(-1) for value in self.values])
        lacking = total - u @ x
        # It is right as it is, or makes no difference.
        if not np.linalg.norm(lacking) > _MATCH * np.linalg.norm(total) + _LEAST or not len(self.rows):
            return
        aims = (
            _FormulaAim("call", total, lambda factor, new: factor.times(new)),
            _FormulaAim("another term", lacking, lambda factor, new: factor.added(self.stands, new)),
        )
        found = [each for aim in aims for each in self._single(u, aim)]
        for i, factor in _multiples((self.rows * x) @ u.T, total, self.forms):
            length = factor.length + self.of[i].length
            found.append(FoundFormula("scale", factor.times(_product(self.stands, self.of[i])), length))
        found += self._pairs(u, aims)
        yield from found or self._triples(u, aims)

    def _single(self, u: Array, aim: _FormulaAim) -> Iterator[FoundFormula]:
        """Multiples of one form."""
        for i, factor in _multiples(self.rows @ u.T, aim.target, self.forms):
            if self._can_stand(aim, self.of[i]):
                yield FoundFormula(
                    aim.kind, aim.placed(factor, self.of[i].node()), factor.length + self.of[i].length
                )

    def _pairs(self, u: Array, aims: Sequence[_FormulaAim]) -> Iterator[FoundFormula]:
        """Multiples of products of two."""
        return self._products([(i,) for i in self._factors()], range(len(self.of)), u, aims)

    def _triples(self, u: Array, aims: Sequence[_FormulaAim]) -> Iterator[FoundFormula]:
        """Multiples of products of three, two of which are plain variables."""
        factors = self._factors()
        plain = [i for i in factors if self.of[i].form == "{0}"][:_MOST_PLAIN]
        return self._products([*itertools.combinations(plain, 2)], factors[:_MOST_BESIDE], u, aims)

    def _factors(self) -> list[int]:
        return [i for i, form in enumerate(self.of) if form.is_factor and form.parts][:_MOST_FACTORS]

    def _products(
        self, firsts: Sequence[tuple[int, ...]], lasts: Sequence[int], u: Array, aims: Sequence[_FormulaAim]
    ) -> Iterator[FoundFormula]:
        """Multiples of products of some forms and one more: those of which two numbers are as they should be are looked
        at in full."""
        if not firsts:
            return
        rows = np.array([self.rows[[*first]].prod(axis=0) for first in firsts])
        others = self.rows[[*lasts]].T
        every = np.stack([(rows * each) @ others for each in u[:2]], axis=-1)
        for aim in aims:
            first, second = every[..., 0] * aim.target[1], every[..., 1] * aim.target[0]
            near = np.abs(first - second) < _NEAR * (np.abs(first) + np.abs(second))
            places = [(*firsts[i], lasts[j]) for i, j in np.argwhere(near)[:_MOST_PAIRS]]
            products = [self.rows[[*place]].prod(axis=0) @ u.T for place in places]
            along = np.array(products).reshape(len(places), len(aim.target))
            for at, factor in _multiples(along, aim.target, self.forms):
                *before, last = (self.of[i] for i in places[at])
                is_once = max(places[at][:-1]) <= places[at][-1] or not last.is_factor
                are_several = all(_are_two(one, last) for one in before)
                if is_once and are_several and self._can_stand(aim, *before, last):
                    product = functools.reduce(_times, (one.node() for one in before))
                    length = factor.length + sum(one.length for one in (*before, last))
                    yield FoundFormula(aim.kind, aim.placed(factor, _product(product, last)), length)

    def _can_stand(self, aim: _FormulaAim, *forms: WrittenForm) -> bool:
        """Whether a product of forms can: in the place of an array a row that stands for many alike is none of them."""
        if aim.kind != "call":
            return True
        turns = zip(*(form.values for form in forms), strict=True)
        shapes = [np.broadcast_shapes(*(value.shape for value in turn)) for turn in turns]
        return shapes == [value.shape for value in self.values]


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
    """How a factor can be written: by what is a number where it stands; as a number, which is longer than all others
    where a size would do, as then it is right for this size alone."""
    size, below = abs(factor), factor < 0

    def near(other: float) -> bool:
        return abs(size - abs(other)) <= 10 * _MATCH * abs(other)

    named = [
        (_Factor(form, (node,), below != (number < 0), length), number)
        for form, value, length in _OF_A_NUMBER
        for node, number in numbers
        if abs(number) not in (0, 1) and near(value(number))
    ]
    may_be_a_size = not near(_TWICE) and any(number > _TWICE and number.is_integer() for _, number in named)
    written = [each for each, _ in named] + [
        _Factor(form, (), below, length + _OF_A_SIZE if may_be_a_size and length else length)
        for form, number, length in _NUMBERS
        if near(number)
    ]
    for (one, a), (other, b) in itertools.permutations(numbers, 2):
        if not written and a * b:
            if near(a / b):
                written.append(_Factor("{0} * {1} / {2}", (one, other), below != (a * b < 0), 5))
            if near(1 / (a * b)):
                written.append(_Factor("{0} / ({1} * {2})", (one, other), below != (a * b < 0), 5))
    return sorted(written, key=lambda each: each.length)[:_MOST_SPELLINGS]


def _are_two(one: WrittenForm, other: WrittenForm) -> bool:
    """Whether neither is a plain number, or divides by what the other multiplies by."""
    parts = [{ast.unparse(part) for part in form.parts} for form in (one, other)]
    divides = any(form.form in DIVIDING for form in (one, other))
    return bool(parts[1]) and not (divides and parts[0] & parts[1])


def _times(one: ast.expr, other: ast.expr) -> ast.expr:
    return ast.BinOp(one, ast.Mult(), other)


def _product(value: ast.expr, form: WrittenForm) -> ast.expr:
    """A product; a quotient where the form is one over something."""
    if not form.parts:
        return value
    below = form.below()
    if below is not None:
        return ast.BinOp(value, ast.Div(), below)
    return ast.BinOp(value, ast.Mult(), form.node())
