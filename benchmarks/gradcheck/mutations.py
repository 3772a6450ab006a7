"""How well the checker finds and names bugs: wrong programs x seeds x shapes, and right nets for false alarms.

    python benchmarks/gradcheck/mutations.py --seeds 20 --correct 2000 --jobs 2 --json mutations.json

Needs ``pip install '.[test]'``. The corpus is tests/support/corpus: programs/ as students write them, wrong/ what is
wrong with them. A cause is right when it comes first, alone or among causes that the checker itself calls ties.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from loky import ProcessPoolExecutor  # noqa: E402

from support.corpus.hidden import hidden_runs  # noqa: E402
from support.corpus.mutation import SHAPES, Mutation, seeded  # noqa: E402
from support.corpus.right import OTHER_NETS, USUAL_NETS  # noqa: E402
from support.corpus.scoring import Run, false_alarm, judge  # noqa: E402
from support.corpus.truth import is_wrong  # noqa: E402
from support.corpus.wrong import SEVERAL, WRONG  # noqa: E402

COLUMNS = (("programs", 9), ("runs", 7), ("found", 8), ("cause", 8), ("by tie", 8), ("line", 8), ("s/run", 7))
HEAD = "cause".ljust(32) + "".join(name.rjust(width) for name, width in COLUMNS) + "  named instead"


def one_program(mutation: Mutation, seeds: Sequence[int]) -> list[Run]:
    """Every run of one wrong program, but those where a net happens to hide the bug (no score below 0 to clip)."""
    warnings.simplefilter("ignore")
    shapes = [shape for shape in SHAPES[mutation.base] if mutation.shows(shape)]
    nets = ((seed, shape, seeded(mutation.base, shape, seed)) for seed in seeds for shape in shapes)
    return [judge(mutation, net, seed) for seed, _, net in nets if is_wrong(mutation, net)]


def some_hidden(seed: int) -> list[Run]:
    """The wrong programs on nets that hide their bugs."""
    warnings.simplefilter("ignore")
    return [judge(mutation, net, seed) for mutation, net in hidden_runs(seed)]


def some_right(seeds: Sequence[int]) -> list[str]:
    """The false alarms among these right programs."""
    warnings.simplefilter("ignore")
    every = ((seed, bases) for bases in (USUAL_NETS, OTHER_NETS) for seed in seeds)
    return [alarm for seed, bases in every if (alarm := false_alarm(seed, bases)) is not None]


def share(flags: Iterable[bool | None]) -> str:
    """A percentage of those that are asked for; a dash for none."""
    asked = [flag for flag in flags if flag is not None]
    return f"{100 * sum(asked) / len(asked):.1f}%" if asked else "-"


def row(name: str, runs: Sequence[Run]) -> str:
    """One line of the table."""
    instead = Counter(run.named[0][:60] if run.named else run.verdict for run in runs if not run.cause_right)
    return (
        f"{name:32}{len({run.program for run in runs}):9}{len(runs):7}{share(run.found for run in runs):>8}"
        f"{share(run.cause_right for run in runs):>8}{share(run.by_tie for run in runs):>8}"
        f"{share(run.line_right for run in runs):>8}{sum(run.seconds for run in runs) / len(runs):7.2f}  "
        + ", ".join(f"{what} {count}" for what, count in instead.most_common(3))
    )


def grouped(runs: Iterable[Run], key: str) -> dict[str, list[Run]]:
    """Runs by cause or by program."""
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        groups[" or ".join(run.accepted) if key == "cause" else run.program].append(run)
    return groups


def print_runs(runs: Sequence[Run]) -> None:
    """By cause, all together, and every program of which some run went wrong."""
    print(HEAD)
    for cause, group in sorted(grouped(runs, "cause").items()):
        print(row(cause, group))
    print(row("all", runs))
    print("\nprograms with a run that went wrong (missed, another cause, another line)")
    for program, group in sorted(grouped(runs, "program").items()):
        if any(not run.found or not run.cause_right or run.line_right is False for run in group):
            lines = Counter(run.line for run in group if run.line_right is False)
            elsewhere = f"; lines {dict(lines)} for {group[0].lines}" if lines else ""
            missed = Counter(run.shape for run in group if not run.found)
            print(f"{row(program, group)}{elsewhere}{f'; missed on {dict(missed)}' if missed else ''}")


def print_several(runs: Sequence[Run]) -> None:
    """Programs with two bugs."""
    print("\ntwo bugs at once: runs, found, both named, what was named else")
    for program, group in sorted(grouped(runs, "program").items()):
        said = Counter("+".join(run.every) for run in group if not run.all_named)
        print(
            f"{program:76}{len(group):5}{share(run.found for run in group):>8}"
            f"{share(run.all_named for run in group):>8}  {dict(said.most_common(2))}"
        )


def print_hidden(runs: Sequence[Run]) -> None:
    """Programs on nets that hide their bugs."""
    print(f"\nhidden at the given point (l2 = 0, gamma = 1, b = 0, N as hard-wired)\n{HEAD}")
    for program, group in sorted(grouped(runs, "program").items()):
        print(row(program, group))


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20, help="nets for each program and shape")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--programs", default="", help="only programs whose name contains this")
    parser.add_argument("--correct", type=int, default=2000, help="right nets of each kind for false alarms")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="write every run here")
    options = parser.parse_args()

    start = time.perf_counter()
    pool = ProcessPoolExecutor(options.jobs)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    chosen = [[m for m in group if options.programs in m.name] for group in (WRONG, SEVERAL)]
    futures = [[pool.submit(one_program, m, [s]) for m in group for s in seeds] for group in chosen]
    futures.append([] if options.programs else [pool.submit(some_hidden, s) for s in seeds])
    batches = (range(s, min(s + 20, options.correct)) for s in range(0, options.correct, 20))
    right = [pool.submit(some_right, batch) for batch in batches]

    tables = [[run for future in group for run in future.result()] for group in futures]
    for runs, show in zip(tables, (print_runs, print_several, print_hidden), strict=True):
        if runs:
            show(runs)
    alarms = [alarm for future in right for alarm in future.result()]
    print(f"\nright nets: {options.correct} of each kind, false alarms: {len(alarms)}")
    for alarm in alarms:
        print(f"  {alarm}")
    print(f"{time.perf_counter() - start:.0f} s with {options.jobs} processes")
    if options.json:
        kinds = ("one bug", "two bugs", "hidden")
        rows = {kind: [run.as_dict() for run in runs] for kind, runs in zip(kinds, tables, strict=True)}
        document = {"runs": rows, "correct": options.correct, "false_alarms": alarms}
        options.json.write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
