"""How well an adapter that was written for a file fits it, found out by calling its functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Description, Returned
from chainrule.gradcheck.program.leaves import Leaf, named_leaves
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.matching import match
from chainrule.gradcheck.recognition.data_names import DataNames

_STEP = 1e-6
_BEYOND_A_MARGIN = 8.0
"""How many times as large the inputs are for the scores to be beyond 1."""
_CLOSE = 1e-4
_ALIKE = 0.8
_NEAR_0, _USUAL = 0.05, 0.5
"""How far entries of matrices are from 0 at most where whatever they lead to is as good as a straight line, and how far
apart they are to be where that would let a wrong gradient pass for a right one."""


class Fitness(NamedTuple):
    """How far an adapter gets; the greater is the better fit, what stands first counts first.

    Attributes:
        cost: its cost gives one number.
        shapes: 3 where the gradients' shapes are those of the parameters, 2 but for axes of length 1, 1 where they
            are others, 0 where the gradient does not run.
        depends: its cost changes with the parameters, and cost and gradient with the labels; that a gradient does not
            which is given them is a mistake of its own.
        penalised: its cost changes with l2, or its gradient takes none.
        agrees: along one direction, the gradient is that of the cost; where shapes are others, along one of the
            parameters whose are not.
        share: of the parameters whose gradients agree, along a direction of each; of layouts in which something does
            not, that is the likelier in which most does.
    """

    cost: bool
    shapes: int
    depends: bool
    penalised: bool
    agrees: bool
    share: float = 0.0

    @property
    def runs(self) -> bool:
        """Whether cost and gradient can be compared."""
        return self.cost and self.shapes == 3 and self.depends

    @property
    def best(self) -> bool:
        """Whether no other adapter can fit better."""
        return self.runs and self.penalised and self.agrees


def fitness(
    program: LocalProgram,
    names: DataNames,
    seed: int,
    *,
    is_given_labels: bool = False,
    data: list[Any] | None = None,
) -> Fitness | None:
    """How well a program fits; None where its cost does not run, or the numeric gradient taken for one does not or has
    other shapes than the parameters.

    Args:
        program: what the adapter declares.
        names: what the data are called.
        seed: of the direction.
        is_given_labels: the gradient is given the same labels as the cost.
        data: in the place of those that the program has.

    Raises:
        Exception: what the cost raises.
    """
    given = program.describe()
    arrays, data = given.arrays, given.data if data is None else data
    try:
        program.cost(arrays, data)
        number = True
    except CheckError:
        number = False
    try:
        returned = program.gradient(arrays, data)
    except Exception:
        return Fitness(number, 0, False, False, False)
    parameters = named_leaves(given.names, arrays)
    if given.has_numeric:
        try:
            numeric = program.gradient(arrays, data, function="numeric")
        except Exception:
            return None
        if _best_shapes(arrays, numeric, _orders(parameters, numeric)) < 2:
            return None
    orders = _orders(parameters, returned)
    shapes = _best_shapes(arrays, returned, orders)
    direction = _direction(arrays, seed)
    if shapes < 2:
        orders = orders[:1]
        direction = _along_those_that_fit(direction, *orders)
    if not number or not any(v.any() for v in direction):
        return Fitness(number, shapes, False, False, False)
    arrays = _away_from_0(program, arrays, data, seed)
    if arrays is not given.arrays:
        returned = program.gradient(arrays, data)
        orders = _orders(parameters, returned)[: len(orders)]
    slope = _slope(program, arrays, data, direction)
    labels = [
        given.data_names.index(name) for name in (names.labels, names.integers) if name in given.data_names
    ]
    depends = slope != 0 and (
        not labels or _sees_labels(program, arrays, data, labels, cost_alone=is_given_labels)
    )
    penalised = not names.l2 or _sees_l2(program, arrays, data, given.data_names.index(names.l2))
    agrees = any(_agrees(gradients, direction, slope) for gradients in orders)
    share = 1.0 if agrees else max((_share(program, arrays, data, g, direction) for g in orders), default=0.0)
    return Fitness(number, shapes, depends, penalised, agrees, share)


def is_of_one_output(program: LocalProgram, names: DataNames, values: Sequence[int] = (0, 1)) -> bool:
    """Whether a cost may be that of a net with a single output and two labels: what the inputs are makes a difference
    to it for samples of either. The hinge loss of classes, or a softmax, of a single one knows no samples of 0, or of
    1; and one with a margin, whose labels are -1 and 1, knows none of 0. What is in proportion to such labels is no
    loss: one of both would be a gain.
    """
    given = program.describe()
    if not {names.inputs, names.labels} <= {*given.data_names}:
        return True
    inputs, labels = (given.data_names.index(name) for name in (names.inputs, names.labels))

    def cost(label: int, scale: float = 1.0) -> complex:
        """Where all samples have a label."""
        data = _with(given.data, labels, np.full_like(given.data[labels], label))
        return program.cost(given.arrays, _with(data, inputs, scale * data[inputs]))

    if any(cost(label) == cost(label, 2.0) for label in values):
        return False
    if min(values) >= 0:
        return True
    # A margin is in proportion too as long as no sample keeps it.
    return not all(np.isclose(cost(-1, s) + cost(1, s), 2 * cost(0)) for s in (1.0, _BEYOND_A_MARGIN))


def is_of_classes(program: LocalProgram, names: DataNames) -> bool:
    """Whether a cost takes its labels for classes: it is linear in each, as a cross-entropy is, or knows no others.
    Those of a squared error may be of any number of outputs."""
    given = program.describe()
    if names.labels not in given.data_names:
        return True
    place = given.data_names.index(names.labels)
    try:
        at = [
            program.cost(given.arrays, _with(given.data, place, given.data[place] + shift))
            for shift in (0.0, 0.5, 1.0)
        ]
    except Exception:
        return True
    return bool(np.isclose(at[0] + at[2], 2 * at[1], rtol=1e-9))


def is_plain_step(
    program: LocalProgram, twice: LocalProgram, names: DataNames, *, is_one: bool = False
) -> bool:
    """Whether an update may be held against its cost: it takes twice as much at twice the learning rate, other amounts
    from other entries, and not the gradient times a number, with l2 and without.

    That of training which begins anew or takes several steps does not grow so, which is not asked of what is known to
    be one; one of Adam takes the same from all entries; and a number may be that of an average, or of a clipped
    length.
    """
    try:
        given = program.describe()
        taken, more = (p.gradient(given.arrays, given.data).arrays for p in (program, twice))
        is_multiple = bool(_multiple(program, given.arrays, given.data)) or _is_average(program, given, names)
    except Exception:
        return False
    grows = is_one or all(np.allclose(2 * a, b, rtol=_CLOSE) for a, b in zip(taken, more, strict=True))
    sizes = np.abs(np.concatenate([a.ravel() for a in taken]))
    sizes = sizes[sizes > 0]
    differ = sizes.size > 0 and sizes.min() < _ALIKE * sizes.max()
    return grows and differ and not is_multiple


def _is_average(program: LocalProgram, given: Description, names: DataNames) -> bool:
    """Whether an update takes the gradient times a number but for a penalty, which may be added to an average as it is.
    No average has the other sign."""
    if names.l2 not in given.data_names:
        return False
    without = _with(given.data, given.data_names.index(names.l2), 0.0)
    return _multiple(program, given.arrays, without) > 0


def _multiple(program: LocalProgram, arrays: list[Array], data: list[Any]) -> float:
    """The number other than 1 times which an update takes the gradient; 0 where there is none."""
    taken = program.gradient(arrays, data).arrays
    factors = [_factor(program, arrays, data, taken, seed) for seed in range(3)]
    alike = np.allclose(factors, factors[0], rtol=_CLOSE) and not np.isclose(factors[0], 1, rtol=_CLOSE)
    return factors[0] if alike else 0.0


def _factor(
    program: LocalProgram, arrays: list[Array], data: list[Any], taken: list[Array], seed: int
) -> float:
    """How many times the slope of the cost along a direction is what an update says it is."""
    direction = _direction(arrays, seed)
    said = sum(float(v.ravel() @ g.ravel()) for v, g in zip(direction, taken, strict=True))
    return said / _slope(program, arrays, data, direction)


def _orders(parameters: list[Leaf], returned: Returned) -> list[list[Array]]:
    """The gradients in each of the orders of the parameters that they may stand in."""
    try:
        matching = match(parameters, named_leaves(returned.names, returned.arrays), returned.kind)
    except CheckError:
        return []
    return [[returned.arrays[place] for place in order] for order in matching.orders]


def _best_shapes(arrays: list[Array], returned: Returned, orders: list[list[Array]]) -> int:
    return max((_shapes(arrays, gradients) for gradients in orders), default=_shapes(arrays, returned.arrays))


def _shapes(arrays: list[Array], gradients: list[Array]) -> int:
    shapes, others = [a.shape for a in arrays], [g.shape for g in gradients]
    if sorted(shapes) == sorted(others):
        return 3
    if sorted(map(_loosely, shapes)) != sorted(map(_loosely, others)):
        return 1
    # Of a matrix (1, d), one (d, 1) is the transpose.
    across = {(shape[1], shape[0]) for shape in shapes if len(shape) == 2 and max(shape) > 1} - {*shapes}
    return 1 if across & {*others} else 2


def _along_those_that_fit(direction: list[Array], gradients: list[Array] | None = None) -> list[Array]:
    """A direction without what the gradients of other shapes are of; nowhere where neither a matrix nor the largest of
    all is left: biases alone say little."""
    left = [v if g.shape == v.shape else 0 * v for v, g in zip(direction, gradients or [], strict=False)]
    largest = max((v.size for v in direction), default=0)
    return left if any(v.any() and (min(v.shape, default=1) > 1 or v.size == largest) for v in left) else []


def _loosely(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n != 1)


def _away_from_0(program: LocalProgram, arrays: list[Array], data: list[Any], seed: int) -> list[Array]:
    """Parameters of usual sizes where those that a net is made with are close to 0; the same where these run alone."""
    matrices = [a for a in arrays if min(a.shape, default=0) > 1 and a.ndim > 1 and a.any()]
    if not matrices or max(np.abs(a).mean() for a in matrices) > _NEAR_0:
        return arrays
    rng = np.random.default_rng(seed)
    usual = [_USUAL * rng.normal(size=a.shape) if any(a is m for m in matrices) else a for a in arrays]
    try:
        program.gradient(usual, data)
        return usual if np.isfinite(program.cost(usual, data)) else arrays
    except Exception:
        return arrays


def _sees_l2(program: LocalProgram, arrays: list[Array], data: list[Any], place: int) -> bool:
    """Whether the cost is another where l2 is doubled."""
    return program.cost(arrays, data) != program.cost(arrays, _with(data, place, 2 * data[place]))


def _sees_labels(
    program: LocalProgram, arrays: list[Array], data: list[Any], places: list[int], *, cost_alone: bool
) -> bool:
    """Whether the cost, and the gradient unless it is about the cost alone, are others where the samples exchange their
    labels."""
    other = data
    for place in places:
        labels = np.asarray(data[place])
        # That of a single sample changes.
        moved = np.roll(labels, 1, axis=int(np.argmax(labels.shape))) if labels.ndim else labels + 1
        other = _with(other, place, moved)
    if program.cost(arrays, data) == program.cost(arrays, other):
        return False
    here, there = (program.gradient(arrays, given).arrays for given in (data, other))
    return cost_alone or any(not np.array_equal(a, b) for a, b in zip(here, there, strict=True))


def _with(data: list[Any], place: int, value: Any) -> list[Any]:
    return [*data[:place], value, *data[place + 1 :]]


def _direction(arrays: list[Array], seed: int) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=array.shape) for array in arrays]


def _slope(program: LocalProgram, arrays: list[Array], data: list[Any], direction: list[Array]) -> float:
    """How fast the cost changes along a direction."""
    ahead, behind = program.along(arrays, data, direction, np.array([_STEP, -_STEP]))
    return float(np.real(ahead - behind)) / (2 * _STEP)


def _share(
    program: LocalProgram,
    arrays: list[Array],
    data: list[Any],
    gradients: list[Array],
    direction: list[Array],
) -> float:
    """How many of the gradients are those of the cost, along a direction of each array by itself."""
    apart = [[v if i == place else 0 * v for i, v in enumerate(direction)] for place in range(len(direction))]
    tried = [along for along in apart if any(v.any() for v in along)]
    agreeing = [_agrees(gradients, along, _slope(program, arrays, data, along)) for along in tried]
    return sum(agreeing) / len(arrays)


def _agrees(gradients: list[Array], direction: list[Array], slope: float) -> bool:
    """Whether gradients, in the order of the parameters, say so too."""
    pairs = [(v, g) for v, g in zip(direction, gradients, strict=True) if v.any()]
    if any(v.size != g.size for v, g in pairs):
        return False
    said = sum(float(v.ravel() @ np.real(g).ravel()) for v, g in pairs)
    return abs(said - slope) <= _CLOSE * max(abs(said), abs(slope))
