"""A program whose functions run in a process of their own. Nothing that comes back from there is trusted."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TypeVar, cast

from chainrule.errors import CheckError
from chainrule.gradcheck.program import quotients, source
from chainrule.gradcheck.program.interface import Program, Quotient
from chainrule.gradcheck.program.source import ADAPTER, Part, Source
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.callers import COMMAND_LINE
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.sandbox import validation
from chainrule.gradcheck.sandbox.bounds import bound_of
from chainrule.gradcheck.sandbox.codec import FrameError, decode, encode
from chainrule.gradcheck.sandbox.process import Limits, Process
from chainrule.gradcheck.sandbox.project import holds
from chainrule.gradcheck.sandbox.replies import Answer, Problems, Raised
from chainrule.gradcheck.sandbox.staging import copy_of, sources_root
from chainrule.text import one_line

Valid = TypeVar("Valid")

_MOST_IMPORTED = 20

_REFUSALS = {
    "PermissionError": "a check lets code read and write its own folder, and reach no network, program or process",
    "FileNotFoundError": "a check lets code see a copy of its own folder, and no other file",
}
"""What to know of exceptions that the confinement may be the reason of (:mod:`.confine`)."""


class UserError(CheckError):
    """An exception of the user's code: one line, and the traceback from the user's first line on."""

    def __init__(self, problem: str, traceback: str) -> None:
        super().__init__(problem, names_file=True)
        self.traceback = traceback

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str]]:
        return type(self), (self.problems[0], self.traceback)


def probe() -> dict[str, str]:
    """What of the confinement this system does not give (:data:`.confine.MEASURES`), and why; found out by trying.

    Raises:
        CheckError: it cannot be tried.
    """
    private = _private_path()
    process = Process(Path("confinement"), Limits())
    try:
        match decode(*process.exchange(encode(["probe", str(private)]))):
            case Answer(value):
                return validation.missing(value)
            case Raised() as reply:
                raise CheckError(f"the confinement: cannot be tried: {validation.raised(reply).message}")
        raise CheckError("the confinement: cannot be tried: its process gives no answer")
    finally:
        process.close()
        shutil.rmtree(private, ignore_errors=True)


def _private_path() -> Path:
    """Where a process has its own folder: nothing is there but where the system gives it no root of its own."""
    return Path(tempfile.gettempdir()).resolve() / f"chainrule-{uuid.uuid4().hex[:12]}"


class RemoteProgram:
    """The functions of a file, as a :class:`chainrule.gradcheck.program.interface.Program`.

    It is a context manager: the process lives from the start of the ``with`` to its end, and the program that it gives
    is there to be asked within.

    Args:
        path: a ``.py`` or ``.ipynb`` file.
        limits: what it may take.
        seed: of what its adapter draws.
        root: the folder that belongs to it and is copied with it; None: the file alone is.
        untrusted: run it only where this system can confine it.

    Attributes:
        path, root: the file, and the folder that belongs to it.
        notes: what was left out and stood in for, in words.
        gradients: those of the file; where there are several, one is to be chosen.

    Raises:
        CheckError: the file cannot be read or checked, or exceeds a limit.
        UserError: its own code raises an exception.
    """

    caller = COMMAND_LINE

    def __init__(
        self,
        path: Path,
        limits: Limits | None = None,
        seed: int = 0,
        *,
        root: Path | None = None,
        untrusted: bool = False,
    ) -> None:
        self.path, self._limits, self._seed = path.resolve(), limits or Limits(), seed
        self.root, self._untrusted = root and root.resolve(), untrusted
        self._private = _private_path()
        self._copy = copy_of(self.path, self.root, self._private)
        self._resources = contextlib.ExitStack()
        self._process: Process | None = None
        self.notes: tuple[str, ...] = ()
        self.gradients: list[Recognised] = []
        self._declared = self._assumed = ""

    def __enter__(self) -> Program:
        # A file that cannot be read needs no process to say so.
        source.read(self.path)
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self._private, ignore_errors=True)
            self._process = Process(self._copy, self._limits)
            stack.callback(self._process.close)
            places = (str(self.path), str(self.root or ""), str(self._private), str(Path.home()))
            limits = (self._limits.memory, self._limits.seconds)
            started = self._ask(validation.started, "run", *places, self._untrusted, *limits, self._seed)
            self.notes, self.gradients = tuple(started.notes), started.gradients
            if self.root and self.root != sources_root(self.path):
                self.notes += (f"what it imports from {self.root} is read too",)
            if started.missing:
                self.notes += (f"not confined here: no {', '.join(started.missing)}; see chainrule info",)
            if len(self.gradients) == 1 and self.gradients[0].runs:
                self.choose(0)
            self._resources = stack.pop_all()
        return cast(Program, self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._resources.close()

    def choose(self, number: int, variant: int | None = None) -> None:
        """Take one of the gradients for the program that is asked about.

        Args:
            number: its place among them.
            variant: the place among its variants; None for itself.
        """
        chosen = self.gradients[number]
        self._declared = chosen.declared
        self._assumed = chosen.text if variant is None else chosen.variants[variant].text
        self._ask(validation.chosen, "choose", number, variant)

    def take_turn(self, part: float) -> None:
        """Answer for this part of the time that is left, and then raise :class:`chainrule.errors.TimeUpError` until the
        next turn."""
        if self._process is not None:
            self._process.take_turn(part)

    def quotient(self) -> Quotient | None:
        """As of :class:`chainrule.gradcheck.program.interface.Program`: read from the file, and from those beside it
        that it imports, whatever its process says."""
        modules = quotients.parsed(source.read(self.path))
        names = adapter.names(node.name for module in modules for node in module.functions)
        own = [self._declared] if self._declared in names else names
        start = [node for name in own for node in quotients.declared_gradient(modules, name)]
        if not start:
            assumed = quotients.parsed(Source((Part(ADAPTER, self._assumed),)))
            start = quotients.declared_gradient(assumed, NAME)
        return quotients.find([*modules, *self._imported(modules)], start)

    def _imported(self, modules: Sequence[quotients.Module]) -> list[quotients.Module]:
        """The files beside it that it imports."""
        imported: list[quotients.Module] = []
        names = quotients.imports(modules) if self.root else set()
        for path in sorted(self.path.with_name(f"{name}.py") for name in names)[:_MOST_IMPORTED]:
            with contextlib.suppress(CheckError):
                imported += quotients.parsed(source.read(path))
        return imported

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
                f"{self.path.name}: its process has not been started; use it in a with statement",
                names_file=True,
            )
        frame = encode([request, *arguments], request)
        body, json_length = self._process.exchange(frame, bound_of(request, arguments))
        try:
            match decode(body, json_length):
                case Answer(value):
                    return valid(value)
                case Problems() as reply:
                    messages, module = validation.problems(reply)
                    why = self._where_it_is_missing(module) if module else ""
                    raise CheckError(
                        *(f"{self.path.name}: {line}{why}" for line in messages), names_file=True
                    )
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
        elif reply.module:
            message += self._where_it_is_missing(reply.module)
        elif reply.kind == "SystemExit":
            message = "calls sys.exit, where a check needs a value"
        elif reply.kind == "SyntaxError" and source.is_python_2(source.read(self.path)):
            message += "; it is written for Python 2, and cannot be read as such: turn it into Python 3, as 2to3 does"
        elif reply.kind in _REFUSALS:
            message += f"; {_REFUSALS[reply.kind]}"
        raise UserError(f"{self._where(reply)}: {self._in_place(message)}", self._in_place(reply.traceback))

    def _where_it_is_missing(self, module: str) -> str:
        """What to do about a module that could not be imported."""
        name = module.partition(".")[0]
        if not name.isidentifier():
            return ""
        if self.root is None and holds(self.path.parent, name):
            return (
                f"; of a folder each file is checked alone: if {name} beside it belongs to it, put both into a "
                "sub-folder, or check the file by itself"
            )
        above = self.root.parents[:-1] if self.root else ()
        if (folder := next((folder for folder in above if holds(folder, name)), None)) is not None:
            return f"; {name} lies in {folder}, and what lies there is read where you say so: --root {folder}"
        return f"; install {module} beside chainrule, or take the import out"

    def original(self, name: str) -> Path | None:
        """The user's file that tracebacks call so, of those that were copied; None for any other: its process may say
        what it likes."""
        if name.startswith(f"{self._copy.name}, cell "):
            return self.path
        if Path(name) == self._copy:
            return self.path
        if self.root is None or not Path(name).is_relative_to(
            copied := copy_of(self.root, self.root, self._private)
        ):
            return None
        original = (self.root / Path(name).relative_to(copied)).resolve()
        is_source = original.suffix in source.SUFFIXES and original.is_file()
        return original if is_source and original.is_relative_to(self.root) else None

    def _where(self, reply: Raised) -> str:
        """``net.py, line 3, in f``; the file alone where that is said to be none of the user's."""
        copy = Path(one_line(str(self._copy)))
        if not source.belongs_to(copy, reply.file):
            return self.path.name
        inside = f", in {reply.function}" if reply.function else ""
        return f"{source.shown_name(copy, reply.file)}, line {reply.line}{inside}"

    def _in_place(self, text: str) -> str:
        """A text with the user's files called by the names of the originals."""
        return text.replace(one_line(str(self._copy.parent)), one_line(str(self.path.parent)))
