"""How many wrong programs get a repair, how soon, and whether every one that is shown is right.

    python benchmarks/gradcheck/repairs.py --twins 60 --right 30
    python benchmarks/gradcheck/repairs.py svenska --out repairs.jsonl
    python benchmarks/gradcheck/repairs.py --group corpus --group corpus_pairs --twins 40 --right 20
    python benchmarks/gradcheck/repairs.py --group random --twins 40 --right 100

Needs ``pip install '.[test]'``. The programs are those of tests/support/styles, drawn evenly from their groups. A
repair is held against the right program of which the wrong one is a twin: at parameters of their own, with other
numbers of samples, both must give the same gradients. Those of the groups ``corpus`` and ``corpus_pairs`` are
tests/support/corpus, with one bug and with two, called from Python; those of ``random`` tests/support/random_programs,
by their numbers. A repair of theirs is held against central differences on nets of other sizes. With ``--out`` each run
is written as soon as it is done, and the same command again goes on where it was stopped. The exit code is 1 where one
that is shown does not hold, or a right program gets one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

import chainrule.gradcheck.check as checking
from chainrule.errors import CheckError
from chainrule.files import write_text
from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.program.applied_edits import applied
from chainrule.gradcheck.repair.search import repaired
from chainrule.gradcheck.result import Repair
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.staging import sources_root
from support.corpus.mutation import SHAPES, Mutation, seeded
from support.corpus.repairing import holds, on_a_broken_line, with_repairs
from support.corpus.right import right_program
from support.corpus.truth import is_wrong
from support.corpus.wrong import SEVERAL, WRONG
from support.random_programs import repairing as of_random
from support.random_programs.program import random_program
from support.styles import repairing as of_styles
from support.styles.table import GROUPS, StyleProgram, Twin, programs

SOON = 10
CORPUS: dict[str, tuple[Mutation, ...]] = {"corpus": WRONG, "corpus_pairs": SEVERAL}
RANDOM = "random"
_FILE = "net.py"

Held = Callable[[int, Repair], bool | None]
"""Says whether a repair of the gradient of some place in a file is right; None where it cannot be told."""


@dataclass
class Run:
    """What came of one program.

    Attributes:
        name: the program, and the twin.
        outcome: repaired, not repaired, called right, not checked.
        cause: that was named first.
        right: whether every repair that is shown is; None where they could not be held against the right program.
        where: whether a repair stands on the line that was broken.
        seconds: that the search took, beyond the check; of the corpus, those of the processor.
        patch: the first repair.
        said: why there is none.
    """

    name: str
    outcome: str
    cause: str = ""
    right: bool | None = None
    where: bool = False
    seconds: float = 0.0
    patch: str = ""
    said: str = ""


_TOOK: list[tuple[float, float]] = []
"""Of each search the seconds, and how many of them the processor gave to this process."""


def _timed(*given: Any) -> Any:
    started, processor = time.perf_counter(), time.process_time()
    try:
        return repaired(*given)
    finally:
        _TOOK.append((time.perf_counter() - started, time.process_time() - processor))


def of_style(name: str, program: StyleProgram, folder: Path, twin: Twin | None, seconds: float) -> Run:
    """Check a program, or a twin of it, with repairs."""
    path = program.wrong(folder, twin) if twin else program.right(folder)
    held = partial(of_styles.holds, program, path, folder) if twin else None
    return of_file(name, path, seconds, held, program.places(twin) if twin else set())


def random_run(name: str, number: int, folder: Path, seconds: float, *, wrong: bool) -> Run:
    """Check a random program with repairs."""
    program, path = random_program(number, wrong=wrong), folder / name / _FILE
    path.parent.mkdir()
    path.write_text(program.text)

    def held(_: int, repair: Repair) -> bool:
        return of_random.holds(program, applied(program.text, repair.edits) or "")

    return of_file(name, path, seconds, held if wrong else None, {f"{_FILE}, line {program.line}"})


def of_file(name: str, path: Path, seconds: float, held: Held | None, places: set[str]) -> Run:
    """Check a file with repairs.

    Args:
        held: what says whether a repair is right; None of a right file.
        places: where it was broken.
    """
    _TOOK.clear()
    try:
        conditions = Conditions(Limits(seconds), untrusted=False, repaired=True)
        found = check_file(path, conditions, sources_root(path.resolve()))
    except CheckError as error:
        return Run(name, "not checked", said=str(error))
    wrong = [
        (row.number - 1, row.check) for row in found.rows if row.check is not None and not row.check.right
    ]
    repairs = [(place, repair) for place, check in wrong for repair in check.repairs]
    took = sum(seconds for seconds, _ in _TOOK)
    cause = next((cause.name for _, check in wrong for cause in check.causes), "")
    if not repairs:
        said = "; ".join(check.unrepaired or f"undone {check.undone}" for _, check in wrong)
        return Run(name, "not repaired" if wrong else "called right", cause, seconds=took, said=said)
    judged = [held(*repair) for repair in repairs] if held else []
    where = any(str(line) in places for _, repair in repairs for line in repair.lines)
    right = False if False in judged else True if True in judged else None
    return Run(name, "repaired", cause, right, where, took, repairs[0][1].patch)


def drawn(every: Sequence[Any], count: int) -> list[Any]:
    """So many of them, evenly."""
    if count >= len(every):
        return list(every)
    return [every[int(place * len(every) / count)] for place in range(count)]


def corpus_run(mutation: Mutation) -> Run:
    """Check a wrong program of the corpus, with repairs, on the first net on which it is wrong."""
    shapes = (shape for shape in SHAPES[mutation.base] if mutation.shows(shape))
    nets = (seeded(mutation.base, shape, seed) for shape in shapes for seed in range(3))
    net = next(net for net in nets if is_wrong(mutation, net))
    _TOOK.clear()
    try:
        check = with_repairs(mutation, net)
    except CheckError as error:
        return Run(mutation.name, "not checked", said=str(error))
    # All of it is in this process: other work does not count.
    took, cause = sum(processor for _, processor in _TOOK), next((cause.name for cause in check.causes), "")
    if not check.repairs:
        outcome = "called right" if check.right else "not repaired"
        return Run(mutation.name, outcome, cause, seconds=took, said=check.unrepaired)
    right = all(holds(mutation, repair) for repair in check.repairs)
    where = any(on_a_broken_line(mutation, repair) for repair in check.repairs)
    return Run(mutation.name, "repaired", cause, right, where, took, check.repairs[0].patch)


def corpus_right_run(seed: int) -> Run:
    """Check a right program of the corpus, with repairs."""
    name, (_, program) = f"seed {seed}, right", right_program(seed)
    functions = program["cost"], program["gradient"]
    try:
        check = check_gradient(*functions, program["parameters"], *program["data"], repair=True)
    except CheckError as error:
        return Run(name, "not checked", said=str(error))
    patch = check.repairs[0].patch if check.repairs else ""
    return Run(name, "repaired" if patch else "called right", patch=patch)


def cases(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Callable[[], Run]]]:
    """What is checked, each with its name."""
    groups = arguments.group or GROUPS
    for name, wrong in CORPUS.items():
        if name in groups:
            of_corpus = [m for m in wrong if not arguments.names or m.name in arguments.names]
            yield from ((m.name, partial(corpus_run, m)) for m in drawn(of_corpus, arguments.twins))
    if "corpus" in groups:
        yield from (
            (f"seed {seed}, right", partial(corpus_right_run, seed)) for seed in range(arguments.right)
        )
    if RANDOM in groups:
        numbers = [(number, True) for number in range(arguments.twins)]
        for number, wrong in (*numbers, *((number, False) for number in range(arguments.right))):
            name = f"{RANDOM} {number}, {'wrong' if wrong else 'right'}"
            yield name, partial(random_run, name, number, folder, arguments.time, wrong=wrong)
    every = [p for group in groups if group in GROUPS for p in programs(group)]
    every = [p for p in every if not arguments.names or p.name in arguments.names]
    twins = [(program, twin) for program in every for twin in program.twins]
    right = [(program, None) for program in drawn(every, arguments.right)]
    for program, twin in (*drawn(twins, arguments.twins), *right):
        number = f"twin {program.twins.index(twin) + 1}" if twin else "right"
        name = f"{program.group} {program.name}, {number}"
        yield name, partial(of_style, name, program, folder, twin, arguments.time)


def read(out: Path | None) -> dict[str, Run]:
    """The runs that were written, by name; a line that was cut off is run again."""
    found: dict[str, Run] = {}
    for line in out.read_text().splitlines() if out and out.exists() else ():
        with contextlib.suppress(ValueError):
            each = Run(**json.loads(line))
            found[each.name] = each
    return found


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="programs; all by default")
    parser.add_argument("--group", action="append", choices=(*GROUPS, *CORPUS, RANDOM))
    parser.add_argument("--twins", type=int, default=60)
    parser.add_argument("--right", type=int, default=0)
    parser.add_argument("--time", type=float, default=60.0)
    parser.add_argument("--out", type=Path, help="runs, a line of JSON each")
    arguments = parser.parse_args()
    checking.repaired = _timed
    warnings.simplefilter("ignore")
    done, runs = read(arguments.out), list[Run]()
    if arguments.out:
        write_text(arguments.out, "".join(json.dumps(asdict(each)) + "\n" for each in done.values()))
    with tempfile.TemporaryDirectory() as folder:
        for name, case in cases(arguments, Path(folder).resolve()):
            each = done.get(name) or case()
            runs.append(each)
            if arguments.out and name not in done:
                with arguments.out.open("a") as file:
                    print(json.dumps(asdict(each)), file=file)
            took = f"{each.seconds:.1f} s, right {each.right} {each.said}"
            print(f"{each.name}: {each.outcome}, {each.cause}, {took}", flush=True)
    twins = [each for each in runs if not each.name.endswith("right")]
    mended = [each for each in twins if each.outcome == "repaired"]
    false = [each.name for each in runs if each.right is False or (each not in twins and each.patch)]
    if twins:
        print(
            f"repaired {len(mended)} of {len(twins)}; on the broken line {sum(each.where for each in mended)}"
        )
        soon = sum(each.seconds <= SOON for each in mended)
        median = statistics.median(each.seconds for each in twins)
        print(f"median {median:.1f} s beyond the check; within {SOON} s {soon}")
    print(
        f"held against the right program {sum(each.right is not None for each in mended)}; wrong: {false or 'none'}"
    )
    return int(bool(false))


if __name__ == "__main__":
    raise SystemExit(main())
