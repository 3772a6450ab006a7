"""Score a checker on the benchmark.

    python -m wrong_backward_passes.score --part public --out runs/wrong.jsonl -- COMMAND {file}

COMMAND is run on every program, which lies alone and under a neutral name; it is given ``{file}`` and, where it asks
for it, ``{case}`` (a checker that is told the functions and data) and ``{id}`` (answers that lie in files). The
last line that it prints is its answer, in JSON: the card says what is in it. The same command again goes on where it
was stopped. At the end, and with ``--table`` alone of what is there, a table is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .answers import Answer, answer
from .confined import ran
from .index import PARTS, Entry, entries
from .patches import verified
from .tables import Row, table


@dataclass(frozen=True)
class Task:
    """A program to be judged: a wrong one, or the right one of an entry."""

    entry: Entry
    is_wrong: bool

    @property
    def id(self) -> str:
        return self.entry.id if self.is_wrong else f"{self.entry.right.parent.name}-right"

    @property
    def file(self) -> Path:
        return self.entry.wrong if self.is_wrong else self.entry.right


def tasks(part: str) -> list[Task]:
    """Every program of a part once, the right ones before the wrong ones made from them."""
    found: dict[str, Task] = {}
    for entry in entries(part):
        for task in (Task(entry, False), Task(entry, True)):
            found.setdefault(task.id, task)
    return list(found.values())


def judged(task: Task, command: list[str], seconds: float) -> Row:
    """What a command says of a program, held against what is so."""
    with tempfile.TemporaryDirectory(prefix="wrong-backward-") as folder:
        file = Path(folder, "program.py")
        shutil.copyfile(task.file, file)
        given = {"{file}": str(file), "{case}": str(task.entry.case), "{id}": task.id}
        done = ran([given.get(word, word) for word in command], seconds)
    try:
        if done.code is None:
            raise ValueError(f"not done within {seconds:g} s")
        said = answer(done.stdout)
    except ValueError as problem:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        return _row(
            task, Answer("unknown"), [], done.seconds, "; ".join(filter(None, [str(problem), last[:200]]))
        )
    return _row(task, said, verified(said, task.file, task.entry, seconds), done.seconds)


def _row(task: Task, said: Answer, patches: list[bool], seconds: float, problem: str = "") -> Row:
    bugs = task.entry.bugs
    says = task.is_wrong and said.verdict == "wrong"
    named, located = says and said.names(bugs), says and said.locates(bugs)
    level = task.entry.level
    return Row(
        task.id, level, task.is_wrong, said.verdict, named, located, patches, round(seconds, 3), problem
    )


def head(part: str, command: list[str]) -> dict[str, object]:
    """What the results of a file have in common, so that those of another run are not mixed in."""
    digest = hashlib.sha256()
    for entry in entries(part):
        digest.update(repr((entry.id, entry.level, entry.bugs)).encode())
        for file in (entry.wrong, entry.right, entry.case):
            digest.update(file.read_bytes())
    return {"part": part, "command": command, "programs": digest.hexdigest()[:16]}


def read(out: Path, expected: dict[str, object] | None) -> list[Row]:
    """The rows that a file has; a line cut off in the middle is judged again. Another run's file is refused."""
    if not out.exists():
        return []
    first, *rest = out.read_text().splitlines() or ["{}"]
    if expected is not None and json.loads(first) != expected:
        raise SystemExit(
            f"{out}: the results of another command, part or version of the programs; give another --out"
        )
    return list(_rows(rest))


def _rows(lines: list[str]) -> Iterator[Row]:
    for line in lines:
        try:
            yield Row(**json.loads(line))
        except ValueError:
            return


def write(out: Path, first: dict[str, object], rows: list[Row]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(each) + "\n" for each in [first, *map(asdict, rows)]))


def run(part: str, command: list[str], out: Path, seconds: float) -> list[Row]:
    """Judge what is not judged yet; every row is written as soon as it is there."""
    first = head(part, command)
    rows = read(out, first)
    write(out, first, rows)
    done = {row.id for row in rows}
    left = [task for task in tasks(part) if task.id not in done]
    with out.open("a") as file:
        for number, task in enumerate(left, 1):
            row = judged(task, command, seconds)
            rows.append(row)
            print(json.dumps(asdict(row)), file=file, flush=True)
            said = f"{row.verdict}{f' ({row.problem})' if row.problem else ''}"
            print(f"{number}/{len(left)} {row.id}: {said}, {row.seconds:.1f} s", file=sys.stderr)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, default="public", help="held_out only to score a release")
    parser.add_argument("--out", type=Path, required=True, help="results, a line of JSON a program")
    parser.add_argument("--time", type=float, default=120, metavar="SECONDS", help="for each program")
    parser.add_argument("--table", action="store_true", help="judge nothing, print what is there")
    parser.add_argument("command", nargs="*", help="with {file}, after --")
    arguments = parser.parse_args()
    if not arguments.table and "{file}" not in arguments.command and "{id}" not in arguments.command:
        parser.error("say after -- which command is scored, with {file} for the program: -- mychecker {file}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        rows = read(arguments.out, None) if arguments.table else run(*_what(arguments))
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on with {arguments.out}", file=sys.stderr)
        raise SystemExit(130) from None
    print(table(rows))


def _what(arguments: argparse.Namespace) -> tuple[str, list[str], Path, float]:
    return arguments.part, arguments.command, arguments.out, arguments.time


if __name__ == "__main__":
    main()
