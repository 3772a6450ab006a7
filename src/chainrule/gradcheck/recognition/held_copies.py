"""Arrays that an object begins with as copies of its parameters, ``self.W_T = self.W.T.copy()``: where it is given
other parameters they stay as they were, so that what is made of them may be wrong for that alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.local import LocalProgram

_STEP, _CLOSE = 1e-6, 1e-4


class HeldCopy(NamedTuple):
    """An attribute that begins as a copy of a parameter.

    Attributes:
        name: its own.
        of: the parameter's.
        turned: whether it is transposed.
    """

    name: str
    of: str
    turned: bool


def copies(held: Mapping[str, Any], put: Mapping[str, Any]) -> list[HeldCopy]:
    """The copies that an object holds.

    Args:
        held: what the passes read and what stays as it was.
        put: the parameters that are given other values, as they begin.

    >>> W = np.arange(6.0).reshape(2, 3)
    >>> copies({"zeros": np.zeros((2, 3)), "W_T": W.T.copy()}, {"W": W})
    [HeldCopy(name='W_T', of='W', turned=True)]
    """
    found = ((name, next(iter(_originals(array, put)), None)) for name, array in held.items())
    return [HeldCopy(name, *original) for name, original in found if original]


def doubt_of_copies(
    program: LocalProgram,
    text: str,
    held: Sequence[HeldCopy],
    declared: Callable[[str], LocalProgram],
    seed: int,
) -> str:
    """Why a gradient that does not agree may be right, in words: it is, once the copies follow their parameters; empty
    where it is not, and where there are none.

    Args:
        program: what an adapter declares.
        text: the adapter's.
        declared: gives what another declares.
    """
    if not held or not _may_follow(program, text, held, declared, seed):
        return ""
    name, of, _ = held[0]
    return f"it reads {name}, which begins as a copy of {of} and may have to follow it"


def agrees_elsewhere(program: LocalProgram, seed: int) -> bool:
    """Whether a gradient is right along a direction where all parameters have other values, as it is beside copies that
    are meant to stay: those of a net that is held fast."""
    arrays, ways = _elsewhere(program, seed)
    return bool(_are_same(_said(program, arrays, ways), _slopes(program, arrays, ways)).all())


def _may_follow(
    program: LocalProgram,
    text: str,
    held: Sequence[HeldCopy],
    declared: Callable[[str], LocalProgram],
    seed: int,
) -> bool:
    """Whether what is wrong of some array is right once copies follow; also where that cannot be tried.

    A cost that reads copies has to follow too. Where it is of nothing but the difference of both, as where it holds a
    parameter close to where it began, that would excuse whatever is made of the difference: it is always 0.
    """
    try:
        following, apart = (declared(_following(text, held, more)) for more in ("", " + 1.0"))
        arrays, ways = _elsewhere(program, seed)
        said, slopes = (of(program, arrays, ways) for of in (_said, _slopes))
        then, moved = (of(following, arrays, ways) for of in (_said, _slopes))
        is_of_both = ~_are_same(_slopes(apart, arrays, ways), moved)
        right = _are_same(then, slopes) | (_are_same(then, moved) & is_of_both)
        return bool((right & ~_are_same(said, slopes)).any())
    except Exception:
        return True


def _following(text: str, held: Sequence[HeldCopy], more: str) -> str:
    """An adapter on whose object copies follow their parameters.

    Args:
        more: what is added to each.

    Raises:
        ValueError: it makes no object, or what it holds is no attribute.
    """
    line = re.search(r"^( +)(net|made) = .+$", text, re.MULTILINE)
    if line is None or not all(copy.name.isidentifier() for copy in held):
        raise ValueError("the copies cannot be set")
    space, made = line.groups()
    own = (
        f"{name}=property(lambda own: own.{of}{'.T' * turned}.copy(){more}, lambda own, value: None)"
        for name, of, turned in held
    )
    # A property comes before what the object itself holds.
    kind = f"{space}{made}.__class__ = type('Following', (type({made}),), dict({', '.join(own)}))"
    return f"{text[: line.end()]}\n{kind}{text[line.end() :]}"


def _elsewhere(program: LocalProgram, seed: int) -> tuple[list[Array], list[Array]]:
    """Other values of all parameters, and a direction from there."""
    given, rng = program.describe(), np.random.default_rng((seed, 3))
    arrays, ways = ([rng.normal(size=array.shape) for array in given.arrays] for _ in range(2))
    return arrays, ways


def _said(program: LocalProgram, arrays: Sequence[Array], ways: Sequence[Array]) -> Array:
    """The slopes along ways of the arrays by the gradient; no number where that has another shape."""
    given = program.describe()
    returned = program.gradient(list(arrays), given.data)
    by_name = dict(zip(returned.names, returned.arrays, strict=True))
    said = [by_name.get(n, g) for n, g in zip(given.names, returned.arrays, strict=False)]
    if [g.shape for g in said] != [array.shape for array in arrays]:
        return np.full(len(arrays), np.nan)
    return np.array([np.vdot(v, np.real(g)) for v, g in zip(ways, said, strict=True)])


def _slopes(program: LocalProgram, arrays: Sequence[Array], ways: Sequence[Array]) -> Array:
    """The slopes along ways of the arrays, one after the other, by the cost."""
    data, steps = program.describe().data, np.array([_STEP, -_STEP])
    costs = [
        program.costs_along(list(arrays), data, i, np.array([way, way]), steps) for i, way in enumerate(ways)
    ]
    return np.array([np.real(above - below) for above, below in costs]) / (2 * _STEP)


def _are_same(some: Array, others: Array) -> Array:
    return np.isclose(some, others, rtol=_CLOSE)


def _originals(array: Any, put: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    """The names of the arrays that one holds the same values as, and whether transposed; none where its own are all
    alike, or no numbers."""
    if not isinstance(array, np.ndarray) or array.size < 2 or array.dtype.kind not in "fciu":
        return []
    if np.all(array == array.flat[0]):
        return []
    same = ((of, turned) for of in put for turned in (False, True))
    return [(of, turned) for of, turned in same if np.array_equal(array.T if turned else array, put[of])]
