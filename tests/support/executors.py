"""The executors that one contract holds for, and one that stands for another machine."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

from chainrule.work import lock
from chainrule.work.executors import Executor, InProcess
from chainrule.work.processes import Processes


class Elsewhere(InProcess):
    """Tasks see neither the folder of results nor the data: all goes there and comes back as bytes."""

    sees_files = False
    starting = 0.0

    def run(
        self, function: Callable[[Any], Any], tasks: Sequence[Any], tick: Callable[[], None]
    ) -> Iterator[Any]:
        sent = pickle.dumps(function)

        def there(task: bytes) -> bytes:
            with mock.patch.object(lock, "driver_of", return_value=None):
                return pickle.dumps(pickle.loads(sent)(pickle.loads(task)))

        for index, result in super().run(there, [pickle.dumps(task) for task in tasks], tick):
            yield index, pickle.loads(result) if isinstance(result, bytes) else result


def described(executor: Executor | str) -> str:
    return executor if isinstance(executor, str) else f"{type(executor).__name__}-{executor.workers}"


EXECUTORS: list[Executor] = [InProcess(), Elsewhere(), Processes(1), Processes(2)]
