"""Where tasks run: the interface, and this process itself."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chainrule.errors import ChainruleError, show_traceback
from chainrule.machine import threads

Task = TypeVar("Task")
Result = TypeVar("Result")

ATTEMPTS = 3
"""How often a task is run at most."""


@dataclass(frozen=True)
class Failure:
    """What became of a task that was given up: every attempt raised, or ended with the death of its worker.

    Attributes:
        why: the last attempt's end, in a line.
    """

    why: str


class Executor(Protocol):
    """Runs a function over tasks; results come as they are ready.

    Attributes:
        sees_files: whether tasks see the files of this machine: where not, all that they need is sent to them.
        starting: what this process gets done while workers start, in multiply-adds of
            :func:`chainrule.work.planner.cost`.
    """

    sees_files: bool
    starting: float

    @property
    def workers(self) -> int:
        """How many tasks run side by side."""

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """Yield the number of every task, once, with its result or :class:`Failure`, in any order.

        Closed before its end, it stops what is running.

        Args:
            function: what to run; importable by workers, or a partial of such a function. What a partial holds is
                the same for all tasks and sent to a worker once where sending is dear.
            tasks: its arguments; each runs until it succeeds, :data:`ATTEMPTS` times at most.
            tick: called now and then.

        Raises:
            ChainruleError: a task raised one. That is a clear no, which no other attempt would change; what was
                running has been stopped.
        """

    def close(self) -> None:
        """Let go of what stays between runs."""


class InProcess:
    """One task after another, here."""

    workers = 1
    sees_files = True
    starting = 0.0

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Generator[tuple[int, Result | Failure], None, None]:
        """See :class:`Executor`."""
        for index, task in enumerate(tasks):
            result = attempted(function, task)
            tick()
            yield index, result

    def close(self) -> None:
        """Nothing stays."""


def fitting(executor: Executor, cost: float) -> Executor:
    """``executor``, or this process where all is done here before workers would have started.

    What trains follows from the work alone, never from what is done of it already.

    Args:
        executor: what was asked for.
        cost: of all the work, by :func:`chainrule.work.planner.cost`.
    """
    return InProcess() if cost < executor.starting else executor


def attempted(function: Callable[[Task], Result], task: Task) -> Result | Failure:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with threads.limited(1):
                return function(task)
        except ChainruleError:
            raise
        except Exception as error:
            if attempt == ATTEMPTS:
                return raised(error)
    raise AssertionError


def raised(error: BaseException) -> Failure:
    """The failure of a task whose last attempt raised ``error``."""
    show_traceback(error)
    first = next(iter(str(error).splitlines()), "")
    return Failure(f"{type(error).__name__}: {first}" if first else type(error).__name__)


def results(
    executor: Executor, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
) -> Iterator[Result]:
    """Yield the result of every task, in any order, for those who can do without none.

    Raises:
        ChainruleError: a task raised one, or was given up.
    """
    for _, result in executor.run(function, tasks, tick):
        if isinstance(result, Failure):
            raise ChainruleError(f"a task was given up after {ATTEMPTS} attempts: {result.why}")
        yield result
