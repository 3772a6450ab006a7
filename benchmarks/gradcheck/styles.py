"""Programs as strangers write them, and wrong twins of each: is the verdict right, the cause, the line, and how soon?

    python benchmarks/gradcheck/styles.py --jobs 2 --json styles.json
    python benchmarks/gradcheck/styles.py svenska handed_on
    python benchmarks/gradcheck/styles.py --pairs --group layers_ours

Needs ``pip install '.[test]'``. The programs are those of tests/support/styles, each checked by the command as it is;
``ours`` and ``fresh`` ones, which were written without sight of the checker, are counted apart. With ``--pairs``, two
twins of each program that can be checked stand in one file, neither hiding the other, and what counts is whether the
lines of both are said. The exit code is 1 where a verdict is not right.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.styles.judging import Judged, figures, judge
from support.styles.table import GROUPS, StyleProgram, programs

WIDEST_SAID = 150


def counted(words: str, flags: Sequence[bool]) -> str:
    """How many are what."""
    return f"{words} {sum(flags)} of {len(flags)}"


def median_seconds(runs: Sequence[Judged]) -> str:
    """What one takes."""
    if not runs:
        return "-"
    wall, processor = (
        statistics.median(values)
        for values in ([run.seconds for run in runs], [run.processor for run in runs])
    )
    return f"{wall:.1f} s ({processor:.1f} of processors)"


def summary(group: str, runs: Sequence[Judged]) -> str:
    """A group in a line."""
    right, twins = ([run for run in runs if bool(run.twins) == wrong] for wrong in (False, True))
    seconds = [median_seconds(each) for each in (right, twins)]
    return (
        f"{group}: "
        + counted("right ones called right", [run.verdict_right for run in right])
        + counted(", twins found", [run.verdict_right for run in twins])
        + counted(", named first", [run.cause_right for run in twins])
        + counted(", line", [run.line_right for run in twins])
        + f"; medians {seconds[0]} and {seconds[1]}"
    )


def summary_of_pairs(group: str, runs: Sequence[Judged]) -> str:
    """A group's pairs of twins in a line."""
    said = [run.lines_said for run in runs]
    return (
        f"{group}: "
        + counted("pairs found", [run.verdict_right for run in runs])
        + counted(", lines of both said", [number == 2 for number in said])
        + counted(", of one", [number == 1 for number in said])
        + f"; median {median_seconds(runs)}"
    )


def told(run: Judged) -> str:
    """A program in a line."""
    marks = "yes" if run.verdict_right else "NO"
    if run.twins:
        lines = f"{run.lines_said} of 2" if len(run.twins) > 1 else "yes" if run.line_right else "NO"
        marks += f"  {'yes' if run.cause_right else 'NO':5}{lines:5}"
    well = run.verdict_right and run.lines_said == len(run.twins) and (run.cause_right or not run.twins)
    return f"{run.words:48}{run.verdict:12}{run.seconds:6.1f} s  {marks:12}{'' if well else _why(run)}"


def _why(run: Judged) -> str:
    named = ", ".join(filter(None, (run.cause, *sorted(run.every_place))))
    return f"{named} {run.said}".replace("\n", "; ").strip()[:WIDEST_SAID]


def judged_pair(program: StyleProgram, folder: Path, seconds: float) -> Judged | None:
    """The first two twins that can be checked in one file, of which neither hides the other; None where there are no
    such."""
    for number, pair in enumerate(program.pairs()):
        tries = [folder / f"{program.group}-{number}-{which}" for which in ("both", "first", "second")]
        copies = zip(tries, (pair, pair[:1], pair[1:]), strict=True)
        both, *each = (figures(program.wrong(own, *twins), seconds) for own, twins in copies)
        if both and both not in each:
            return judge(program, folder, *pair, seconds=seconds)
    return None


def main() -> int:
    """Check all, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only these programs")
    parser.add_argument("--group", action="append", choices=GROUPS, help="only these; may be given again")
    parser.add_argument(
        "--pairs", action="store_true", help="the first two twins of each that go together, in one file"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--time", type=float, default=60.0, help="the limit for each, in seconds")
    parser.add_argument("--json", type=Path, help="also write everything there")
    arguments = parser.parse_args()
    chosen = programs(*(arguments.group or ()))
    chosen = [each for each in chosen if not arguments.names or each.name in arguments.names]
    tasks = [(program, twins) for program in chosen for twins in ((), *((twin,) for twin in program.twins))]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        if arguments.pairs:
            futures = [pool.submit(judged_pair, each, Path(folder), arguments.time) for each in chosen]
        else:
            futures = [
                pool.submit(judge, program, Path(folder), *twins, seconds=arguments.time)
                for program, twins in tasks
            ]
        print(f"{'':48}{'verdict':12}{'time':>8}  right, cause, line")
        runs = []
        for future in futures:
            if (run := future.result()) is not None:
                runs.append(run)
                print(told(run), flush=True)
    for group in dict.fromkeys(run.program.group for run in runs):
        in_a_line = summary_of_pairs if arguments.pairs else summary
        print(in_a_line(group, [run for run in runs if run.program.group == group]))
    if arguments.json:
        every = [
            {
                "program": run.words, "verdict": run.verdict, "verdict_right": run.verdict_right, "cause": run.cause,
                "cause_right": run.cause_right, "place": run.place, "line_right": run.line_right,
                "lines_said": run.lines_said, "said": run.said, "seconds": round(run.seconds, 3),
                "processor": round(run.processor, 3),
            }
            for run in runs
        ]  # fmt: skip
        arguments.json.write_text(json.dumps(every, indent=1) + "\n")
    return int(not all(run.verdict_right for run in runs))


if __name__ == "__main__":
    raise SystemExit(main())
