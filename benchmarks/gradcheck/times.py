"""How soon a file is recognised, checked, explained, and its wrong line found; and the command as a whole.

    python benchmarks/gradcheck/times.py --json times.json

Needs ``pip install '.[test]'``. The files are those of tests/support/styles, one after the other, as they are and as
their twins. ``recognised`` is the time until the gradients of a file are known, its process started; ``checked`` what
it takes from there to the verdicts, ``explained`` to the causes, ``located`` to their lines; ``command`` is
``chainrule check FILE`` as it is typed, Python's own start included, and ``processor`` its seconds of processors.
Medians over the files whose verdict is right, and the slowest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from chainrule.errors import CheckError
from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.staging import sources_root
from support.styles.judging import judge
from support.styles.table import GROUPS, StyleProgram, Twin, programs


class Times(NamedTuple):
    """Seconds of one file."""

    recognised: float
    checked: float
    explained: float
    located: float
    command: float
    processor: float


def seconds_of(act: Callable[[], Any]) -> float:
    """Wall time of a call."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@contextmanager
def lines_timed(spent: list[float]) -> Iterator[None]:
    """Add to a list what is spent on lines."""
    locating = Finding.located

    def timed(finding: Finding) -> Any:
        started = time.perf_counter()
        try:
            return locating(finding)
        finally:
            spent.append(time.perf_counter() - started)

    Finding.located = timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        Finding.located = locating  # type: ignore[method-assign]


def recognise(path: Path, conditions: Conditions) -> None:
    """Find out which gradients a file has."""
    with RemoteProgram(path, conditions.limits, conditions.seed, root=sources_root(path), untrusted=False):
        pass


def times_of(program: StyleProgram, twin: Twin | None) -> Times | None:
    """The times of a program or a twin of it; None where its verdict is not right."""
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        judged = judge(program, Path(folder), *([twin] if twin else []))
        if not judged.verdict_right:
            return None
        path = judged.path
        brief = Conditions(Limits(60.0), untrusted=False, explained=False)
        try:
            recognised = seconds_of(lambda: recognise(path, brief))
            verdict = seconds_of(lambda: check_file(path, brief, sources_root(path)))
            with lines_timed(spent):
                full = replace(brief, explained=True)
                whole = seconds_of(lambda: check_file(path, full, sources_root(path)))
        except CheckError:
            return None
    located = sum(spent)
    return Times(
        recognised,
        verdict - recognised,
        whole - verdict - located,
        located,
        judged.seconds,
        judged.processor,
    )


def main() -> None:
    """Time all, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only these programs")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only these; may be given again")
    parser.add_argument("--json", type=Path, help="also write every file's times there")
    arguments = parser.parse_args()
    chosen = programs(*(arguments.group or ()))
    chosen = [each for each in chosen if not arguments.names or each.name in arguments.names]
    every: dict[str, dict[str, Any]] = {"right": {}, "wrong": {}}
    print(f"{'':22}" + "".join(f"{name:>12}" for name in Times._fields) + "  s")
    for kind, timed in every.items():
        for program in chosen:
            for number, twin in enumerate([None] if kind == "right" else program.twins):
                if (times := times_of(program, twin)) is not None:
                    timed[f"{program.group}/{program.name}/{number}"] = times._asdict()
        for words, of in (("median", statistics.median), ("slowest", max)):
            figures = (
                (of([times[name] for times in timed.values()]) for name in Times._fields) if timed else ()
            )
            print(f"{f'{len(timed)} {kind}, {words}':22}" + "".join(f"{figure:12.2f}" for figure in figures))
    if arguments.json:
        arguments.json.write_text(json.dumps(every, indent=1) + "\n")


if __name__ == "__main__":
    main()
