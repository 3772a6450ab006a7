"""Kills at random moments of train, search, reproduce and import, drivers and workers: what does the next run make of it?

    python benchmarks/work/kills.py --kills 50

Needs ``pip install '.[test]'`` and Linux. Half of the moments are times since the start, half are changes of a file.
After each kill the same command runs again; what is then there must equal, byte for byte, what is there when nobody is
killed (but for the journal of a search, which holds times), and nothing else may be left. Exit code 1 where it is not so.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from numpy.random import default_rng  # noqa: E402

from support.killed import COMMANDS, Ending, Moment, killed, moment, undisturbed  # noqa: E402

HEAD = f"{'command':12}{'who':8}{'signal':9}{'trials':>7}{'kills':>7}{'equal':>7}{'nothing left':>14}"


def trials(name: str, count: int, seed: int) -> list[tuple[Moment, Ending]]:
    """So many trials of a command, each printed at once with what goes wrong."""
    command, ended = COMMANDS[name], []
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        usual = undisturbed(command, Path(folder) / "undisturbed")
        print(
            f"{name}: {usual.seconds:.1f} s and {len(usual.files)} files when nobody is killed; "
            f"changes of files: {usual.changes}",
            flush=True,
        )
        for number in range(count):
            chosen = moment(command, usual, default_rng([seed, zlib.crc32(name.encode()), number]))
            ending = killed(command, usual, chosen, Path(folder) / str(number))
            print(f"  {number}: {chosen}: {'killed' if ending.hit else 'too quick'}", flush=True)
            for line in (*ending.unequal, *(f"left behind: {what}" for what in ending.left)):
                print(f"    {line}", flush=True)
            ended.append((chosen, ending))
    return ended


def rows(name: str, ended: Sequence[tuple[Moment, Ending]]) -> list[str]:
    """Of a command, a line for each way to be killed."""
    groups: dict[tuple[str, str], list[Ending]] = defaultdict(list)
    for chosen, ending in ended:
        groups[chosen.role, chosen.signal.name].append(ending)
    return [
        f"{name:12}{role:8}{how:9}{len(endings):7}{sum(ending.hit for ending in endings):7}"
        f"{sum(not ending.unequal for ending in endings):7}{sum(not ending.left for ending in endings):14}"
        for (role, how), endings in sorted(groups.items())
    ]


def main() -> int:
    """Kill, print; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50, help="trials of each command")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--commands", nargs="+", choices=COMMANDS, default=list(COMMANDS))
    options = parser.parse_args()
    start, everything = time.perf_counter(), {}
    for name in options.commands:
        everything[name] = trials(name, options.kills, options.seed)
    print(f"\n{HEAD}")
    for name, ended in everything.items():
        print("\n".join(rows(name, ended)))
    endings = [ending for ended in everything.values() for _, ending in ended]
    wrong = sum(bool(ending.unequal or ending.left) for ending in endings)
    print(
        f"{sum(ending.hit for ending in endings)} kills, {wrong} trials went wrong; {time.perf_counter() - start:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
