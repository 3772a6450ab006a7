"""What tells whether a submission has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.gradcheck.folder.entries import Submission
from chainrule.gradcheck.folder.walking import BOUNDS, is_regular, walked
from chainrule.inputs import opened


def fingerprint(submission: Submission) -> str:
    """A digest of the names and contents of a submission.

    Of files beyond what is copied for a check, size and time of change stand for the content.
    """
    digest, left = hashlib.sha256(f"{submission.kind} {submission.problem}".encode()), BOUNDS.size
    for name, path in _contents(submission):
        try:
            status = path.lstat()
            if not is_regular(path):
                content = str(path.readlink()) if path.is_symlink() else "odd"
            elif status.st_size <= left:
                left -= status.st_size
                with opened(path, status.st_size, CheckError, "", any_name=True) as file:
                    content = hashlib.file_digest(file, "sha256").hexdigest()
            else:
                content = f"{status.st_size} {status.st_mtime_ns}"
        except OSError as error:
            content = str(error.errno)
        except CheckError:
            content = "unread"
        digest.update(f"{name!r} {content!r}\n".encode())
    return digest.hexdigest()


def _contents(submission: Submission) -> Iterator[tuple[str, Path]]:
    """The files that belong to a submission, and their names within."""
    root = submission.path
    if submission.kind in ("file", "zip"):
        yield root.name, root
    elif submission.kind == "folder":
        try:
            for path in walked(root, submission.name):
                yield path.relative_to(root).as_posix(), path
        except CheckError as error:
            # Then it is not looked into either, for the same reason.
            yield str(error), root
