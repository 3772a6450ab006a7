"""A repair written into the file that it mends; what stood there is kept beside it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

from chainrule.errors import CheckError
from chainrule.files import write_bytes
from chainrule.gradcheck.program import source
from chainrule.gradcheck.repair.edited_files import edited
from chainrule.gradcheck.result import Repair, TextEdit


def write(path: Path, repairs: Sequence[Repair], before: bytes) -> list[tuple[Path, Path]]:
    """Write repairs into their files: each file with where the original is kept.

    Args:
        path: the file that was checked.
        repairs: of it, and of files beside it.
        before: what that held when it was checked.

    Raises:
        CheckError: a file has been changed since, or two repairs change the same text; nothing is written then.
        StoreError: a file cannot be written.
    """
    new: dict[Path, bytes] = {}
    for file, edits in _by_file(path, repairs).items():
        content = source.content(file)
        as_it_was = file != path or content == before
        changed = edited(file, content, edits) if as_it_was and _apart(edits) else None
        if changed is None:
            raise CheckError(f"{file}: was changed while it was checked; nothing was written, check it again")
        new[file] = changed
    return [(file, _written(file, content)) for file, content in new.items()]


def _written(file: Path, content: bytes) -> Path:
    """Where the original is kept, once the file is written."""
    mode = file.stat().st_mode
    kept = _free(file)
    write_bytes(kept, source.content(file))
    write_bytes(file, content)
    for written in (kept, file):
        written.chmod(mode)
    return kept


def _free(file: Path) -> Path:
    """``net.py.orig``, ``net.py.orig.2``: a name that nothing has."""
    names = itertools.chain([f"{file.name}.orig"], (f"{file.name}.orig.{n}" for n in itertools.count(2)))
    return next(path for path in map(file.with_name, names) if not path.exists())


def _by_file(path: Path, repairs: Sequence[Repair]) -> dict[Path, list[TextEdit]]:
    files: dict[Path, list[TextEdit]] = {}
    for edit in dict.fromkeys(edit for repair in repairs for edit in repair.edits):
        name, _, _ = edit.file.partition(", cell ")
        files.setdefault(path.parent / name, []).append(edit)
    return files


def _apart(edits: Sequence[TextEdit]) -> bool:
    """Whether no two of them change the same text."""
    ends = sorted(((e.file, e.line, e.column), (e.file, e.last_line, e.last_column)) for e in edits)
    return all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
