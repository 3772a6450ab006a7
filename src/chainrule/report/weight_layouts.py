"""In what way pictures lie in an array of weights: as rows, columns or axes, told by its size or by what is said."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SMALLEST_SIDE = 4
"""Of an image whose shape is guessed from how many values there are."""

COLOURS = (1, 3)

ImageShape = tuple[int, ...]
"""(rows, columns); (channels, rows, columns), planes one behind the other; or (rows, columns, channels), the colours of
a pixel side by side."""


class WeightPictures(NamedTuple):
    """The pictures of W, (K, channels, rows, columns), and in words how they lie in it."""

    planes: NDArray[Any]
    words: str


def pictures(W: NDArray[Any], shape: ImageShape | None, down: bool) -> WeightPictures | None:
    """The pictures that W holds; None where it holds none of that shape.

    Args:
        W: (K, D) or (D, K), perhaps with the bias as a last entry of each; or with an axis for the rows of a picture,
            one for its columns and perhaps one for its colours: (K, rows, columns), (K, colours, rows, columns), (K,
            rows, columns, colours), or K last.
        shape: of the images; None: square ones, grey or in three planes, or what the axes say.
        down: the pixels of a picture run down its columns, as MATLAB's ``image(:)`` has them.

    >>> pictures(np.zeros((65, 10)), None, False).words
    'each column is a picture of 8 x 8; the last entry of each, its bias, is left out'
    >>> pictures(np.zeros((5, 5, 3, 16)), None, False).words
    'a picture of 5 x 5 in 3 colours for each of the 16 entries of the last axis'
    """
    if W.ndim == 2:
        return _of_rows(W, shape, down)
    return _of_axes(W, shape) if W.ndim in (3, 4) else None


def _of_rows(W: NDArray[Any], shape: ImageShape | None, down: bool) -> WeightPictures | None:
    for bias in (False, True):
        for axis in (1, 0):
            size = W.shape[axis] - bias
            own = _guessed(size) if shape is None else shape
            if own and math.prod(own) == size:
                rows = (W.T if axis == 0 else W)[:, :size]
                words = f"each {'row' if axis else 'column'} is a picture of {_shown(own)}"
                words += ", down its columns" if down else ""
                words += "; the last entry of each, its bias, is left out" if bias else ""
                return WeightPictures(_down(rows, own) if down else _across(rows, own), words)
    return None


def _guessed(size: int) -> ImageShape | None:
    """Square images of so many values: grey, or three planes."""
    for channels in COLOURS:
        side = math.isqrt(size // channels)
        if channels * side**2 == size and side >= _SMALLEST_SIDE:
            return (channels, side, side)
    return None


def _across(rows: NDArray[Any], shape: ImageShape) -> NDArray[Any]:
    """Flat pictures (K, D) as planes, whose pixels lie row by row."""
    if _beside(shape):
        return rows.reshape(-1, *shape).transpose(0, 3, 1, 2)
    return rows.reshape(-1, *_in_planes(shape))


def _down(rows: NDArray[Any], shape: ImageShape) -> NDArray[Any]:
    """Flat pictures (K, D) as planes, whose pixels lie column by column, a plane behind the other."""
    channels, height, width = _in_planes(shape)
    return rows.reshape(-1, channels, width, height).transpose(0, 1, 3, 2)


def _in_planes(shape: ImageShape) -> ImageShape:
    """(channels, rows, columns)."""
    if len(shape) == 2:
        return (1, *shape)
    return (shape[2], shape[0], shape[1]) if _beside(shape) else shape


def _beside(shape: ImageShape) -> bool:
    """Whether the colours of a pixel stand side by side."""
    return len(shape) == 3 and shape[2] in COLOURS and shape[0] not in COLOURS


def _of_axes(W: NDArray[Any], shape: ImageShape | None) -> WeightPictures | None:
    """Pictures with axes of their own: where nothing else tells, their number is the first axis if the others are as
    long as each other."""
    first, last = (0, *range(1, W.ndim)), (W.ndim - 1, *range(W.ndim - 1))
    ways = [(first, "first"), (last, "last")]
    if W.ndim == 3 and W.shape[1] != W.shape[2] and W.shape[0] == W.shape[1]:
        ways.reverse()
    for axes, which in ways:
        turned = W.transpose(axes)
        own = turned.shape[1:]
        colours_known = len(own) == 2 or own[0] in COLOURS or own[2] in COLOURS
        if colours_known and shape in (None, own):
            planes = turned[:, np.newaxis] if len(own) == 2 else _across(turned.reshape(len(turned), -1), own)
            colours = f" in {planes.shape[1]} colours" if planes.shape[1] > 1 else ""
            words = f"a picture of {sized(planes.shape[2:])}{colours} for each of the {len(turned)} entries"
            return WeightPictures(planes, f"{words} of the {which} axis")
    return None


def _shown(shape: ImageShape) -> str:
    if len(shape) == 2 or shape[0] == 1:
        return sized(shape[-2:])
    return f"{sized(shape)}, {'colours side by side' if _beside(shape) else 'a plane a colour'}"


def sized(shape: Sequence[int]) -> str:
    """``28 x 28``."""
    return " x ".join(map(str, shape)) or "a number"
