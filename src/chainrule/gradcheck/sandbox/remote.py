"""A program whose functions run in a process of their own. Nothing that comes back from there is trusted."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TypeVar, cast

from chainrule.errors import CheckError
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.sandbox import validation
from chainrule.gradcheck.sandbox.codec import FrameError, decode, encode
from chainrule.gradcheck.sandbox.process import Limits, Process
from chainrule.gradcheck.sandbox.replies import Answer, Problems, Raised
from chainrule.gradcheck.sandbox.staging import stage

Valid = TypeVar("Valid")


class UserError(CheckError):
    """An exception of the user's code: one line, and the traceback from the user's first line on."""

    def __init__(self, problem: str, traceback: str) -> None:
        super().__init__(problem, names_file=True)
        self.traceback = traceback

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str]]:
        return type(self), (self.problems[0], self.traceback)


class RemoteProgram:
    """The functions of a file, as a :class:`chainrule.gradcheck.program.interface.Program`.

    It is a context manager: the process lives from the start of the ``with`` to its end, and the program that it gives
    is there to be asked within.

    Args:
        path: a ``.py`` or ``.ipynb`` file.
        limits: what it may take.
        seed: of what its adapter draws.

    Attributes:
        notes: what was assumed and left out, in words.
        adapter: the adapter that was assumed; empty where the file declares its own.

    Raises:
        CheckError: the file cannot be read or checked, or exceeds a limit.
        UserError: its own code raises an exception.
    """

    def __init__(self, path: Path, limits: Limits | None = None, seed: int = 0) -> None:
        self._path, self._limits, self._seed = path.resolve(), limits or Limits(), seed
        self._resources = contextlib.ExitStack()
        self._process: Process | None = None
        self.notes: tuple[str, ...] = ()
        self.adapter = ""

    def __enter__(self) -> Program:
        # A file that cannot be read needs no process to say so.
        source.read(self._path)
        with contextlib.ExitStack() as stack:
            private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chainrule-"))).resolve()
            cwd = stage(self._path.parent, private)
            self._process = Process(self._path, private, cwd, self._limits)
            stack.callback(self._process.close)
            memory, seconds = self._limits.memory, self._limits.seconds
            run = (str(self._path), str(private), memory, seconds, self._seed)
            notes, self.adapter = self._ask(validation.started, "run", *run)
            self.notes = tuple(notes)
            self._resources = stack.pop_all()
        return cast(Program, self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def __getattr__(self, request: str) -> Callable[..., Any]:
        """A request of :class:`chainrule.gradcheck.program.interface.Program`, its arguments by place."""
        if request not in validation.REQUESTS:
            raise AttributeError(request)
        return lambda *arguments: self._ask(
            lambda value: validation.validated(request, arguments, value), request, *arguments
        )

    def _ask(self, valid: Callable[[Any], Valid], request: str, *arguments: Any) -> Valid:
        """The answer to a request, once ``valid`` has found it to be one."""
        if self._process is None:
            raise CheckError(
                f"{self._path.name}: its process has not been started; use it in a with statement",
                names_file=True,
            )
        body, json_length = self._process.exchange(encode([request, *arguments], request))
        try:
            match decode(body, json_length):
                case Answer(value):
                    return valid(value)
                case Problems() as reply:
                    lines = (f"{self._path.name}: {line}" for line in validation.problems(reply))
                    raise CheckError(*lines, names_file=True)
                case Raised() as reply:
                    self._raise(validation.raised(reply))
            raise FrameError("no reply")
        except FrameError as error:
            self._process.reject(error)

    def _raise(self, reply: Raised) -> NoReturn:
        """Raise what the user's code raised, in our words."""
        message = reply.message
        if reply.kind.endswith("MemoryError"):
            message = f"needs more than {self._limits.memory} MB of memory; give it more with --memory MB"
        elif reply.kind == "ModuleNotFoundError" and reply.module:
            message += f"; install {reply.module} beside chainrule, or take the import out"
        elif reply.kind == "SystemExit":
            message = 'calls sys.exit; put what runs the program under if __name__ == "__main__":'
        elif reply.function == "<module>" and reply.kind not in ("SyntaxError", "IndentationError"):
            message += '; put what only loads, trains or plots under if __name__ == "__main__":'
        raise UserError(f"{self._where(reply)}: {message}", reply.traceback)

    def _where(self, reply: Raised) -> str:
        """``net.py, line 3, in f``."""
        if not reply.file:
            return self._path.name
        inside = f", in {reply.function}" if reply.function else ""
        return f"{source.shown_name(self._path, reply.file)}, line {reply.line}{inside}"
