"""What a file calls its functions with: the rest of it is run, or a training begun, and its functions are watched until
they have been called."""

from __future__ import annotations

import contextlib
import random
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, Protocol, runtime_checkable

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.program.drawn_data import LETTERS, MOST_LETTERS
from chainrule.gradcheck.program.drawn_files import drawing, told
from chainrule.gradcheck.program.function_names import FunctionKind, rank
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.recognition.witnessed.frames import BEGUN
from chainrule.gradcheck.recognition.witnessed.recording import CallRecorder
from chainrule.gradcheck.recognition.witnessed.small_sizes import SMALL, small_sizes
from chainrule.gradcheck.recognition.witnessed.tables import TABLE, table
from chainrule.gradcheck.recognition.witnessed.witnessed_call import NAME, HandedValues, WitnessedCall

_MOST_SECONDS = 4.0

RUN_BESIDE = "run_beside"
"""What runs a file beside the one that is checked, in an expression that begins a training."""

RUN_REST = "run_rest"
"""What runs the rest of the file, likewise."""

_LEAST_LETTERS, _MOST_ALPHABETS = 20, 3
"""How many characters a text has at least, and how many sizes that a file writes down are tried for it."""

_MOST_SKIPPED = 2
"""How many times a failing run is gone through with what fails left out."""

_SEED = 0


@runtime_checkable
class WaitingStatements(Protocol):
    """The names of a module of which statements wait for something to ask for them."""

    run_beside: Callable[[str], None] | None

    def run_rest(self) -> None:
        """Run them."""

    def without_slow(self) -> contextlib.AbstractContextManager[None] | None:
        """Within it, the numeric gradient in which time ran out is left out; None where it ran out in none."""

    def failed_while_watched(self) -> list[str]:
        """What could not run of it, in words."""

    def skipping_failures(self, kept: Callable[[str], bool]) -> contextlib.AbstractContextManager[None]:
        """Within it, functions in which something has failed leave out what fails, but for those to be kept."""

    def need_rest(self) -> None:
        """Note that what is checked needs them."""


def _may_be_checked(function: str) -> bool:
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient", "numeric", "forward")
    return any(rank(function.rpartition(".")[2], kind) is not None for kind in kinds)


def _has_gradient(calls: Iterable[str]) -> bool:
    return any(rank(name.rpartition(".")[2], "gradient") is not None for name in calls)


class OwnCalls:
    """What a file calls its functions with, found out when something asks for it.

    Args:
        namespace: the names of its module.
        run_rest: runs all of it that waits for something to ask for it.
        run_beside: runs a file beside it.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        run_rest: Callable[[], None],
        run_beside: Callable[[str], None] | None = None,
    ) -> None:
        self._namespace, self._run_rest, self._run_beside = namespace, run_rest, run_beside
        self._seen: dict[str, dict[str, WitnessedCall]] = {}

    def __call__(
        self,
        function: str,
        begun: str = "",
        since: str = "",
        states: Sequence[str] = (),
        sample: tuple[int, Sequence[str]] | None = None,
    ) -> HandedValues:
        """What an adapter is given of the first call of a function: by the file, or in what an expression begins.

        Args:
            function: it.
            begun: the expression; empty for the file's own.
            since: the function as whose first call began objects are to be; empty for as they are at the call.
            states: where states stand that are 0 still, in whose place others are drawn.
            sample: the number of the only sample that is left in data, and their names.

        Raises:
            CheckError: it is not called.
        """
        seen = self._seen.setdefault(begun, {})
        if function not in seen:
            seen |= self._run(function, begun)
        if function not in seen:
            raise CheckError(
                f"{NAME}({function!r}): the file does not call it, fails before it does, or takes more than "
                f"{_MOST_SECONDS:g} s until then"
            )
        call = seen[function]
        call = call.with_objects_of(seen[since]) if since else call
        return (call.with_sample(*sample) if sample else call).with_states(states).handed()

    def local(self, name: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What a name of a function holds at the end of a call of it: a loss that it shows and does not give.

        Raises:
            CheckError: it ends without that.
        """
        code = getattr(function, "__func__", function).__code__
        held: dict[str, Any] = {}
        before = sys.getprofile()

        def see(frame: FrameType, event: str, value: Any) -> None:
            if event == "return" and frame.f_code is code:
                held.update(frame.f_locals)

        sys.setprofile(see)
        try:
            function(*arguments, **options)
        finally:
            sys.setprofile(before)
        if name not in held:
            raise CheckError(f"{NAME}.local({name!r}, ...): the function ends without a value of this name")
        return held[name]

    def every(self, begun: str = "") -> Mapping[str, WitnessedCall]:
        """The first call of each function, by how that is shown: by the file, or in what an expression begins."""
        self._seen[begun] = self._run("", begun)
        return self._seen[begun]

    def _run(self, wanted: str, begun: str) -> dict[str, WitnessedCall]:
        """The calls of a run; where the file's own fails, what others see beside it in which texts have as many
        characters as the file may have written down, or what fails is left out."""
        calls = self._watched(wanted, begun, len(LETTERS))
        if begun:
            return calls
        if wanted not in calls and not _has_gradient(calls):
            calls = {**self._without_slow(wanted), **calls}
        for number in self._written_sizes() if wanted not in calls else ():
            calls = {**self._watched(wanted, begun, number), **calls}
        for _ in range(_MOST_SKIPPED):
            if wanted in calls or _has_gradient(calls):
                break
            calls = {**self._skipping(wanted), **calls}
        return calls

    def _without_slow(self, wanted: str) -> dict[str, WitnessedCall]:
        """What is seen where the numeric gradient in which time ran out is left out: nothing is computed from it that
        is to be checked."""
        names = self._namespace
        left_out = names.without_slow() if isinstance(names, WaitingStatements) else None
        if left_out is None:
            return {}
        with left_out:
            return self._watched(wanted, "", len(LETTERS))

    def _skipping(self, wanted: str) -> dict[str, WitnessedCall]:
        """What is seen where what has failed is left out, but for what is to be checked."""
        names = self._namespace
        if not (isinstance(names, WaitingStatements) and names.failed_while_watched()):
            return {}
        with names.skipping_failures(_may_be_checked):
            calls = self._watched(wanted, "", len(LETTERS))
        return {name: call._replace(is_cut=True) for name, call in calls.items()}

    def _written_sizes(self) -> list[int]:
        """Numbers of the module of which one may be how many characters its text has, where something could not run."""
        names = self._namespace
        if not (isinstance(names, WaitingStatements) and names.failed_while_watched() and told(names)):
            return []
        written = {value for value in [*names.values()] if type(value) is int}
        return sorted(number for number in written if _LEAST_LETTERS <= number <= MOST_LETTERS)[
            :_MOST_ALPHABETS
        ]

    def _watched(self, wanted: str, begun: str, characters: int) -> dict[str, WitnessedCall]:
        recorder = CallRecorder(self._namespace, wanted, begun)
        random.seed(_SEED)
        np.random.seed(_SEED)  # noqa: NPY002
        before = sys.getprofile()
        with (
            drawing(self._namespace, characters),
            limited(_MOST_SECONDS),
            contextlib.suppress(OutOfTimeError),
        ):
            try:
                sys.setprofile(recorder.see)
                self._begin(begun) if begun else self._run_rest()
            finally:
                sys.setprofile(before)
        return recorder.told()

    def _begin(self, begun: str) -> None:
        """Begin what an expression says; what it raises is of no matter, as of the file's own statements."""
        known = {
            "rng": np.random.default_rng(_SEED),
            "np": np,
            RUN_BESIDE: self._run_beside,
            RUN_REST: self._run_rest,
            SMALL: self._with_small_sizes,
            TABLE: table,
        }
        with contextlib.suppress(Exception):
            value = eval(compile(begun, BEGUN, "eval"), self._namespace, known)  # noqa: S307
            if isinstance(value, Iterator):
                # A training that gives what came of each of its rounds.
                deque(value, maxlen=0)

    def _with_small_sizes(self, run: Callable[..., None], *arguments: str) -> None:
        """Run something with small nets; nothing where those of the file are small."""
        with small_sizes(self._namespace) as are_others:
            if are_others:
                run(*arguments)


def own_calls(namespace: Any) -> OwnCalls:
    """Those of a module of which statements wait; there is one of them, under its name."""
    calls = OwnCalls(namespace, namespace.run_rest, namespace.run_beside)
    known: OwnCalls = namespace.setdefault(NAME, calls)
    return known
