"""Programs as strangers write them, and wrong twins of each: is the verdict right, the cause, the line, and how soon?

    python benchmarks/gradcheck/styles.py --jobs 2 --json styles.json
    python benchmarks/gradcheck/styles.py svenska handed_on

Needs ``pip install '.[test]'``. The programs are those of tests/support/styles, each checked by the command as it is;
``ours`` and ``fresh`` ones, which were written without sight of the checker, are counted apart. The exit code is 1
where a verdict is not right.
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

from support.styles.judging import Judged, judge
from support.styles.table import GROUPS, programs

WIDEST_SAID = 150


def counted(words: str, flags: Sequence[bool]) -> str:
    """How many are what."""
    return f"{words} {sum(flags)} of {len(flags)}"


def summary(group: str, runs: Sequence[Judged]) -> str:
    """A group in a line."""
    right, twins = ([run for run in runs if bool(run.twin) == wrong] for wrong in (False, True))
    seconds = [f"{statistics.median(run.seconds for run in each):.1f}" for each in (right, twins)]
    return (
        f"{group}: "
        + counted("right ones called right", [run.verdict_right for run in right])
        + counted(", twins found", [run.verdict_right for run in twins])
        + counted(", named first", [run.cause_right for run in twins])
        + counted(", line", [run.line_right for run in twins])
        + f"; medians {seconds[0]} s and {seconds[1]} s"
    )


def told(run: Judged) -> str:
    """A program in a line."""
    marks = "yes" if run.verdict_right else "NO"
    if run.twin:
        marks += f"  {'yes' if run.cause_right else 'NO':5}{'yes' if run.line_right else 'NO':5}"
    said = "" if run.verdict_right and (not run.twin or (run.cause_right and run.line_right)) else _why(run)
    return f"{run.words:38}{run.verdict:12}{run.seconds:6.1f} s  {marks:12}{said}"


def _why(run: Judged) -> str:
    named = ", ".join(filter(None, (run.cause, run.place)))
    return f"{named} {run.said}".replace("\n", "; ").strip()[:WIDEST_SAID]


def main() -> int:
    """Check all, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="only these programs")
    parser.add_argument("--group", choices=GROUPS, help="only these")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--time", type=float, default=60.0, help="the limit for each, in seconds")
    parser.add_argument("--json", type=Path, help="also write everything there")
    arguments = parser.parse_args()
    chosen = programs(*([arguments.group] if arguments.group else []))
    chosen = [each for each in chosen if not arguments.names or each.name in arguments.names]
    tasks = [(program, twin) for program in chosen for twin in (None, *program.twins)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(arguments.jobs) as pool:
        futures = [
            pool.submit(judge, program, Path(folder), twin, seconds=arguments.time) for program, twin in tasks
        ]
        print(f"{'':38}{'verdict':12}{'time':>8}  right, cause, line")
        runs = []
        for future in futures:
            runs.append(future.result())
            print(told(runs[-1]), flush=True)
    for group in dict.fromkeys(run.program.group for run in runs):
        print(summary(group, [run for run in runs if run.program.group == group]))
    if arguments.json:
        every = [
            {
                "program": run.words, "verdict": run.verdict, "verdict_right": run.verdict_right, "cause": run.cause,
                "cause_right": run.cause_right, "place": run.place, "line_right": run.line_right, "said": run.said,
                "seconds": round(run.seconds, 3),
            }
            for run in runs
        ]  # fmt: skip
        arguments.json.write_text(json.dumps(every, indent=1) + "\n")
    return int(not all(run.verdict_right for run in runs))


if __name__ == "__main__":
    raise SystemExit(main())
