"""What all records have in common: frozen, versioned, JSON there and back.

Numbers in them are finite; ``None`` (JSON's null) stands where there is none, as in a curve after its member diverged.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from chainrule.errors import StoreError

VERSION = 1

Number = float | None


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
            StoreError: the file cannot be read, is damaged, or was written by a newer chainrule.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{path}: not JSON: {error}; delete it and run again") from error
        version = data.get("version", VERSION) if isinstance(data, dict) else VERSION
        if isinstance(version, int) and version > VERSION:
            raise StoreError(f"{path}: written by a newer chainrule (version {version}); update chainrule")
        try:
            return cls.model_validate_json(json.dumps(data))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(step) for step in first["loc"]) or "the top"
            if first["type"] == "extra_forbidden":
                raise StoreError(
                    f"{path}: {place} is unknown here, perhaps written by a newer chainrule; update chainrule"
                ) from error
            raise StoreError(
                f"{path}: damaged at {place}: {first['msg']}; delete it and run again"
            ) from error
