"""Where tasks run: the interface, and this process itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from chainrule import threads

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs a function over tasks; results come as they are ready.

    Attributes:
        workers: how many tasks run side by side.
    """

    workers: int

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Iterator[Result]:
        """Yield the result of every task, in any order; ``tick`` is called now and then meanwhile.

        An exception of a task is raised here, after what was running has been stopped.
        """


class InProcess:
    """One task after another, here."""

    workers = 1

    def run(
        self, function: Callable[[Task], Result], tasks: Sequence[Task], tick: Callable[[], None]
    ) -> Iterator[Result]:
        """See :class:`Executor`."""
        for task in tasks:
            with threads.limited(1):
                result = function(task)
            tick()
            yield result
