"""Weights and gradients that another program left behind, as the figures of our own: every guess is said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import SettingsError, suggestion
from chainrule.records.figures import HistogramsFigure, RowHistogram, RowTemplates, TemplatesFigure
from chainrule.text import excerpt

MOST_PICTURES = 100
"""Rows of W that are drawn."""

_BINS = 60
_SMALLEST_SIDE = 4
"""Of an image whose shape is guessed."""

ImageShape = tuple[int, ...]


def weights_figure(
    arrays: Mapping[str, NDArray[Any]],
    name: str | None = None,
    shape: ImageShape | None = None,
    classes: Sequence[str] = (),
) -> tuple[TemplatesFigure, list[str]]:
    """The rows of a first layer's W as pictures, and what was guessed.

    Args:
        arrays: by name; W (K, D) or (D, K), perhaps with the bias as a last entry of each row.
        name: which is W; by default the first that can be one.
        shape: of the images, as (rows, columns); (channels, rows, columns), planes one behind the other; or (rows,
            columns, channels), the colours of a pixel side by side. By default that of W's size, in planes.
        classes: names of the rows, by default their numbers.

    Raises:
        SettingsError: there is no such array, it is no W of such images, or the names are of another number.

    >>> figure, said = weights_figure({"W": np.zeros((65, 10))})
    >>> len(figure.classes), figure.shape, said
    (10, (1, 8, 8), ["W is 'W' (65 x 10): a column a picture of 8 x 8; the last entry of each, its bias, is left out"])
    """
    if name is not None and name not in arrays:
        raise SettingsError(f"array '{name}': is not there; {suggestion(name, arrays)}")
    for own in arrays if name is None else [name]:
        W = arrays[own]
        if W.ndim == 2 and (found := _rows(W, shape)):
            return _drawn(own, W, *found, classes)
    tried = ", ".join(
        f"{excerpt(key)} ({_sized(own.shape)})" for key, own in arrays.items() if name in (None, key)
    )
    images = f"images of {_sized(shape)}" if shape else "square images, grey or in three colours"
    raise SettingsError(f"{tried}: no W of {images}; give the images' shape, as in --shape 3x32x32")


def _rows(W: NDArray[Any], shape: ImageShape | None) -> tuple[ImageShape, bool, bool] | None:
    """The images' shape, whether they are W's columns, and whether each ends in a bias; None where W is of none."""
    for bias in (False, True):
        for axis in (1, 0):
            size = W.shape[axis] - bias
            own = _guessed(size) if shape is None else shape
            if own and math.prod(own) == size:
                return own, axis == 0, bias
    return None


def _guessed(size: int) -> ImageShape | None:
    """Square images of so many values: grey, or three planes."""
    for channels in (1, 3):
        side = math.isqrt(size // channels)
        if channels * side**2 == size and side >= _SMALLEST_SIDE:
            return (channels, side, side)
    return None


def _drawn(
    name: str, W: NDArray[Any], shape: ImageShape, columns: bool, bias: bool, classes: Sequence[str]
) -> tuple[TemplatesFigure, list[str]]:
    rows = W.T if columns else W
    if classes and len(classes) != len(rows):
        raise SettingsError(
            f"{len(classes)} names of classes: {excerpt(name)} has {len(rows)} rows; name each"
        )
    line = "column" if columns else "row"
    said = f"W is '{excerpt(name)}' ({_sized(W.shape)}): a {line} a picture of {_shown(shape)}"
    said += "; the last entry of each, its bias, is left out" if bias else ""
    said += f"; of {len(rows)} the first {MOST_PICTURES} are drawn" if len(rows) > MOST_PICTURES else ""
    pictures = rows[:MOST_PICTURES, : math.prod(shape)].astype(np.float64)
    if not np.isfinite(pictures).all():
        raise SettingsError(f"{excerpt(name)}: holds what is no finite number; it cannot be drawn")
    planes = _planes(pictures, shape)
    figure = TemplatesFigure(
        recipe="weights",
        title=f"The rows of {name}",
        classes=list(classes or map(str, range(len(rows))))[:MOST_PICTURES],
        shape=(planes.shape[1], planes.shape[2], planes.shape[3]),
        rows=[RowTemplates.over(name, None, planes.reshape(len(planes), -1))],
    )
    return figure, [said]


def _planes(pictures: NDArray[np.float64], shape: ImageShape) -> NDArray[np.float64]:
    """Pictures (K, channels, rows, columns)."""
    if _beside(shape):
        return pictures.reshape(-1, *shape).transpose(0, 3, 1, 2)
    return pictures.reshape(-1, *(shape if len(shape) == 3 else (1, *shape)))


def _beside(shape: ImageShape) -> bool:
    """Whether the colours of a pixel stand side by side."""
    return len(shape) == 3 and shape[2] in (1, 3) and shape[0] not in (1, 3)


def _shown(shape: ImageShape) -> str:
    if len(shape) == 2 or shape[0] == 1:
        return _sized(shape[-2:])
    return f"{_sized(shape)}, {'colours side by side' if _beside(shape) else 'a plane a colour'}"


def gradients_figure(
    arrays: Mapping[str, NDArray[Any]], names: Sequence[str] = ()
) -> tuple[HistogramsFigure, list[str]]:
    """Histograms of the entries of arrays, all on the same bins, and what is left out.

    Args:
        arrays: by name.
        names: which of them; all of floating-point numbers by default.

    Raises:
        SettingsError: there is no such array, or none has two finite entries.

    >>> figure, _ = gradients_figure({"dW": np.array([[-1.0, 0.0], [0.0, 1.0]])})
    >>> figure.rows[0].row, sum(figure.rows[0].counts), figure.rows[0].edges[0]
    ('dW (2 x 2)', 4, -1.0)
    """
    for name in names:
        if name not in arrays:
            raise SettingsError(f"array '{name}': is not there; {suggestion(name, arrays)}")
    said, kept = [], {}
    for name in names or [key for key, own in arrays.items() if own.dtype.kind == "f"]:
        entries = arrays[name].astype(np.float64).ravel()
        finite = entries[np.isfinite(entries)]
        if len(finite) < len(entries):
            said.append(
                f"{len(entries) - len(finite)} of {len(entries)} entries of '{excerpt(name)}' are no numbers"
            )
        if len(finite) > 1:
            kept[f"{name} ({_sized(arrays[name].shape)})"] = finite
    if not kept:
        raise SettingsError(
            f"{', '.join(map(excerpt, names or arrays))}: no array has two finite entries to count"
        )
    edges = np.histogram_bin_edges(np.concatenate(list(kept.values())), _BINS)
    rows = [RowHistogram.over(name, None, entries, edges) for name, entries in kept.items()]
    return HistogramsFigure(recipe="gradients", title="Entries of gradients", rows=rows), said


def _sized(shape: Sequence[int]) -> str:
    return " x ".join(map(str, shape)) or "a number"
