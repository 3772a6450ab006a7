"""A temporary folder of one process, which the next driver clears away where that process was killed."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chainrule import files
from chainrule.files import reported, temporary

NAME = "chainrule"


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new folder where temporary files go; at the end it is removed with what is in it.

    Raises:
        StoreError: there is no place for it.
    """
    with contextlib.ExitStack() as stack:
        with reported(Path(os.environ.get("TMPDIR", "TMPDIR")), "make a temporary folder"):
            place = Path(tempfile.gettempdir()) / NAME
            path = stack.enter_context(temporary(place, lambda new: new.mkdir(mode=0o700)))
        yield path


def sweep() -> None:
    """Remove the folders of processes that are gone."""
    with contextlib.suppress(OSError):
        files.sweep(Path(tempfile.gettempdir()), NAME)
