"""Many submissions: where they are, and a row of a table for each."""

from __future__ import annotations

import ast
import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program import signatures, source
from chainrule.gradcheck.program.names import FunctionKind, rank
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram, UserError
from chainrule.gradcheck.sandbox.unpacking import unpack

RowOutcome = Literal["right", "suspect", "wrong", "did not run"]

_IGNORED = ("venv", "env", "node_modules")


@dataclass(frozen=True)
class Submission:
    """One to check: what it is called, and its main file; or why there is none."""

    name: str
    path: Path | None
    problem: str = ""


@dataclass(frozen=True)
class SubmissionRow:
    """What came of one submission.

    Attributes:
        submission: the name of its file or folder.
        file: its main file, below the folder of submissions.
        outcome: right, suspect, wrong, or did not run.
        cause: the first cause's name; empty when it is right or did not run.
        line: where the mistake is, if it was found.
        words: what was measured, or why it did not run.
        repair: what to change.
        parameters: whose gradients are wrong.
        seconds: that the check took.
        check: everything that was found; None when it did not run.
        traceback: of the exception that ended it.
    """

    submission: str
    file: str
    outcome: RowOutcome
    cause: str = ""
    line: str = ""
    words: str = ""
    repair: str = ""
    parameters: tuple[str, ...] = ()
    seconds: float = 0.0
    check: Check | None = None
    traceback: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Everything, in types that JSON knows."""
        return asdict(self) | {"check": self.check.as_dict() if self.check is not None else None}


def check_file(
    path: Path, limits: Limits, seed: int, root: Path | None = None, *, untrusted: bool = False
) -> tuple[Check, str]:
    """Check one file in a process of its own; the adapter too, if one was assumed.

    ``root`` and ``untrusted`` are those of :class:`chainrule.gradcheck.sandbox.remote.RemoteProgram`.

    Raises:
        CheckError: it cannot be checked.
    """
    remote = RemoteProgram(path, limits, seed, root=root, untrusted=untrusted)
    with remote as program, _named(path):
        outcome = check(program, seed=seed)
    return replace(outcome, notes=(*remote.notes, *outcome.notes)), remote.adapter


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's name in front of what is found to be wrong with it."""
    try:
        yield
    except CheckError as error:
        if error.names_file:
            raise
        raise CheckError(*(f"{path.name}: {line}" for line in error.problems), names_file=True) from error


def row(submission: Submission, limits: Limits, seed: int, untrusted: bool = True) -> SubmissionRow:
    """Check one submission; whatever it does, there is a row."""
    if submission.path is None:
        return SubmissionRow(submission.name, "", "did not run", words=submission.problem)
    started = time.monotonic()
    file, traceback = submission.path.name, ""
    try:
        outcome, _ = check_file(submission.path, limits, seed, untrusted=untrusted)
        return _judged(submission.name, file, outcome, time.monotonic() - started)
    except CheckError as error:
        words = str(error).replace("\n", "; ")
        traceback = error.traceback if isinstance(error, UserError) else ""
    except Exception as error:
        # One submission that the checker cannot cope with must not cost the others their rows.
        words = f"the checker failed on it: {type(error).__name__}: {error}"
    seconds = round(time.monotonic() - started, 1)
    return SubmissionRow(
        submission.name, file, "did not run", words=words, seconds=seconds, traceback=traceback
    )


def _judged(name: str, file: str, outcome: Check, seconds: float) -> SubmissionRow:
    wrong = tuple(tensor.name for tensor in outcome.tensors if tensor.verdict != "right")
    first = outcome.causes[0] if outcome.causes else None
    judged = SubmissionRow(
        name, file, outcome.verdict, parameters=wrong, seconds=round(seconds, 1), check=outcome
    )
    if first is None:
        return judged
    line = str(first.line) if first.line else ""
    return replace(judged, cause=first.name, line=line, words=first.evidence, repair=first.repair)


def submissions(folder: Path, shown: Path | None = None) -> list[Submission]:
    """What a folder holds: each file at its top level that no other one there imports, each folder, each zip.

    A folder of nothing but one folder is that one, as zips often are. ``shown`` is what to call it in an error.

    Raises:
        CheckError: it holds none.
    """
    entries = _entries(folder)
    if len(entries) == 1 and entries[0].is_dir():
        return submissions(entries[0], shown and shown / entries[0].name)
    files = [path for path in entries if path.suffix in source.SUFFIXES]
    imported = {name for path in files for name in _imports(path)}
    handed_in = [Submission(p.name, p) for p in files if p.stem not in imported or _adapts(p)]
    handed_in += [_of_folder(path) for path in entries if path.is_dir()]
    if not handed_in:
        raise CheckError(
            f"{shown or folder}: holds no .py and no .ipynb file; give a folder with one file or folder for each"
        )
    return sorted(handed_in, key=lambda submission: submission.name)


def _entries(folder: Path) -> list[Path]:
    names = sorted(path.name for path in folder.iterdir())
    return [folder / name for name in names if not name.startswith((".", "__")) and name not in _IGNORED]


def _of_folder(folder: Path) -> Submission:
    """A folder's main file: the one with an adapter, else the one that defines most functions of usual names."""
    files = list(_files(folder))
    if not files:
        return Submission(folder.name, None, f"{folder.name}: holds no .py and no .ipynb file")
    adapted = [path for path in files if _adapts(path)]
    if len(adapted) > 1:
        names = ", ".join(path.name for path in adapted)
        problem = f"{folder.name}: {names} all define {NAME}; leave it in one of them"
        return Submission(folder.name, None, problem)
    best = adapted[0] if adapted else max(files, key=_usual_names)
    return Submission(folder.name, best)


def _files(folder: Path) -> Iterator[Path]:
    for path in _entries(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.suffix in source.SUFFIXES:
            yield path


def _definitions(path: Path) -> signatures.Definitions:
    try:
        return signatures.definitions(source.read(path))
    except CheckError:
        return signatures.Definitions((), {}, "")


def _adapts(path: Path) -> bool:
    return any(function.name == NAME for function in _definitions(path).functions)


def _usual_names(path: Path) -> int:
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient")
    names = [function.name for function in _definitions(path).functions]
    return sum(any(rank(name, kind) is not None for name in names) for kind in kinds)


def _imports(path: Path) -> set[str]:
    """The modules that a file imports."""
    try:
        parts = source.read(path).parts
        nodes = [node for part in parts for node in ast.walk(ast.parse(part.text))]
    except (CheckError, SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in named}


def unpacked(path: Path, folder: Path) -> list[Submission]:
    """The submissions of a zip, unpacked into ``folder``.

    Raises:
        CheckError: it cannot be unpacked, or holds none.
    """
    unpack(path, folder)
    return submissions(folder, path)


def counted(rows: Sequence[SubmissionRow]) -> dict[RowOutcome, int]:
    """How many rows there are of each outcome."""
    return {outcome: sum(row.outcome == outcome for row in rows) for outcome in get_args(RowOutcome)}
