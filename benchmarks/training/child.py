"""One contender in a process of its own: prepares, warms up, then runs whenever it is told to.

    python child.py MODULE KIND FORM WORK_INDEX FOLDER

Answers with lines of JSON: after warming up; after each ``SECONDS EVALUATING`` line, for at least so long a run,
evaluating every epoch or not; and at the end of input its memory, children included.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from works import WORKS


def say(**words: Any) -> None:
    """A line for the parent."""
    print(json.dumps(words), flush=True)


def proportional_set_size() -> int:
    """Bytes of this process and its descendants, shared pages shared out."""
    import psutil

    here = psutil.Process()
    return sum(process.memory_full_info().pss for process in (here, *here.children(recursive=True)))


def main() -> None:
    """See above."""
    module, kind, form, number, folder = sys.argv[1:]
    warnings.simplefilter("ignore")
    forms = getattr(importlib.import_module(module), kind)
    start = time.perf_counter()
    run = forms[form](WORKS[int(number)], Path(folder))
    for evaluating in (False, True):
        run(evaluating)
    say(warm_up=time.perf_counter() - start)
    for line in sys.stdin:
        seconds, evaluating = line.split()
        net_steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < float(seconds) or not net_steps:
            net_steps += run(evaluating == "1")
        say(seconds=time.perf_counter() - start, net_steps=net_steps)
    say(memory=proportional_set_size())


if __name__ == "__main__":
    main()
