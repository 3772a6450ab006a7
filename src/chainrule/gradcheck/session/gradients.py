"""The gradients of a namespace of this process, asked as those of a file in a process of its own are."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.source import OURS
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.callers import PYTHON
from chainrule.gradcheck.recognition.recognise import recognise
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.session.sources import Defined


class SessionGradients:
    """The gradients of a namespace; the one that was chosen as a
    :class:`chainrule.gradcheck.program.interface.Program`.

    Attributes:
        path: what messages call the namespace.
        gradients: all that were recognised.
    """

    caller = PYTHON

    def __init__(self, path: Path, defined: Defined, namespace: dict[str, Any], seed: int) -> None:
        self.path, self._defined, self._namespace, self._seed = path, defined, namespace, seed
        self.gradients = _recognised(defined, namespace, seed)
        self._program: LocalProgram | None = None

    def choose(self, number: int, variant: int | None = None) -> None:
        """Take one of the gradients; one of its variants, if its place is given."""
        self._program = adapter.chosen_program(self.gradients[number], variant, self._namespace, self._seed)

    def take_turn(self, part: float) -> None:
        """Nothing: no time is limited here."""

    def __getattr__(self, request: str) -> Callable[..., Any]:
        """What the chosen program gives; an exception of the user's code as a line."""

        def ask(*arguments: Any, **options: Any) -> Any:
            try:
                return getattr(self._program, request)(*arguments, **options)
            except CheckError:
                raise
            except Exception as error:
                raise CheckError(self._line(error)) from error

        return ask

    def _line(self, error: Exception) -> str:
        """Where the user's code raised an exception, and which."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(OURS)]
        said = f"{type(error).__name__}: {error}"
        if not frames:
            return said
        last = frames[-1]
        place = self._defined.cells.get(last.filename, Path(last.filename).name)
        return f"{place}, line {last.lineno}, in {last.name}: {said}"


def _recognised(defined: Defined, namespace: dict[str, Any], seed: int) -> list[Recognised]:
    """The gradients of a namespace, each with the adapter by which it can be checked."""
    if declared := adapter.declared_gradients(namespace):
        return declared
    try:
        return recognise(defined.definitions, namespace, seed)
    except CheckError as error:
        raise CheckError(*(f"{problem}; {PYTHON.adapter}" for problem in error.problems)) from None
