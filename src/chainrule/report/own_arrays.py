"""Weights and gradients that another program left behind, as the figures of our own: every guess is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import SettingsError
from chainrule.records.figures import HistogramsFigure, RowHistogram, RowTemplates, TemplatesFigure
from chainrule.report.array_files import named, of_numbers
from chainrule.report.weight_layouts import ImageShape, WeightPictures, pictures, sized
from chainrule.text import excerpt

MOST_PICTURES = 100
"""Rows of W that are drawn."""

_BINS = 60

WeightsDrawn = tuple[TemplatesFigure, list[str]]
"""The figure, and what was guessed."""


def weights_figure(
    arrays: Mapping[str, NDArray[Any]],
    name: str | None = None,
    shape: ImageShape | None = None,
    classes: Sequence[str] = (),
    down: bool = False,
) -> WeightsDrawn:
    """The rows of a first layer's W as pictures, and what was guessed.

    Args:
        arrays: by name; for the ways in which W may lie see :func:`chainrule.report.weight_layouts.pictures`.
        name: which is W; by default the first that can be one.
        shape: of the images, as (rows, columns); (channels, rows, columns), planes one behind the other; or (rows,
            columns, channels), the colours of a pixel side by side. By default that of W's size, in planes.
        classes: names of the rows, by default their numbers.
        down: the pixels of a picture run down its columns, as MATLAB's ``image(:)`` has them.

    Raises:
        SettingsError: there is no such array, it is no W of such images, or the names are of another number.

    >>> figure, said = weights_figure({"W": np.zeros((64, 10))})
    >>> len(figure.classes), figure.shape, said
    (10, (1, 8, 8), ["W is 'W' (64 x 10): each column is a picture of 8 x 8"])
    """
    tried = of_numbers(arrays) if name is None else {name: named(arrays, name)}
    for own, W in tried.items():
        if (found := pictures(W, shape, down)) is not None:
            return _drawn(own, W, found, classes)
    listed = ", ".join(f"{excerpt(key)} ({sized(own.shape)})" for key, own in tried.items())
    images = f"images of {sized(shape)}" if shape else "square images, grey or in three colours"
    raise SettingsError(f"{listed}: no W of {images}; give the images' shape, as in --shape 3x32x32")


def _drawn(name: str, W: NDArray[Any], found: WeightPictures, classes: Sequence[str]) -> WeightsDrawn:
    count = len(found.planes)
    if classes and len(classes) != count:
        raise SettingsError(f"{len(classes)} names of classes: {excerpt(name)} has {count} rows; name each")
    said = f"W is '{excerpt(name)}' ({sized(W.shape)}): {found.words}"
    said += f"; of {count} the first {MOST_PICTURES} are drawn" if count > MOST_PICTURES else ""
    planes = found.planes[:MOST_PICTURES].astype(np.float64)
    if not np.isfinite(planes).all():
        raise SettingsError(f"{excerpt(name)}: holds what is no finite number; it cannot be drawn")
    figure = TemplatesFigure(
        recipe="weights",
        title=f"{name} as pictures",
        classes=list(classes or map(str, range(count)))[:MOST_PICTURES],
        shape=(planes.shape[1], planes.shape[2], planes.shape[3]),
        rows=[RowTemplates.over(name, None, planes.reshape(len(planes), -1))],
    )
    return figure, [said]


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
    floats = {name: own for name, own in of_numbers(arrays).items() if own.dtype.kind == "f"}
    said, kept = [], {}
    for name, own in ({name: named(arrays, name) for name in names} or floats).items():
        entries = own.astype(np.float64).ravel()
        finite = entries[np.isfinite(entries)]
        if len(finite) < len(entries):
            said.append(
                f"{len(entries) - len(finite)} of {len(entries)} entries of '{excerpt(name)}' are no numbers"
            )
        if len(finite) > 1:
            kept[f"{name} ({sized(own.shape)})"] = finite
    if not kept:
        raise SettingsError(
            f"{', '.join(map(excerpt, names or arrays))}: no array has two finite entries to count"
        )
    edges = np.histogram_bin_edges(np.concatenate(list(kept.values())), _BINS)
    rows = [RowHistogram.over(name, None, entries, edges) for name, entries in kept.items()]
    return HistogramsFigure(recipe="gradients", title="Entries of gradients", rows=rows), said
