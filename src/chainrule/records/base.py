"""What all records have in common: frozen, versioned, JSON there and back.

Numbers in them are finite; ``None`` (JSON's null) stands where there is none, as in a curve after its member diverged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chainrule.errors import StoreError
from chainrule.inputs import read_json
from chainrule.text import excerpt, one_line
from chainrule.version import FIRST, installed_version, is_newer

VERSION = 1

LARGEST = 64 * 2**20
"""Bytes of the largest record."""

Number = float | None

Decimals = Annotated[int, Field(ge=0, le=20)]
"""How many of them a report prints."""


class Record(BaseModel):
    """A frozen record that reads and writes JSON.

    >>> from tempfile import TemporaryDirectory
    >>> class Counted(Record):
    ...     nets: int
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "counted.json").write_text(Counted(nets=40).to_json())
    ...     Counted.read(Path(folder, "counted.json"))
    Counted(nets=40)
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    def to_json(self) -> str:
        """The record as indented JSON with a final newline."""
        return json.dumps(self.model_dump(mode="json"), indent=1, allow_nan=False) + "\n"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a record of this kind.

        Raises:
            StoreError: the file cannot be read, is damaged, or was written by a version that this one cannot read.
        """
        data = read_json(path, LARGEST, StoreError, "delete it and run again")
        if isinstance(data, dict) and "written_by" in cls.model_fields:
            data = {"written_by": FIRST, **data}
        try:
            return cls.model_validate_json(json.dumps(data))
        except ValidationError as error:
            problem = error.errors()[0]
            place = _place(problem["loc"])
            unknown = problem["type"] == "extra_forbidden"
            what = f"{place} is unknown here" if unknown else f"{place}: {problem['msg']}"
            raise StoreError(f"{path}: {_refusal(data, what)}") from error


class ShapedTable(BaseModel):
    """What a table must hold, whatever else it holds."""

    model_config = ConfigDict(strict=True)


def shaped(form: type[ShapedTable]) -> AfterValidator:
    """For an annotation: a table that is kept as it is, whatever else it holds, where it has that form.

    >>> class Net(ShapedTable):
    ...     hidden: list[int] = []
    >>> class Kept(Record):
    ...     net: Annotated[dict[str, Any], shaped(Net)]
    >>> Kept(net={"hidden": [50], "name": "a"}).net
    {'hidden': [50], 'name': 'a'}
    """

    def checked(table: dict[str, Any]) -> dict[str, Any]:
        try:
            form.model_validate(table)
        except ValidationError as error:
            problem = error.errors()[0]
            raise ValueError(f"{_place(problem['loc'])}: {problem['msg']}") from None
        return table

    return AfterValidator(checked)


class _DatasetForm(ShapedTable):
    name: str | None = None
    official: bool | None = None
    widened_by: Number = None


class _MachineForm(ShapedTable):
    blas: list[str] = Field(default_factory=list)


class _EnvironmentForm(ShapedTable):
    command: str = ""
    dataset: _DatasetForm = _DatasetForm()
    versions: dict[str, str] = Field(default_factory=dict)
    machine: _MachineForm = _MachineForm()
    seeds: list[int] = Field(default_factory=list)
    search_replicates: int | None = None


Environment = Annotated[dict[str, Any], shaped(_EnvironmentForm)]
"""On what something was made: by which command, with which data, versions, machine, seeds."""


class FileRecord(Record):
    """A record that is a file of its own.

    Attributes:
        version: of its form.
        written_by: the version of chainrule that wrote it.
    """

    version: Literal[1] = 1
    written_by: str = Field(default_factory=installed_version)


def _place(steps: tuple[int | str, ...]) -> str:
    return one_line(".".join(map(str, steps)), 200) or "the top"


def _refusal(data: Any, what: str) -> str:
    """Why data that was read is no record: what is wrong, whether another version wrote it, and what to do."""
    by, form = (data.get("written_by"), data.get("version")) if isinstance(data, dict) else (None, None)
    if isinstance(form, int) and form > VERSION:
        return f"written by a newer chainrule (its form is number {form}); update chainrule"
    if not isinstance(by, str) or by == installed_version():
        return f"damaged: {what}; delete it and run again"
    by = excerpt(by)
    repair = "update chainrule" if is_newer(by) else f"delete it and run again, or read it with {by}"
    return f"written by chainrule {by}, this is {installed_version()}: {what}; {repair}"
