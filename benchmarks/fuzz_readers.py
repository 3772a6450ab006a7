"""Whether anything that reads files can be led astray: damaged and hostile files, given to every reader under watch.

    python benchmarks/fuzz_readers.py --inputs 20000 --jobs 2 --json fuzz.json

Needs ``pip install '.[test]'``. Every input is drawn from its reader and number alone, so that the same again are the
same: ``--reader "plot, npz" --first 17 --inputs 1`` reads a single one once more. A line a reader says how many
inputs were read, and how many refused in lines of ours; the other columns are faults (tests/support/mutated/watch.py
says what they are), each of which is shown below. The exit code is 1 where there is any.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ["CHAINRULE_COMPILED"] = "off"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.mutated.attempts import Attempt, attempts  # noqa: E402
from support.mutated.reader import Reader  # noqa: E402
from support.mutated.readers import READERS  # noqa: E402
from support.mutated.watch import FAULTS, HANGING  # noqa: E402

MOST_DATA = 8 * 2**30
"""Bytes that a process may have."""

CHUNK = 100
"""Inputs that a process is given at once."""

COLUMNS = ("inputs", "read", "refused", *FAULTS)


def serve(work: Connection) -> None:
    """In a process of its own: read the inputs asked for, and tell of every one as soon as it was read."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_DATA, MOST_DATA))
    readers = {reader.name: reader for reader in READERS}
    while True:
        name, numbers = work.recv()
        for attempt in attempts(readers[name], numbers):
            work.send(attempt)


class Worker:
    """A process that reads inputs; it is killed, and another one started, where it answers no more."""

    def __init__(self) -> None:
        self._process: Any = None

    def read(self, reader: Reader, numbers: range) -> Iterator[Attempt]:
        """What comes of the inputs of these numbers."""
        while numbers:
            if self._process is None:
                self._start()
            self._work.send((reader.name, numbers))
            while numbers:
                outcome = self._answer(reader, numbers[0])
                numbers = numbers[1:]
                yield outcome
                if self._process is None:
                    break

    def end(self) -> None:
        """Kill the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = None

    def _start(self) -> None:
        self._work, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(theirs,), daemon=True
        )
        self._process.start()
        theirs.close()

    def _answer(self, reader: Reader, number: int) -> Attempt:
        try:
            # The first one waits for everything to be loaded.
            if self._work.poll(4 * HANGING):
                attempt: Attempt = self._work.recv()
                return attempt
            outcome, why = "hang", f"no answer for {4 * HANGING} s: killed"
        except (EOFError, ConnectionError):
            outcome, why = "traceback", "its process ended"
        self.end()
        return Attempt(reader.name, number, outcome, why)


def chunks(readers: Sequence[Reader], first: int, inputs: int) -> list[tuple[Reader, range]]:
    """So many inputs shared out between the readers, a few at a time."""
    whole = sum(reader.share for reader in readers)
    shares = {
        reader.name: range(first, first + math.ceil(inputs * reader.share / whole)) for reader in readers
    }
    return [
        (reader, shares[reader.name][start : start + CHUNK])
        for reader in readers
        for start in range(0, len(shares[reader.name]), CHUNK)
    ]


def emptied(waiting: list[tuple[Reader, range]]) -> list[Attempt]:
    """What comes of all that is waiting, and is not taken by somebody else first."""
    worker, told = Worker(), []
    with contextlib.suppress(IndexError):
        while True:
            reader, numbers = waiting.pop()
            told += worker.read(reader, numbers)
            print(f"{reader.name}, {numbers[0]} to {numbers[-1]}: read", file=sys.stderr, flush=True)
    worker.end()
    return told


def table(told: Sequence[Attempt]) -> list[str]:
    """A line a reader, and one of all."""
    counts = {reader.name: Counter[str]() for reader in READERS}
    for attempt in told:
        counts[attempt.reader].update(["inputs", attempt.outcome])
    counts["all"] = sum(counts.values(), Counter())
    lines = ["reader".ljust(26) + "".join(name.rjust(10) for name in COLUMNS)]
    for name, count in counts.items():
        if count:
            lines.append(name.ljust(26) + "".join(str(count[column]).rjust(10) for column in COLUMNS))
    return lines


def main() -> int:
    """Read them, print the table and every fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input of every reader")
    parser.add_argument("--reader", default=None, help="only this one")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--json", type=Path, default=None, help="also write what came of every input there")
    arguments = parser.parse_args()
    readers = [reader for reader in READERS if arguments.reader in (None, reader.name)]
    if not readers:
        parser.error(f"--reader is one of: {'; '.join(reader.name for reader in READERS)}")
    began = time.perf_counter()
    waiting = chunks(readers, arguments.first, arguments.inputs)[::-1]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        parts = pool.map(emptied, [waiting] * arguments.jobs)
        told = sorted((each for part in parts for each in part), key=lambda each: (each.reader, each.number))
    print("\n".join(table(told)))
    faults = [attempt for attempt in told if attempt.failed]
    for attempt in faults:
        print(f"\n{attempt.reader}, number {attempt.number}: {attempt.outcome}: {attempt.why[-3000:]}")
    slowest, largest = max(told, key=lambda each: each.seconds), max(told, key=lambda each: each.memory)
    print(
        f"\n{len(told)} inputs in {time.perf_counter() - began:.0f} s; the slowest took {slowest.seconds:.2f} s "
        f"({slowest.reader}, number {slowest.number}), the largest {largest.memory / 2**20:.0f} MB "
        f"({largest.reader}, number {largest.number})"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(list(map(asdict, told)), indent=1))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
