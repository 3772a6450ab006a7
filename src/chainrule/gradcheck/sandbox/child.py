"""The process of a user's file: it runs the file and answers questions about its functions, and decides nothing.

Whatever the file does to this process, all that can come of it are other answers, and those are the file's own
doing: numbers are compared, and the verdict is reached, in the process that asks.
"""

from __future__ import annotations

import faulthandler
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.loading import command_line, importer, old_numpy, source_roots
from chainrule.gradcheck.loading.missing import missing_module
from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.packages import folders_of_modules
from chainrule.gradcheck.loading.python2 import GIVEN
from chainrule.gradcheck.loading.runnable import runnable
from chainrule.gradcheck.loading.users import names_put, users
from chainrule.gradcheck.program import double_precision, drawn_files, source
from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.source import OURS, belongs_to
from chainrule.gradcheck.program.unseeded import follow_seed
from chainrule.gradcheck.recognition import adapter, recognise
from chainrule.gradcheck.recognition.callers import COMMAND_LINE
from chainrule.gradcheck.recognition.module_imports import with_imports
from chainrule.gradcheck.recognition.own_failures import failed_on, is_ours
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.recognition.witnessed.own_calls import own_calls
from chainrule.gradcheck.sandbox import confine
from chainrule.gradcheck.sandbox.bounds import LONGEST_TEXT, LONGEST_TRACEBACK, MOST_GRADIENTS, MOST_TEXTS
from chainrule.gradcheck.sandbox.codec import PREFIX, decode, encode
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.replies import Answer, Problems, Raised, Started
from chainrule.gradcheck.sandbox.staging import copy_of, stage
from chainrule.gradcheck.sandbox.validation import REQUESTS

_FIRST_DESCRIPTOR = 200
_MOST_REASONS, _LONGEST_REASON = 5, 300
"""Of what is said of a file that lacks a cost or a gradient."""


def main(parent: int) -> None:
    """Answer requests until there are no more; the first one says what to run, and within which limits."""
    confine.die_with_parent()
    if os.getppid() != parent and sys.platform != "win32":
        return
    requests, replies = _channel()
    session = _Session()
    while (request := _receive(requests)) is not None:
        _send(replies, _answer(session, request))


def _channel() -> tuple[int, int]:
    """What requests come from and replies go to, numbered so high that no code takes them for its own.

    In their place the user's code finds an empty input, and an output that is taken for what it prints.
    """
    ends = [_moved(0), _moved(1)]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return ends[0], ends[1]


def _moved(descriptor: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        moved = os.dup(descriptor)
        msvcrt.setmode(moved, os.O_BINARY)
        return moved
    import fcntl

    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR)
    except OSError:
        # Where a process may have fewer descriptors.
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)


class _Session:
    """The file once it has been run."""

    def __init__(self) -> None:
        self.program: LocalProgram | None = None
        self._namespace: dict[str, Any] = {}
        self._gradients: list[Recognised] = []
        self._seed = 0

    def ask(self, method: str, *arguments: Any) -> Any:
        """Answer one request."""
        if method == "run":
            return self._run(*arguments)
        if method == "choose":
            return self._choose(*arguments)
        if method == "probe":
            return _probe(*arguments)
        if method not in REQUESTS or self.program is None:
            raise CheckError(f"there is no request {method!r}")
        return getattr(self.program, method)(*arguments)

    def _run(
        self,
        file: str,
        folder: str,
        private: str,
        home: str,
        untrusted: bool,
        memory: int,
        seconds: float,
        seed: int,
    ) -> Started:
        path, root = Path(file), Path(folder) if folder else None
        if sys.platform != "win32":
            faulthandler.register(signal.SIGUSR1, file=2, all_threads=False)
        apart = [root or path.parent, Path(home)]
        with confine.confined(Path(private), apart, memory, seconds) as (inside, missing):
            left_out = stage(path, root, inside)
        if missing and untrusted:
            raise CheckError(confine.refusal(missing))
        copy = copy_of(path, root, Path(private))
        folder_of_modules = copy_of(root, root, Path(private)) if root else copy.parent
        _settle(copy, folder_of_modules, Path(private))
        chosen = command_line.without_arguments()
        content = runnable(copy)
        # So that a file which draws its parameters without a seed is checked at the same ones each time.
        follow_seed()
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        old_names = old_numpy.give_old_names()
        namespace = importer.load(copy, content, folder_of_modules, _GIVEN)
        own_calls(namespace)
        self._gradients = adapter.declared_gradients(namespace)
        if not self._gradients:
            others = importer.imported(content, namespace, folder_of_modules)
            beside = users(copy, root and folder_of_modules)
            namespace.expect(names_put(beside), "a file that imports this one may give it a value")
            every = _recognised(lambda: definitions(content, others, beside), namespace, seed)
            self._gradients = every[:MOST_GRADIENTS]
        self._namespace, self._seed = namespace, seed
        told = [*double_precision.told(content), *old_numpy.told(old_names), *drawn_files.told(namespace)]
        notes = [
            *left_out,
            *content.notes,
            *chosen,
            *importer.told(),
            *source_roots.told(),
            *told,
            *namespace.notes(),
        ]
        return Started(_cut(notes), [_cut_gradient(each) for each in self._gradients], list(missing))

    def _choose(self, number: int, variant: int | None) -> None:
        """Take one of the gradients for the program that is asked about; one of its variants, if its place is given."""
        self.program = adapter.chosen_program(self._gradients[number], variant, self._namespace, self._seed)


def _recognised(read: Callable[[], Definitions], namespace: Namespace, seed: int) -> list[Recognised]:
    """The gradients of a file without an adapter; where there is none, how to say more, and what of the file did not
    run, are said too.

    Args:
        read: gives what the file defines.
        namespace: in which it has run.
        seed: of what is drawn.

    Raises:
        CheckError: it has none, or the checker fails on it.
    """
    try:
        file = read()
        return [with_imports(row, file.modules) for row in recognise.recognise(file, namespace, seed)]
    except CheckError as error:
        namespace.look_for_modules()
        watched = namespace.failed_while_watched()[:1]
        reasons = [*watched, *drawn_files.told(namespace), *namespace.notes()][:_MOST_REASONS]
        notes = [f"{reason:.{_LONGEST_REASON}}" for reason in reasons]
        said = ("; ".join([problem, COMMAND_LINE.adapter, *notes]) for problem in error.problems)
        raise CheckError(*said) from importer.missing(namespace)
    except Exception as error:
        if not is_ours(error):
            raise
        raise CheckError(f"{failed_on(error)}; {COMMAND_LINE.adapter}") from error


def _probe(private: str) -> confine.Missing:
    """What of the confinement this system does not give, and why."""
    with confine.confined(Path(private), [], Limits().memory, Limits().seconds) as (_, missing):
        pass
    return missing


def _settle(copy: Path, root: Path, private: Path) -> None:
    """Where the file runs, what it imports from, and where its temporary files go."""
    # What a file imports of chainrule, and changes there, is its own.
    for name in [name for name in sys.modules if name.partition(".")[0] == "chainrule"]:
        del sys.modules[name]
    source.keep_to(private)
    temporary = private / "tmp"
    temporary.mkdir()
    os.environ.update({name: str(temporary) for name in ("HOME", "TMPDIR", "TMP", "TEMP", "USERPROFILE")})
    around = [folder for folder in root.parents[:2] if folder.is_relative_to(private)]
    sys.path[:0] = dict.fromkeys(map(str, [*folders_of_modules(copy, root), *around]))
    sys.argv = [str(copy)]
    os.chdir(copy.parent)


class _Shell:
    """What ``get_ipython()`` gives: magics that do nothing but write files, as exports of notebooks have them."""

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Run the cell under ``%%writefile helpers.py``."""
        exec(source.without_magics(f"%%{name} {line}\n{cell}")[0] if name in ("writefile", "file") else "")

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **options: None


_GIVEN = {"get_ipython": _Shell, "display": lambda *shown, **how: None, **GIVEN}
"""What is there without being imported: in notebooks, and scripts made of them, and in Python 2."""


def _answer(session: _Session, request: Any) -> bytes:
    """The reply to a request."""
    try:
        return encode(Answer(session.ask(*request)), "the answer")
    except CheckError as error:
        return encode(Problems(_cut(error.problems), missing_module(error)))
    except BaseException as error:
        return encode(_account(error, error.__traceback__))


def _account(error: BaseException, trace: TracebackType | None) -> Raised:
    """An exception in text, from the user's first line on and without lines of ours."""
    path = Path(getattr(sys.modules.get(importer.NAME), "__file__", ""))
    start = trace
    while start and not belongs_to(path, start.tb_frame.f_code.co_filename):
        start = start.tb_next
    report = traceback.TracebackException(type(error), error, start)
    report.stack = traceback.StackSummary.from_list(
        f for f in report.stack if not f.filename.startswith(OURS)
    )
    users = [frame for frame in report.stack if belongs_to(path, frame.filename)]
    file, line, function = ("", 0, "")
    if users:
        file, line, function = users[-1].filename, users[-1].lineno or 0, users[-1].name
    if isinstance(error, SyntaxError) and error.filename:
        file, line, function = error.filename, error.lineno or 0, ""
    return Raised(
        kind=type(error).__name__,
        message="".join(report.format_exception_only()).strip().rpartition("\n")[2][:LONGEST_TEXT],
        file=file,
        line=line,
        function=function,
        module=missing_module(error),
        traceback="".join(report.format())[-LONGEST_TRACEBACK:],
    )


def _cut(texts: Sequence[str]) -> list[str]:
    """Texts as long, and as many, as a reply may hold."""
    return [text[:LONGEST_TEXT] for text in texts[:MOST_TEXTS]]


def _cut_gradient(gradient: Recognised) -> Recognised:
    """The same with texts as long as a reply may hold; an adapter that is too long would be another one."""
    notes, doubt = _cut(gradient.notes), gradient.doubt[:LONGEST_TEXT]
    return gradient._replace(notes=notes, doubt=doubt)


def _receive(descriptor: int) -> Any:
    """The next request; None when there are no more."""
    prefix = _read(descriptor, PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    size, json_length = PREFIX.unpack(prefix)
    return decode(_read(descriptor, size), json_length)


def _read(descriptor: int, size: int) -> bytearray:
    data = bytearray()
    while len(data) < size and (chunk := os.read(descriptor, size - len(data))):
        data += chunk
    return data


def _send(descriptor: int, frame: bytes) -> None:
    rest = memoryview(frame)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


if __name__ == "__main__":
    main(int(sys.argv[1]))
