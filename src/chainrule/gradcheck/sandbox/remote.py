"""A subject whose functions run in a process of their own. Nothing that comes back from there is trusted."""

from __future__ import annotations

import contextlib
import functools
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import CheckError
from chainrule.gradcheck.program import source
from chainrule.gradcheck.program.subject import Arrays, Data
from chainrule.gradcheck.sandbox import answers
from chainrule.gradcheck.sandbox.codec import FrameError, decode, encode
from chainrule.gradcheck.sandbox.process import Limits, Process
from chainrule.gradcheck.sandbox.staging import stage

Answer = TypeVar("Answer")


class UserError(CheckError):
    """An exception of the user's code: one line, and the traceback from the user's first line on."""

    def __init__(self, problem: str, traceback: str) -> None:
        super().__init__(problem)
        self.traceback = traceback

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str]]:
        return type(self), (self.problems[0], self.traceback)


class Remote:
    """The functions of a file, as a :class:`chainrule.gradcheck.program.subject.Subject`.

    It is a context manager: the process lives from the start of the ``with`` to its end, and the methods are there
    to be called within.

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

    def __enter__(self) -> Self:
        # A file that cannot be read needs no process to say so.
        source.read(self._path)
        with contextlib.ExitStack() as stack:
            private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chainrule-"))).resolve()
            cwd = stage(self._path.parent, private)
            self._process = Process(self._path, private, cwd, self._limits)
            stack.callback(self._process.close)
            limits = self._limits
            self.notes, self.adapter = self._ask(
                answers.started,
                "run",
                str(self._path),
                str(private),
                limits.memory,
                limits.seconds,
                self._seed,
            )
            self._resources = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def describe(self) -> dict[str, Any]:
        return self._ask(answers.description, "describe")

    def cost(self, arrays: Arrays, data: Data) -> complex:
        return self._ask(answers.number, "cost", list(arrays), list(data))

    def costs(self, arrays: Arrays, data: Data, leaf: int, entries: Array, steps: Array) -> Array:
        check = functools.partial(answers.numbers, count=len(entries))
        return self._ask(
            check, "costs", list(arrays), list(data), leaf, np.asarray(entries), np.asarray(steps)
        )

    def along(self, arrays: Arrays, data: Data, direction: Arrays, steps: Array) -> Array:
        check = functools.partial(answers.numbers, count=len(steps))
        return self._ask(check, "along", list(arrays), list(data), list(direction), np.asarray(steps))

    def gradient(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        return self._ask(answers.gradient, "gradient", list(arrays), list(data))

    def numeric(self, arrays: Arrays, data: Data) -> dict[str, Any]:
        return self._ask(answers.gradient, "numeric", list(arrays), list(data))

    def update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[Array]:
        return self._ask(answers.arrays, "update", list(arrays), list(gradient), rate)

    def calls(self, arrays: Arrays, data: Data) -> dict[str, int]:
        return self._ask(answers.counts, "calls", list(arrays), list(data))

    def trace(self, arrays: Arrays, data: Data, what: str = "gradient") -> list[dict[str, Any]]:
        return self._ask(answers.trace, "trace", list(arrays), list(data), what)

    def trace_update(self, arrays: Arrays, gradient: Arrays, rate: float) -> list[dict[str, Any]]:
        return self._ask(answers.trace, "trace_update", list(arrays), list(gradient), rate)

    def gradient_replacing(
        self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        return self._ask(answers.gradient, "gradient_replacing", list(arrays), list(data), list(changes))

    def cost_replacing(self, arrays: Arrays, data: Data, changes: Sequence[dict[str, Any]]) -> complex:
        return self._ask(answers.number, "cost_replacing", list(arrays), list(data), list(changes))

    def first_mutation(self, arrays: Arrays, data: Data) -> dict[str, Any] | None:
        return self._ask(answers.value_or_none, "first_mutation", list(arrays), list(data))

    def numeric_step(self) -> dict[str, Any] | None:
        return self._ask(answers.place_or_none, "numeric_step")

    def _ask(self, check: Callable[[Any], Answer], method: str, *arguments: Any) -> Answer:
        """The answer to a request, once ``check`` has found it to be one."""
        if self._process is None:
            raise CheckError(
                f"{self._path.name}: its process has not been started; use it in a with statement"
            )
        body, json_length = self._process.exchange(encode([method, *arguments], method))
        try:
            reply = answers.record(decode(body, json_length))
            if "value" in reply:
                return check(reply["value"])
            if "problems" in reply:
                raise CheckError(*(f"{self._path.name}: {line}" for line in answers.texts(reply["problems"])))
            self._raise(answers.record(reply, "raised")["raised"])
        except FrameError as error:
            self._process.reject(error)

    def _raise(self, value: Any) -> NoReturn:
        """Raise what the user's code raised, in our words."""
        raised = answers.record(value, "kind", "message", "place", "module", "traceback")
        kind, message = answers.text(raised["kind"]), answers.text(raised["message"])
        where = self._place(raised["place"])
        if kind.endswith("MemoryError"):
            message = f"needs more than {self._limits.memory} MB of memory; give it more with --memory MB"
        elif kind == "ModuleNotFoundError" and raised["module"]:
            message += f"; install {answers.text(raised['module'])} beside chainrule, or take the import out"
        elif kind == "SystemExit":
            message = 'calls sys.exit; put what runs the program under if __name__ == "__main__":'
        elif where.endswith("<module>") and kind not in ("SyntaxError", "IndentationError"):
            message += '; put what only loads, trains or plots under if __name__ == "__main__":'
        raise UserError(f"{where}: {message}", answers.traceback(raised["traceback"]))

    def _place(self, value: Any) -> str:
        """``net.py, line 3, in f``."""
        match value:
            case [str(file), int(line), str(function)]:
                inside = f", in {answers.text(function)}" if function else ""
                return f"{answers.text(source.shown_name(self._path, file))}, line {line}{inside}"
        return self._path.name
