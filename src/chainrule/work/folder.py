"""The folder of results while somebody trains into it: theirs alone, and of one plan."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from chainrule.errors import StoreError
from chainrule.files import final_name, reported, write_text
from chainrule.records.plans import FolderPlan
from chainrule.work import checkpoints, lock
from chainrule.work.store import MEMBERS


@contextlib.contextmanager
def opened(folder: Path, plan: FolderPlan) -> Iterator[None]:
    """Hold a new folder, or one that holds the same plan, until the end.

    A folder that lost its plan is taken as it is: nets are named by what they are.

    Raises:
        StoreError: it holds another plan or something else, is of a newer version, is in use, or cannot be written.
    """
    _refuse_foreign(folder, plan)
    path = folder / plan.FILE
    with lock.held(folder):
        if path.exists() and (objections := plan.objections(type(plan).read(path))):
            raise StoreError(*(f"{folder}: holds {line}" for line in objections))
        write_text(path, plan.to_json())
        yield


def _refuse_foreign(folder: Path, plan: FolderPlan) -> None:
    """Refuse a folder of something else, before anything is written; where the plan's file is, no more is looked at."""
    with reported(folder, "use the folder"):
        if (folder / plan.FILE).exists() or not folder.exists():
            return
        ours = {MEMBERS, checkpoints.FOLDER, *lock.FILES, plan.FILE, *plan.files}
        # What a killed driver had just begun to write is none of somebody else's.
        if not folder.is_dir() or {final_name(entry.name) for entry in folder.iterdir()} - ours:
            raise StoreError(f"{folder}: is no folder of results and not empty; choose another --out")
