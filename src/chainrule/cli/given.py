"""What a net learns from or predicts, as the command line names it: a table's file, or a folder of images."""

from __future__ import annotations

import shlex
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.cli import options
from chainrule.data import values
from chainrule.data.encoding import EncodingNotice, encoding_of
from chainrule.data.frames import Frame, column_of, read_frame
from chainrule.data.labels import grouping, labels, measurements, told
from chainrule.data.oddness import among_numbers, hardly_come_again
from chainrule.data.pictures import Pictures, PictureShape, read_pictures
from chainrule.errors import DataError, SettingsError, suggestion
from chainrule.nets.net import CompleteNet
from chainrule.text import excerpt

_MOST_CLASSES = 20
"""Different whole numbers that are taken for classes where nobody says what they are."""

LEARNS = ("classes", "numbers")

_SEVERAL = 10
"""Rows, of which it is no chance that a column counts them."""

TableFile = Annotated[
    Path,
    typer.Argument(
        metavar="TABLE",
        help="A table, .csv, .tsv, .parquet, .feather or .npz; or a folder of PNG and JPEG images, a folder a class.",
    ),
]


def _size(text: str) -> tuple[int, int]:
    height, cross, width = text.partition("x")
    if not cross or not all(
        one.isascii() and one.isdigit() and 0 < int(one) <= 4096 for one in (height, width)
    ):
        raise typer.BadParameter(f"{text!r} is no height and width such as 32x32")
    return int(height), int(width)


ImageSize = Annotated[
    Any,
    typer.Option(
        "--size", parser=_size, metavar="HxW", help="Height and width that all images are brought to."
    ),
]


@dataclass(frozen=True)
class RowsToLearn:
    """Rows, and what is right.

    Attributes:
        inputs: a table's columns, or images (N, D).
        truth: labels, or numbers in float64, (N,).
        classes: whether they are labels.
        target: what is learned: a column, or the folders of images.
        weights: of the rows, (N,); None where all count alike.
        groups: of the rows, (N,), which stay together; None where each is by itself.
        image: channels, height and width, where rows are images.
    """

    inputs: Frame | NDArray[np.uint8]
    truth: Array
    classes: bool
    target: str
    weights: NDArray[np.float64] | None = None
    groups: Array | None = None
    image: PictureShape | None = None

    def take(self, rows: NDArray[np.intp]) -> Any:
        """Some of the rows' inputs."""
        return self.inputs.take(rows) if isinstance(self.inputs, Frame) else self.inputs[rows]


def to_learn(
    path: Path,
    target: str | None,
    learn: str | None,
    drop: list[str],
    weights: str | None,
    groups: str | None,
    size: tuple[int, int] | None,
) -> RowsToLearn:
    """What ``fit`` is given.

    Raises:
        DataError: it cannot be read, or is nothing to learn from.
        SettingsError: options are missing, or those of something else.
    """
    if path.is_dir():
        of_tables = {
            "--target": target,
            "--learn": learn,
            "--drop": drop,
            "--weights": weights,
            "--groups": groups,
        }
        needless = [name for name, value in of_tables.items() if value]
        if needless:
            raise SettingsError(
                f"{', '.join(needless)}: of tables, and {path} is a folder, which is read as one of images; name a "
                "file in it, or leave out"
            )
        found = read_pictures(path, size=size)
        return RowsToLearn(found.images, labels(found.labels, "folders"), True, "folder", image=found.shape)
    if size is not None:
        raise SettingsError(f"--size: is of folders of images, and {path} is none; leave it out")
    frame = read_frame(path)
    if target is None:
        listed = ", ".join(excerpt(repr(name)) for name in frame.columns[-3:])
        raise SettingsError(
            f"--target: is missing; name the column to learn, such as one of the last, {listed}"
        )
    right = column_of(frame, target, "--target")
    classes = _are_classes(right, learn, target)
    truth = (labels if classes else measurements)(right, f"column {target!r}")
    weighing = None
    if weights is not None:
        weighing = values.weights(column_of(frame, weights, "--weights"), len(frame), f"column {weights!r}")
    together = None
    if groups is not None:
        together = grouping(column_of(frame, groups, "--groups"), len(frame), f"column {groups!r}")
    for name in drop:
        column_of(frame, name, "--drop")
    inputs = _inputs(frame, {target, *drop, *filter(None, [weights, groups])})
    _tell_of_counting(path, inputs)
    return RowsToLearn(inputs, truth, classes, target, weighing, together)


def to_predict(path: Path, net: CompleteNet, *, labelled: bool) -> Frame | Pictures:
    """What ``predict`` and ``evaluate`` are given: images come in the shape that the net knows.

    Raises:
        DataError: it cannot be read, or the net was trained on something else.
    """
    if not path.is_dir():
        if net.image is not None:
            raise DataError(f"{path}: is a file, and the net was trained on images; give a folder of them")
        return read_frame(path)
    if net.image is None:
        raise DataError(f"{path}: is a folder, and the net was trained on a table; give one")
    found = read_pictures(path, shape=net.image, labelled=labelled)
    if found.resized:
        _, height, width = net.image
        warnings.warn(
            f"{path}: {found.resized} of {len(found.files)} images were brought to {height} x {width}",
            EncodingNotice,
            stacklevel=2,
        )
    return found


def _are_classes(right: Array, learn: str | None, target: str) -> bool:
    if learn is not None:
        if learn not in LEARNS:
            raise SettingsError(f"--learn {excerpt(repr(learn))}: is unknown; {suggestion(learn, LEARNS)}")
        return learn == "classes"
    values = told(right, f"column {target!r}")
    if values.dtype.kind in "iuf":
        different = np.unique(values)
        return len(different) <= _MOST_CLASSES and bool((different == np.floor(different)).all())
    _require_classes(Counter(map(str, values.tolist())), target)
    return True


def _require_classes(counted: Counter[str], target: str) -> None:
    """Refuse texts that are no classes that anybody meant: numbers among which a text stands, or dates."""
    column = f"column {excerpt(repr(target))}"
    stray = among_numbers(counted)
    if stray is not None:
        raise DataError(
            f"{column}: holds numbers, but {excerpt(repr(stray))} is none; write numbers alone, with a point for "
            "decimals, or --learn classes"
        )
    if hardly_come_again(counted):
        raise DataError(
            f"{column}: holds {len(counted)} different texts in {counted.total()} rows, which is no class of some rows "
            "each; name another column, make numbers of it, or --learn classes"
        )


def _tell_of_counting(path: Path, inputs: Frame) -> None:
    """Say that the first column numbers the rows, as an index does that was written with a table."""
    if len(inputs.columns) == 1:
        return
    name, first = inputs.columns[0], inputs[inputs.columns[0]]
    if len(first) < _SEVERAL or first.dtype.kind not in "iu" or first[0] not in (0, 1):
        return
    if (first == np.arange(first[0], first[0] + len(first))).all():
        can_be_dropped = options.listed("--drop", name) == [name]
        how = f": --drop {shlex.quote(name)}" if can_be_dropped else " of the file"
        warnings.warn(
            f"{path}: column {excerpt(repr(name))} counts the rows, which may tell nothing of others; "
            f"leave it out{how}",
            EncodingNotice,
            stacklevel=3,
        )


def _inputs(frame: Frame, others: set[str]) -> Frame:
    inputs = frame.without(*others)
    if not inputs.columns:
        raise DataError("there is no column left to learn from; give more, or drop fewer")
    # What is refused is named by its row in the file, so before any are kept aside.
    with warnings.catch_warnings(action="ignore"):
        encoding_of(inputs, inputs.name, may_have_gaps=True)
    return inputs
