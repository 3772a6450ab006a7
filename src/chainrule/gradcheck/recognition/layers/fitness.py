"""Whether a backward pass is that of its forward pass along drawn directions, and whether it can be told at all."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram

_NamedArrays = dict[str, Array]

_STEP = 1e-6
_CLOSE = 1e-4
_NOTHING = 1e-7

HANDED_ON = "dJ/dout is handed on unchanged: the loss that follows may have done this layer's part"
"""A doubt."""

PENALTY = "the gradient is not 0 where dJ/dout is: it may hold a penalty's, which the forward pass leaves out"
"""Another."""

OTHER_SHAPES = "its gradients have other shapes than their arrays"
"""Another."""


class LayerFitness(NamedTuple):
    """How far the backward pass of a layer is that of its forward pass.

    Attributes:
        agreeing: how many of the gradients are those of the forward pass, each along a direction of its own.
        total: of how many.
        sized: whether all have the sizes of their arrays.
        unsummed: whether one that has not is as large as dJ/dout.
        factor: the number of samples, of outputs, or of both, where that of a loss is its gradient times this; else 0.
        scaled: whether all of several are the same number times what they should be.
        doubt: why nothing can be said of the gradient, in words; empty where something can.
        idle: the arrays with which the output does not change, though some gradient is given of them.
        others: the arrays whose gradients do not agree.
        shaped: whether nothing but shapes says that what does not agree are gradients of these.
    """

    agreeing: int
    total: int
    sized: bool = True
    unsummed: bool = False
    factor: int = 0
    doubt: str = ""
    scaled: bool = False
    idle: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    shaped: bool = False

    @property
    def nearly(self) -> bool:
        """Whether nothing but a factor keeps them from agreeing."""
        return self.factor > 0

    @property
    def best(self) -> bool:
        """Whether all agree."""
        return self.agreeing == self.total and not self.doubt

    @property
    def tells(self) -> bool:
        """Whether a gradient that does not agree is wrong: where none has the size of its array and none agrees, the
        layout may be another."""
        return not self.doubt and (self.sized or self.agreeing > 0)

    @property
    def settled(self) -> bool:
        """Whether no other layout need be tried: all agree, or the sizes of several arrays leave none."""
        return self.best or (self.tells and self.sized and self.total > 1)

    @property
    def order(self) -> tuple[bool, bool, bool, bool, float, int]:
        """By which the fitter is the greater."""
        return self.best, self.nearly, self.tells, self.sized, self.agreeing / self.total, self.total


class _Direction(NamedTuple):
    """The slope of the cost along a direction of one array, and what the gradient says of it."""

    slope: float
    said: float

    def times(self, factor: float) -> _Direction:
        """The same of a cost that is so many times as large."""
        return _Direction(factor * self.slope, self.said)

    def agrees(self, scale: float) -> bool:
        """Whether the two are the same."""
        close = _CLOSE * max(abs(self.slope), abs(self.said)) + _NOTHING * scale
        return bool(np.isfinite(self.said) and abs(self.slope - self.said) <= close)


def layer_fitness(
    program: LocalProgram,
    seed: int,
    *,
    guess: str,
    samples: int,
    by_shape: Collection[str] = (),
    derivative: bool = False,
    of_loss: bool = False,
) -> LayerFitness:
    """How well an adapter fits whose cost is the sum of a layer's outputs times its data, dJ/dout, or a loss.

    Args:
        program: what the adapter declares.
        seed: of the directions.
        guess: what was assumed and may be otherwise, in words.
        samples: how many there are; 0 where that is not known.
        by_shape: the arrays whose gradients are known by their shapes alone.
        derivative: the backward pass is called a derivative. Where each entry of the output comes from one of the
            inputs, it can be that of nothing else, and what was assumed of where it is taken is no reason to doubt.
        of_loss: whether the cost is a loss.

    Raises:
        Exception: what the layer raises.
    """
    given = program.describe()
    arrays, data = given.arrays, given.data
    douts = [] if of_loss else data
    # Of a stream of its own: with the seed's, the first direction would be the first array of the adapter.
    rng = np.random.default_rng((seed, 1))
    names, gradients = given.names, _gradients(program, arrays, data)
    pairs = [
        _along(program, place, arrays, data, gradients.get(name), rng) for place, name in enumerate(names)
    ]
    scale = max(abs(pair.slope) for pair in pairs)
    # Where nothing makes a difference, nothing agrees either.
    agreeing = sum(pair.agrees(scale) for pair in pairs) if scale else 0
    by_name = dict(zip(names, arrays, strict=True))
    others = [n for n, pair in zip(names, pairs, strict=True) if not pair.agrees(scale)]
    # A bias that is spread along another axis than it is meant for has a gradient of another shape.
    spread = any(n in gradients and gradients[n].shape != by_name[n].shape for n in others)
    sized = all(np.isfinite(pair.said) for pair in pairs) and not spread
    unseen = [n for n, p in zip(names, pairs, strict=True) if abs(p.slope) <= _NOTHING * scale < abs(p.said)]
    sure = [name for name in others if name not in by_shape]
    times = [] if douts or not samples else _divisors(samples, max(array.size for array in arrays))
    factor = next((n for n in times if all(pair.times(n).agrees(n * scale) for pair in pairs)), 0)
    # What a loss does not change with, as a key's bias, has the gradient 0.
    if not scale or (unseen and not (of_loss and agreeing)):
        doubt = f"the output is the same whatever {' and '.join(unseen or names)} may be"
    elif douts and _same(
        gradients, _gradients(program, arrays, [rng.normal(size=np.shape(each)) for each in douts])
    ):
        doubt = "the gradient is the same whatever dJ/dout is"
    elif agreeing == len(pairs):
        doubt = ""
    elif not sure:
        of = " and ".join(others)
        doubt = f"nothing but their shapes says what the gradients of {of} are, and these do not agree"
    elif factor:
        of = "samples" if factor == samples else "entries" if factor > samples else "outputs"
        doubt = f"its gradient is that of the loss times {factor}, the number of {of}: that may be undone elsewhere"
    elif guess and not agreeing and not (derivative and douts and _is_entrywise(program, arrays, data, rng)):
        # What agrees of several gradients says that the guess was right.
        doubt = f"its gradient does not agree, but {guess}"
    else:
        doubt = _doubt(program, arrays, douts, others, gradients) if douts else ""
    return LayerFitness(
        agreeing,
        len(pairs),
        sized,
        _unsummed(douts, arrays, names, gradients),
        factor,
        doubt,
        _scaled(pairs),
        tuple(unseen),
        tuple(others),
        shaped=bool(others) and not sure,
    )


def _is_entrywise(
    program: LocalProgram, arrays: list[Array], data: list[Any], rng: np.random.Generator
) -> bool:
    """Whether each entry of the output comes from one of the array's: what some of them add to the cost, the sum of the
    outputs times dJ/dout, does not depend on the others."""
    x, *others = arrays
    if [np.shape(dout) for dout in data] != [x.shape]:
        return False
    some = rng.random(x.shape) < 0.5
    v = rng.normal(size=x.shape)
    at, ahead, aside, both = (
        program.cost([x + step, *others], data) for step in (0 * v, v * some, v * ~some, v)
    )
    return bool(np.isclose(at + both, ahead + aside, rtol=_NOTHING))


def is_drawn_upon(program: LocalProgram, seed: int) -> bool:
    """Whether each entry of the output is one of the input's times what is drawn, or plus it: whatever the loss is,
    nothing but the layer itself knows what that was."""
    given, rng = program.describe(), np.random.default_rng((seed, 2))
    if len(given.arrays) != 1 or not _is_entrywise(program, given.arrays, given.data, rng):
        return False
    x = given.arrays[0]
    v = rng.normal(size=x.shape)
    at, ahead, behind = (np.real(program.cost([x + step], given.data)) for step in (0 * v, v, -v))
    return bool(np.isclose(ahead + behind, 2 * at, rtol=_NOTHING))


def _scaled(pairs: Sequence[_Direction]) -> bool:
    ratios = np.array([pair.said / pair.slope if pair.slope else np.inf for pair in pairs])
    # What is a sum of several parts with one of them wrong is no multiple of itself along several directions.
    same = bool(np.all(np.isfinite(ratios))) and float(np.ptp(ratios)) <= _CLOSE * float(np.abs(ratios).max())
    return len(pairs) > 1 and same


def _divisors(samples: int, size: int) -> list[int]:
    """By what a mean divides a sum: the samples, all entries, or the outputs of a sample."""
    return [n for n in dict.fromkeys((samples, size, size // samples)) if n > 1]


def _unsummed(data: list[Any], arrays: list[Array], names: list[str], gradients: _NamedArrays) -> bool:
    """Whether a gradient of another size than its array is as large as dJ/dout."""
    sizes = dict(zip(names, (array.size for array in arrays), strict=True))
    return any(
        np.size(dout) == g.size != sizes.get(name, g.size) for name, g in gradients.items() for dout in data
    )


def _along(
    program: LocalProgram,
    place: int,
    arrays: list[Array],
    data: list[Any],
    gradient: Array | None,
    rng: np.random.Generator,
) -> _Direction:
    """A direction of one array; what the gradient says is infinite where it is of another shape."""
    own = rng.normal(size=arrays[place].shape)
    direction = [own if i == place else np.zeros(a.shape) for i, a in enumerate(arrays)]
    ahead, behind = program.along(arrays, data, direction, np.array([_STEP, -_STEP]))
    said = np.inf
    if gradient is not None and _without_ones(gradient.shape) == _without_ones(own.shape):
        said = float(own.ravel() @ np.real(gradient).ravel())
    return _Direction(float(np.real(ahead - behind)) / (2 * _STEP), said)


def _doubt(
    program: LocalProgram, arrays: list[Array], douts: list[Array], others: list[str], gradients: _NamedArrays
) -> str:
    """Why a gradient that does not agree may be right all the same.

    Args:
        others: the arrays whose gradients do not agree.
    """
    names = program.describe().names
    without = _NamedArrays()
    with contextlib.suppress(Exception):  # What is written for one entry that is not 0 may look for it.
        without = _gradients(program, arrays, [0 * dout for dout in douts])
    held = [n for n, g in without.items() if _largest(g) > _NOTHING * _largest(gradients[n])]
    by_name = dict(zip(names, arrays, strict=True))
    if held and all(name in by_name and _is_multiple(without[name], by_name[name]) for name in held):
        return PENALTY
    wrong = [gradients[name] for name in others if name in gradients]
    same = any(np.array_equal(np.ravel(g), np.ravel(dout)) for g in wrong for dout in douts)
    if same or any(_is_multiple(g, s) for g in wrong for s in _left_to_loss(program, arrays, douts)):
        return HANDED_ON
    return ""


def _left_to_loss(program: LocalProgram, arrays: list[Array], douts: list[Array]) -> list[Array]:
    """dJ/dout summed, as the gradient of a bias is in front of a softmax that is left to the loss; nothing where there
    is none, whose outputs add up to the same whatever the arrays hold."""
    ones = [np.ones_like(dout) for dout in douts]
    first, other = (np.real(program.cost([times * array for array in arrays], ones)) for times in (1.0, 0.7))
    return [d.sum(axis=n) for d in douts for n in range(d.ndim)] if np.isclose(first, other, _NOTHING) else []


def _largest(g: Array) -> float:
    """The largest entry; 0 of an array that is empty, as what is cut from it by ``pad:-pad`` where that is 0."""
    return float(np.abs(g).max(initial=0.0))


def _is_multiple(g: Array, array: Array) -> bool:
    """Whether a gradient is a number times its array, as that of a sum of squares."""
    if g.size != array.size:
        return False
    a, b = np.ravel(g), np.ravel(array)
    return bool(np.allclose(a, (a @ b) / (b @ b) * b))


def _without_ones(shape: tuple[int, ...]) -> list[int]:
    return [size for size in shape if size != 1]


def _gradients(program: LocalProgram, arrays: list[Array], data: list[Any]) -> _NamedArrays:
    returned = program.gradient(arrays, data)
    return dict(zip(returned.names, returned.arrays, strict=True))


def _same(first: _NamedArrays, second: _NamedArrays) -> bool:
    return all(np.array_equal(first[name], second[name]) for name in first)
