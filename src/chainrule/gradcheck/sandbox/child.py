"""The process of a user's file: it runs the file and answers questions about its functions, and decides nothing.

Whatever the file does to this process, all that can come of it are other answers, and those are the file's own
doing: numbers are compared, and the verdict is reached, in the process that asks.
"""

from __future__ import annotations

import faulthandler
import linecache
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.errors import CheckError
from chainrule.gradcheck.program import signatures, source
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.source import OURS, Source, belongs_to
from chainrule.gradcheck.recognition import adapter, recognise
from chainrule.gradcheck.sandbox import confine
from chainrule.gradcheck.sandbox.codec import PREFIX, decode, encode
from chainrule.gradcheck.sandbox.process import STACK_FILE
from chainrule.gradcheck.sandbox.replies import Answer, Problems, Raised, Started
from chainrule.gradcheck.sandbox.validation import REQUESTS

MODULE = "__chainrule__"
_LONGEST_TRACEBACK = 10_000


def main(requests: int, replies: int, parent: int) -> None:
    """Answer requests until there are no more; the first one says what to run, and within which limits."""
    confine.die_with_parent()
    if os.getppid() != parent:
        return
    session = _Session()
    while (request := _receive(requests)) is not None:
        _send(replies, _answer(session, request))


class _Session:
    """The file once it has been run."""

    program: LocalProgram | None = None

    def ask(self, method: str, *arguments: Any) -> Any:
        """Answer one request."""
        if method == "run":
            return self._run(*arguments)
        if method not in REQUESTS or self.program is None:
            raise CheckError(f"there is no request {method!r}")
        return getattr(self.program, method)(*arguments)

    def _run(self, file: str, private: str, memory: int, seconds: float, seed: int) -> Started:
        path = Path(file)
        rng = default_rng(seed)
        content = source.read(path)
        # So that a file which draws its parameters without a seed is checked at the same ones each time.
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        _confine(path, Path(private), memory, seconds)
        namespace = vars(_executed(path, content))
        if adapter.NAME in namespace:
            self.program = adapter.declared_program(namespace[adapter.NAME], rng)
            return Started(list(content.notes), "")
        recognised = recognise.recognise(signatures.definitions(content), namespace, seed)
        self.program = recognised.program
        return Started([*content.notes, *recognised.notes], recognised.text)


def _confine(path: Path, private: Path, memory: int, seconds: float) -> None:
    """Give up what the user's code is not to have. From here on the checker's modules are out of its reach."""
    # The file must stay open for as long as the process lives.
    stack = os.open(private / STACK_FILE, os.O_WRONLY | os.O_CREAT)
    faulthandler.register(signal.SIGUSR1, file=stack, all_threads=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "chainrule"]:
        del sys.modules[name]
    sys.path.insert(0, str(path.parent))
    sys.argv = [str(path)]
    confine.leave_network()
    confine.limit(memory, seconds)
    confine.refuse(private, lambda name: belongs_to(path, name))


def _executed(path: Path, content: Source) -> ModuleType:
    """The module that the file makes. Its name is not ``__main__``, so that what is guarded by that does not run."""
    module = ModuleType(MODULE)
    module.__file__ = str(path)
    sys.modules[MODULE] = sys.modules["__main__"] = module
    # What notebooks find without importing it, and scripts made of notebooks as well.
    vars(module).update(get_ipython=_Shell, display=lambda *shown, **how: None)
    for part in content.parts:
        lines = part.text.splitlines(keepends=True)
        linecache.cache[part.name] = len(part.text), None, lines, part.name
        exec(compile(part.text, part.name, "exec", dont_inherit=True), vars(module))
    return module


class _Shell:
    """What ``get_ipython()`` gives: magics that do nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments, **options: None


def _answer(session: _Session, request: Any) -> bytes:
    """The reply to a request."""
    try:
        return encode(Answer(session.ask(*request)), "the answer")
    except CheckError as error:
        return encode(Problems(list(error.problems)))
    except BaseException as error:
        return encode(_account(error, error.__traceback__))


def _account(error: BaseException, trace: TracebackType | None) -> Raised:
    """An exception in text, from the user's first line on and without lines of ours."""
    path = Path(getattr(sys.modules.get(MODULE), "__file__", ""))
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
        message="".join(report.format_exception_only()).strip().rpartition("\n")[2],
        file=file,
        line=line,
        function=function,
        module=str(error.name or "") if isinstance(error, ImportError) else "",
        traceback="".join(report.format())[-_LONGEST_TRACEBACK:],
    )


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
    main(*map(int, sys.argv[1:]))
