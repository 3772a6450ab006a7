"""What of a folder is a submission: a file at its top, or a sub-folder or zip there."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.programs import ZIP, is_one_program
from chainrule.gradcheck.folder.walking import is_folder, listed
from chainrule.gradcheck.program import source
from chainrule.text import encodable, excerpt

EntryKind = Literal["file", "folder", "zip", "odd", "other"]
"""What an entry is; ``odd`` is nothing that could be read, ``other`` nothing that could be checked."""

_ARCHIVES = (".7z", ".rar", ".tar", ".tgz", ".tar.gz")
_NAMED = 3


@dataclass(frozen=True)
class Submission:
    """An entry of a folder of submissions.

    Attributes:
        name: as tables call it.
        path: where it lies.
        kind: what it is.
        problem: why it is not looked into; empty when it is.
    """

    name: str
    path: Path
    kind: EntryKind
    problem: str = ""


def submissions(folder: Path, shown: Path | None = None) -> list[Submission]:
    """Everything in a folder, by name.

    A folder of nothing but one folder is that one, as zips often are, unless that holds a single program: then it is
    the only submission.

    Args:
        folder: which.
        shown: what to call it in an error.

    Raises:
        CheckError: it cannot be read, or nothing in it could be checked.
    """
    called = shown or folder
    passed_over, entries = listed(folder, called)
    while len(entries) == 1 and is_folder(entries[0]) and not is_one_program(entries[0]):
        folder, called = entries[0], called / entries[0].name
        beside, entries = listed(folder, called)
        passed_over += beside
    submitted = [_submission(path) for path in entries]
    if all(submission.kind == "other" for submission in submitted):
        raise CheckError(
            f"{encodable(str(called))}: holds no .py, .ipynb or .zip file and no folder; give a folder of these"
        )
    return [*submitted, *_in_one(passed_over)]


def _in_one(passed_over: Sequence[Path]) -> list[Submission]:
    """What is passed over, as one entry."""
    if not passed_over:
        return []
    names = [encodable(path.name) for path in passed_over]
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    words = "hidden files, caches and environments of Python are not looked into"
    every = f": {', '.join(names)}" if more else ""
    return [Submission(", ".join(names[:_NAMED] + more), passed_over[0], "other", words + every)]


def _submission(path: Path) -> Submission:
    """An entry of a folder as what it is."""
    name = encodable(path.name)
    try:
        mode, leads_to = path.lstat().st_mode, path.readlink() if path.is_symlink() else None
    except OSError as error:
        return Submission(name, path, "odd", f"{name}: cannot be read: {error.strerror or error}")
    if leads_to is not None:
        words = f"{name}: is a link to {excerpt(encodable(str(leads_to)))}; put a copy in its place"
        return Submission(name, path, "odd", words)
    if stat.S_ISDIR(mode):
        return Submission(name, path, "folder")
    if not stat.S_ISREG(mode):
        return Submission(name, path, "odd", f"{name}: is neither a file nor a folder; take it away")
    ending = path.name.lower()
    if ending.endswith(_ARCHIVES):
        return Submission(name, path, "odd", f"{name}: is not unpacked; make a zip of it, or a folder")
    if ending.endswith((*source.SUFFIXES, ZIP)):
        return Submission(name, path, "zip" if ending.endswith(ZIP) else "file")
    return Submission(name, path, "other", f"{name}: is no .py, .ipynb or .zip file")
