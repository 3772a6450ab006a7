"""A folder of small hand-ins, right, wrong and broken, checked by the command: is each a row, and how soon.

    python benchmarks/gradcheck/hand_ins.py --count 300 --jobs 2 --json hand_ins.json

Needs ``pip install '.[test]'``. The programs are those of tests/support/corpus, each with the net that it is run on
written out; as files, sub-folders with a helper, and zips. Verdicts stand when every row has one; causes and lines
follow. The same folder is checked a second time with the same command, which finds everything done.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Literal, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.corpus.mutation import PROGRAMS, SHAPES, Mutation, seeded
from support.corpus.nets import Net
from support.corpus.truth import is_wrong
from support.corpus.wrong import WRONG

Kind = Literal["right", "wrong", "broken"]
KINDS: tuple[Kind, ...] = ("right", "wrong", "broken")
SHARES = (0.45, 0.45, 0.1)
FORMS = ("file", "file", "folder", "zip")
LOOP = "while True:\n    pass\n"
BROKEN = (
    "def cost(W:\n    return 1\n",
    "import nosuchmodule\n",
    "",
    "raise ValueError('not mine')\n",
    LOOP,
    "def cost(W, x):\n    return float((W * x).sum())\n",
)
POLL_S = 0.2


class HandIn(NamedTuple):
    """What is handed in: what it is, its text, and the bug that is in it."""

    kind: Kind
    text: str
    bug: str


def adapter(net: Net, gives: tuple[str, ...]) -> str:
    """The function by which a program says how it is to be checked, with its net written out."""
    arrays = "\n".join(
        f"    net.{name} = {[a.tolist() for a in value]!r}\n    net.{name} = [np.array(a) for a in net.{name}]"
        for name, value in (("W", net.W), ("b", net.b), ("gamma", net.gamma), ("beta", net.beta))
    )
    keys = ("cost", "gradient", "parameters", "data", *gives)
    return (
        "\n\ndef chainrule_check(rng):\n    from types import SimpleNamespace as Net\n\n"
        f"    net = Net(shape=Net(l2={net.shape.l2}, loss={net.shape.loss!r}, batchnorm={net.shape.batchnorm}))\n"
        f"{arrays}\n    net.X = np.array({net.X.tolist()!r})\n    net.y = np.array({net.y.tolist()!r})\n"
        f"    net.Y = np.eye({net.shape.K})[net.y]\n"
        f"    program = build(net)\n    return {{key: program[key] for key in {keys!r}}}\n"
    )


def right(seed: int, rng: random.Random) -> HandIn:
    """A program without a mistake."""
    base = rng.choice(sorted(SHAPES))
    net = seeded(base, rng.choice(SHAPES[base]), seed)
    return HandIn("right", (PROGRAMS / f"{base}.py").read_text() + adapter(net, ()), "")


def wrong(seed: int, rng: random.Random) -> HandIn:
    """A program with one mistake that shows on its net."""
    while True:
        mutation: Mutation = rng.choice(WRONG)
        shapes = [shape for shape in SHAPES[mutation.base] if mutation.shows(shape)]
        net = seeded(mutation.base, rng.choice(shapes), seed)
        if is_wrong(mutation, net):
            return HandIn(
                "wrong", mutation.source + adapter(net, mutation.gives), " or ".join(mutation.causes)
            )


def broken(seed: int, rng: random.Random) -> HandIn:
    """A program that does not run."""
    return HandIn("broken", BROKEN[seed % len(BROKEN)], "")


MAKERS = {"right": right, "wrong": wrong, "broken": broken}


def write(folder: Path, count: int, seed: int) -> dict[str, HandIn]:
    """Write so many hand-ins into a folder; what each is, by the name of its row."""
    rng = random.Random(seed)
    written = {}
    for number in range(count):
        made = MAKERS[rng.choices(KINDS, SHARES)[0]](number, rng)
        form, name = rng.choice(FORMS), f"student{number:03}"
        if form == "file":
            name += ".py"
            (folder / name).write_text(made.text)
        else:
            place = folder / name
            place.mkdir()
            (place / "net.py").write_text(
                "import helper\n" + made.text if made.kind != "broken" else made.text
            )
            (place / "helper.py").write_text("LABELS = 'a b c'.split()\n")
            if form == "zip":
                name += ".zip"
                with zipfile.ZipFile(folder / name, "w") as archive:
                    for file in sorted(place.iterdir()):
                        archive.write(file, f"{place.name}/{file.name}")
                shutil.rmtree(place)
        written[name] = made
    return written


class Course(NamedTuple):
    """How a run of the command went.

    Attributes:
        verdicts, seconds: until every verdict stands, and until the end.
        processor: seconds of processor time that were spent until every verdict stood.
        load: the machine's mean load meanwhile, as others use it too.
    """

    verdicts: float
    seconds: float
    processor: float
    load: float


def processor_seconds(session: int) -> float:
    """What the processes of a session and their ended children have used, on Linux."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15])) if int(fields[3]) == session else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def checked(folder: Path, out: Path, arguments: argparse.Namespace) -> Course:
    """Run the command."""
    options = ["--jobs", str(arguments.jobs), "--time", str(arguments.time), "--out", str(out)]
    began = time.monotonic()
    command = [sys.executable, "-m", "chainrule", "check", str(folder), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    verdicts, processor, loads = 0.0, 0.0, []
    while process.poll() is None:
        loads.append(os.getloadavg()[0])
        if not verdicts and (out / "table.csv").exists():
            verdicts, processor = time.monotonic() - began, processor_seconds(process.pid)
        time.sleep(POLL_S)
    seconds = time.monotonic() - began
    if process.returncode not in (0, 1, 2) or not (out / "table.csv").exists():
        raise SystemExit(f"the check ended with {process.returncode}")
    return Course(verdicts or seconds, seconds, processor, sum(loads) / len(loads))


def main() -> None:
    """Write, check, count, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--time", type=float, default=60.0, help="the limit for each, in seconds")
    parser.add_argument("--keep", type=Path, help="write hand-ins and table here, and leave them")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = arguments.keep or Path(temporary)
        folder, out = place / "class", place / "out"
        folder.mkdir(parents=True)
        written = write(folder, arguments.count, arguments.seed)
        first = checked(folder, out, arguments)
        again = checked(folder, out, arguments)
        with (out / "table.csv").open(newline="") as file:
            rows = {row["submission"]: row for row in csv.DictReader(file)}
    outcomes = Counter((made.kind, rows[name]["outcome"]) for name, made in written.items() if name in rows)
    causes = [
        rows[name]["cause"] in made.bug
        for name, made in written.items()
        if made.kind == "wrong" and name in rows
    ]
    print(f"{len(rows)} rows for {len(written)} hand-ins")
    print(f"{first.verdicts:.0f} s until all verdicts stand, {arguments.count / first.verdicts:.2f} a second")
    print(f"{first.seconds:.0f} s until all is done; {again.seconds:.1f} s for the same command again")
    print(
        f"{first.processor:.0f} s of processor time for the verdicts; mean load of the machine: {first.load:.1f}"
    )
    for (kind, outcome), number in sorted(outcomes.items()):
        print(f"{kind} called {outcome}: {number}")
    print(f"first cause right: {sum(causes)} of {len(causes)}")
    if arguments.json:
        figures = {
            "rows": len(rows), "hand_ins": len(written), "jobs": arguments.jobs, "first": first._asdict(),
            "again": again._asdict(), "causes_right": sum(causes), "wrong": len(causes),
            "outcomes": {f"{kind} called {outcome}": number for (kind, outcome), number in outcomes.items()},
        }  # fmt: skip
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
