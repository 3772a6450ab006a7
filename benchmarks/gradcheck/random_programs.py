"""Random programs in many styles, right ones and ones with a mistake that changes the gradient: what is said of them?

    python benchmarks/gradcheck/random_programs.py --count 1000 --jobs 2 --out runs/random-programs

Needs ``pip install '.[test]'``. A number makes a program (tests/support/random_programs), and central differences of
our own say whether it is right. Each is checked as a file that is handed in by itself. What came of each is kept below
``--out``, with the text of those that were not judged rightly: the same command goes on from there, and ``--first 17
--count 1`` looks at a single one. The exit code is 1 where a right program is called wrong, or a wrong one right.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from chainrule.files import write_text  # noqa: E402
from chainrule.gradcheck.files.conditions import Conditions  # noqa: E402
from chainrule.gradcheck.files.submissions import SubmissionRow, rows  # noqa: E402
from chainrule.gradcheck.folder.entries import submissions  # noqa: E402
from chainrule.gradcheck.sandbox.process import Limits  # noqa: E402
from chainrule.work.executors import Failure  # noqa: E402
from chainrule.work.processes import processes  # noqa: E402
from support.random_programs.program import random_program  # noqa: E402

MOST_REASONS, WIDEST_SAID = 20, 150
WORST_FIRST = ("wrong", "suspect", "not checked", "did not run", "left out", "right")


@dataclass(frozen=True)
class Record:
    """What came of one program.

    Attributes:
        number, wrong: which one.
        design: what it is, in words.
        mistake, mistaken_line: what is wrong with it, and where; empty and 0 where it is right.
        outcome: the checker's.
        cause, line, said: what it names first; why it could not check it.
        seconds: that the check took.
    """

    number: int
    wrong: bool
    design: str
    mistake: str
    mistaken_line: int
    outcome: str
    cause: str
    line: str
    said: str
    seconds: float

    @property
    def name(self) -> str:
        return f"{'wrong' if self.wrong else 'right'}-{self.number:05}"

    @property
    def judged(self) -> str:
        """The column of the table."""
        if self.outcome in ("not checked", "did not run", "left out"):
            return "refused"
        if self.outcome == "right":
            return "missed" if self.wrong else "right"
        return "found" if self.wrong else "false alarms"


def checked(task: tuple[int, bool], out: Path, conditions: Conditions) -> Record:
    """Make a program, check it, keep what came of it."""
    number, wrong = task
    program = random_program(number, wrong=wrong)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "net.py").write_text(program.text)
        started = time.perf_counter()
        every = [row for each in submissions(Path(folder)) for row in rows(each, conditions, Path(folder))]
        seconds = time.perf_counter() - started
    row = worst(every)
    record = Record(number, wrong, program.design.words, program.mistake, program.line, row.outcome, row.cause,
                    row.line, row.words, round(seconds, 3))  # fmt: skip
    if record.judged not in ("right", "found"):
        write_text(out / "texts" / f"{record.name}.py", program.text)
    write_text(out / "records" / f"{record.name}.json", json.dumps(asdict(record), indent=1) + "\n")
    return record


def worst(every: Sequence[SubmissionRow]) -> SubmissionRow:
    """What counts of the rows of a file."""
    return min(every, key=lambda row: WORST_FIRST.index(row.outcome))


def kept(out: Path) -> dict[tuple[int, bool], Record]:
    """What is known from before."""
    records = (Record(**json.loads(path.read_text())) for path in sorted((out / "records").glob("*.json")))
    return {(record.number, record.wrong): record for record in records}


def summary(records: Sequence[Record]) -> Iterable[str]:
    """The table, then what went wrong, one by one."""
    for wrong, columns in (
        (False, ("right", "false alarms", "refused")),
        (True, ("found", "missed", "refused")),
    ):
        group = [record for record in records if record.wrong == wrong]
        counts = Counter(record.judged for record in group)
        if group:
            times = f"median {statistics.median(record.seconds for record in group):.2f} s"
            shares = ", ".join(f"{name} {counts[name]}" for name in columns)
            yield f"{'wrong' if wrong else 'right'} programs {len(group)}: {shares}; {times}"
    explained = [record for record in records if record.judged == "found" and record.cause]
    if explained:
        right_lines = sum(f"line {record.mistaken_line}" in record.line for record in explained)
        yield f"of {len(explained)} explained, the line is right in {right_lines}"
    for record in records:
        if record.judged in ("false alarms", "missed"):
            what = f"{record.mistake} in line {record.mistaken_line}, " * record.wrong
            yield f"{record.judged}: {record.name}: {what}{record.design}; {record.cause} {record.said}"
    reasons = Counter(record.said[:WIDEST_SAID] for record in records if record.judged == "refused")
    yield from (f"refused {count}: {said}" for said, count in reasons.most_common(MOST_REASONS))


def main() -> int:
    """Check what is not known, print all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1000, help="programs of each kind")
    parser.add_argument("--first", type=int, default=0, help="the first number")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--time", type=float, default=30.0, help="the limit for each, in seconds")
    parser.add_argument("--explain", action="store_true", help="look for causes and lines too")
    parser.add_argument("--out", type=Path, default=Path("runs/random-programs"))
    arguments = parser.parse_args()
    conditions = Conditions(Limits(arguments.time), untrusted=False, explained=arguments.explain)
    numbers = range(arguments.first, arguments.first + arguments.count)
    tasks = [(number, wrong) for number in numbers for wrong in (False, True)]
    known = kept(arguments.out)
    new = [task for task in tasks if task not in known]
    with processes(arguments.jobs) as workers:
        work = functools.partial(checked, out=arguments.out, conditions=conditions)
        for place, result in workers.run(work, new, lambda: None):
            if isinstance(result, Failure):
                raise SystemExit(f"{new[place]}: {result.why}")
            known[new[place]] = result
    records = [known[task] for task in tasks]
    print("\n".join(summary(records)))
    return int(any(record.judged in ("false alarms", "missed") for record in records))


if __name__ == "__main__":
    raise SystemExit(main())
