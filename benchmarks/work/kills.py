"""Kills at random moments of train, search, reproduce and import, drivers and workers: what comes of it?

    python benchmarks/work/kills.py --kills 50

Needs ``pip install '.[test]'`` and Linux; on two idle cores, ten seconds a kill. Half of the moments are times since
the start, half are changes of a file; 7 kills of 10 are SIGKILL, the rest are polite. Where the command does not go on
by itself it runs again. What is there then must equal, byte for byte, what is there when nobody is killed (but for the
journal of a search, which holds times), and nothing else may be left: no file, no process, nothing in shared memory.
Exit code 1 where it is not so.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from numpy.random import default_rng  # noqa: E402

from support.killed import Ending, Moment, killed, moment, undisturbed  # noqa: E402
from support.killed_commands import COMMANDS  # noqa: E402

HEAD = (
    "command",
    "trials",
    "driver killed",
    "worker killed",
    "ran again",
    "equal to the bit",
    "nothing left",
)


@dataclass(frozen=True)
class Trial:
    """When who was to die, and what became of it."""

    moment: Moment
    ending: Ending

    @property
    def is_right(self) -> bool:
        """Whether all is as if nothing had been."""
        return not self.ending.unequal and not self.ending.left


def trials(name: str, kills: int, seed: int) -> Iterator[Trial]:
    """Trials of a command until so many have killed somebody; twice as many at most, as a command may be quicker."""
    command = COMMANDS[name]
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        usual = undisturbed(command, Path(folder) / "undisturbed")
        print(f"{name}: undisturbed {usual.seconds:.1f} s, {len(usual.files)} files", flush=True)
        hits = 0
        for number in range(2 * kills):
            if hits == kills:
                return
            chosen = moment(command, usual, default_rng([seed, zlib.crc32(name.encode()), number]))
            trial = Trial(chosen, killed(command, usual, chosen, Path(folder) / str(number)))
            hits += trial.ending.hit
            yield trial


def told(number: int, trial: Trial) -> str:
    """A line for a trial, and one for each thing that went wrong."""
    what = "killed" if trial.ending.hit else "too quick"
    wrong = (*trial.ending.unequal, *(f"left behind: {path}" for path in trial.ending.left))
    return "\n    ".join([f"  {number}: {trial.moment}: {what}", *wrong])


def row(name: str, ended: list[Trial]) -> tuple[str, ...]:
    """What became of the trials of a command."""
    killed_ones = [trial.moment.role for trial in ended if trial.ending.hit]
    counts = (
        len(ended), killed_ones.count("driver"), killed_ones.count("worker"),
        sum(trial.ending.resumed for trial in ended), sum(not trial.ending.unequal for trial in ended),
        sum(not trial.ending.left for trial in ended),
    )  # fmt: skip
    return name, *map(str, counts)


def main() -> int:
    """Kill, print; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="in all, the same number of each command")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    options = parser.parse_args()
    # A shell that starts this in the background lets it ignore Ctrl-C, and all that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    start, everything = time.perf_counter(), dict[str, list[Trial]]()
    for name in options.commands:
        everything[name] = []
        for trial in trials(name, -(-options.kills // len(options.commands)), options.seed):
            print(told(len(everything[name]), trial), flush=True)
            everything[name].append(trial)
    for cells in (HEAD, *(row(name, ended) for name, ended in everything.items())):
        print("".join(f"{cell:>18}" for cell in cells))
    wrong = sum(not trial.is_right for ended in everything.values() for trial in ended)
    print(f"{wrong} trials went wrong; {time.perf_counter() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
