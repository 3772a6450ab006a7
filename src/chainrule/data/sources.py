"""What a data set comes from, as a file of settings says it: a name, a table in a file with the column to learn, or a
folder of images."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from chainrule.data import datasets
from chainrule.data.datasets import Dataset
from chainrule.data.frames import column_of, read_frame
from chainrule.data.pictures import read_pictures
from chainrule.data.tables import from_arrays
from chainrule.errors import DataError
from chainrule.settings.strict import Strict

_Pixels = Annotated[int, Field(ge=1, le=4096)]
_ShareOfRows = Annotated[float, Field(gt=0, lt=1)]


class TableSource(Strict):
    """A table in a file, or a folder of images, one folder a class.

    Attributes:
        path: of the file or folder; a relative one starts where the file stands that says so.
        target: the column that holds the classes; None: it is a folder of images.
        size: height and width that images are brought to; None: they are of one size.
        val: the share of the rows to validate on.
        test: that to test on; None: no rows.
        stratify: whether each class gives as large a share of the rows that are drawn.
        drop: columns to leave out.
        weights: the column that says what rows weigh.
        groups: the column that says which rows stay together.
        seed: keys which rows are drawn.
    """

    path: Annotated[str, Field(min_length=1)]
    target: str | None = None
    size: Annotated[tuple[_Pixels, _Pixels], Field(strict=False)] | None = None
    val: _ShareOfRows = 0.2
    test: _ShareOfRows | None = None
    stratify: bool = True
    drop: Annotated[tuple[str, ...], Field(strict=False)] = ()
    weights: str | None = None
    groups: str | None = None
    seed: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _of_one_kind(self) -> TableSource:
        if self.target is None and (self.drop or self.weights or self.groups):
            raise ValueError(
                "drop, weights, groups: are columns, and without target it is a folder of images; write target"
            )
        if self.target is not None and self.size is not None:
            raise ValueError("size: is of images, and target of tables; drop one of them")
        return self

    @property
    def name(self) -> str:
        """What results call it."""
        return Path(self.path).name

    def load(self, beside: Path) -> Dataset:
        """Its rows, with texts and gaps as numbers; see :func:`chainrule.data.tables.from_arrays`.

        Raises:
            DataError: with what is wrong with the file or its columns.
        """
        path = beside / Path(self.path).expanduser()
        if self.target is None:
            return self._pictures(path)
        frame = read_frame(path)
        leave = {self.target: "dataset.target", **dict.fromkeys(self.drop, "dataset.drop")}
        if self.target in (*self.drop, self.weights, self.groups):
            raise DataError(
                f"dataset.target {self.target!r}: is dropped too, or says what rows weigh; name another"
            )
        if self.weights is not None:
            leave[self.weights] = "dataset.weights"
        if self.groups is not None:
            leave[self.groups] = "dataset.groups"
        columns = {name: column_of(frame, name, option) for name, option in leave.items()}
        inputs = frame.without(*columns)
        if not inputs.columns:
            raise DataError(f"{self.name}: has no column left to learn from; give more, or drop fewer")
        return from_arrays(
            inputs,
            columns[self.target],
            val=self.val,
            test=self.test,
            stratify=self.stratify,
            weights=None if self.weights is None else columns[self.weights],
            groups=None if self.groups is None else columns[self.groups],
            name=self.name,
            seed=self.seed,
        )

    def _pictures(self, folder: Path) -> Dataset:
        if not folder.is_dir():
            raise DataError(
                f"{self.name}: is no folder of images, and of a table a column is learned; write target"
            )
        found = read_pictures(folder, size=self.size)
        data = from_arrays(
            found.images,
            found.labels,
            val=self.val,
            test=self.test,
            stratify=self.stratify,
            name=self.name,
            seed=self.seed,
        )
        return dataclasses.replace(data, shape=found.shape)


def _source(value: Any) -> Any:
    if isinstance(value, str | TableSource):
        return value
    if isinstance(value, Mapping):
        return TableSource.model_validate(value)
    raise ValueError(
        'write the name of a data set, { path = "d.parquet", target = "label" } or { path = "folder" }'
    )


def name_of(source: str | TableSource) -> str:
    """What results call it."""
    return source if isinstance(source, str) else source.name


DatasetSource = Annotated[str | TableSource, BeforeValidator(_source), PlainSerializer(name_of)]
"""A data set by name, a table's file or a folder of images; records keep its name, beside the data's checksum."""


def load(source: str | TableSource, directory: Path | None = None, beside: Path | None = None) -> Dataset:
    """The data set.

    Args:
        source: its name, a table's file or a folder of images.
        directory: where data sets with names lie; see :func:`chainrule.data.datasets.data_directory`.
        beside: where a relative path starts; None: here.

    Raises:
        DataError: it is unknown, missing or damaged, or is no table of classes.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "people.csv").write_text("age,city,label\\n" + "31,Rome,a\\n,Oslo,b\\n" * 5)
    ...     data = load(TableSource(path="people.csv", target="label"), beside=Path(folder))
    >>> data.name, data.classes, data.columns, len(data.batches["val"])
    ('people.csv', ('a', 'b'), ('age', 'age is missing', 'city = Oslo', 'city = Rome'), 2)
    """
    if isinstance(source, str):
        return datasets.load(source, directory)
    return source.load(beside or Path())
