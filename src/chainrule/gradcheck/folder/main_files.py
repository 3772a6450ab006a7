"""What is checked of a submission: its programs, and what is copied with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.entries import Submission
from chainrule.gradcheck.folder.programs import programs, python_files
from chainrule.gradcheck.folder.walking import BOUNDS
from chainrule.gradcheck.sandbox.unpacking import unpack
from chainrule.text import encodable

_MOST = 50


@dataclass(frozen=True)
class MainFile:
    """A file to check.

    Attributes:
        name: as tables call it: that of its submission, which is followed by the path within where several are meant.
        path: where it lies.
        root: the folder that is copied with it; None: the file alone is.
    """

    name: str
    path: Path
    root: Path | None = None


def main_files(submission: Submission, private: Path) -> list[MainFile]:
    """The files of a submission that are to be checked; a zip is unpacked into ``private``, where nothing is yet.

    A folder with several programs is one of programs: whatever could be meant is (:func:`.programs.programs`).

    Raises:
        CheckError: there is none, there are too many, or it cannot be unpacked or read.
    """
    name, root = submission.name, submission.path
    if submission.kind == "file":
        return [MainFile(name, root)]
    if submission.kind == "zip":
        root = _unpacked(root, private, name)
    files, zips = python_files(root, name)
    if not files and len(zips) == 1 and submission.kind == "folder":
        root = _unpacked(zips[0], private, f"{name}/{encodable(zips[0].name)}")
        files, zips = python_files(root, name)
    if not files:
        packed = "; a zip in a zip is not unpacked" if zips else ""
        raise CheckError(f"{name}: holds no .py and no .ipynb file{packed}")
    meant = programs(files)
    if len(meant) > _MOST:
        raise CheckError(
            f"{name}: {len(meant)} files in it could be meant, at most {_MOST} are checked; give it as a folder of "
            "its own"
        )
    if len(meant) == 1:
        return [MainFile(name, meant[0], root)]
    return [MainFile(f"{name}/{encodable(path.relative_to(root).as_posix())}", path, root) for path in meant]


def _unpacked(path: Path, private: Path, name: str) -> Path:
    unpack(path, private, BOUNDS, name)
    private.mkdir(exist_ok=True)
    return private
