"""All that is measured of training's speed, in one run: beside PyTorch, JAX, scikit-learn and an earlier commit.

    python benchmarks/training/take.py --start REVISION [--asked] [--rows NAME ...] [--minutes N]

Writes OUT/PROCESSOR.json after every row. The same command goes on where it stopped: a row is kept that was taken on
this processor of this commit and start, as often and as long as is wanted now. ``page.py`` makes tables of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import asked
import axes
import contest
import processes
import resumed
import start
import time_to_loss
from asked import contest_name
from works import WORKS

from chainrule.machine import environment
from chainrule.machine.processor import processor


@dataclass(frozen=True)
class Run:
    """What is wanted.

    Attributes:
        trees: source trees by who has one of its own.
        repetitions: how often.
        seconds: how long at least each time, where time and not work is given.
        asked: only what the table asks for, and only its contenders.
    """

    trees: Mapping[str, Path]
    repetitions: int
    seconds: float
    asked: bool


def measurements(run: Run) -> dict[str, Callable[[], Any]]:
    """Every row's measurement by name, in the order of weight."""
    table = {contest_name(*one): _contest(run, *one) for one in asked.ASKED}
    names = list(table)
    rows: dict[str, Callable[[], Any]] = {name: table[name] for name in names[:2]}
    rows["first step"] = lambda: processes.first_step(run.trees, run.repetitions)
    rows["search"] = lambda: processes.search(run.trees, run.repetitions)
    rows["seeds"] = lambda: processes.seeds(run.trees, run.repetitions)
    rows |= {name: table[name] for name in names[2:]}
    rows["prediction"] = lambda: processes.prediction(run.repetitions)
    rows["axes"] = lambda: axes.measured(axes.along(), run.repetitions)
    if not run.asked:
        others = [(work.name, kind) for kind in contest.NETS for work in WORKS]
        rows |= {contest_name(*one): _contest(run, *one) for one in others if one not in asked.ASKED}
        rows["sweeps"] = lambda: axes.measured(axes.sweeps(), run.repetitions)
        rows["time to loss"] = lambda: time_to_loss.measure(run.repetitions)
    return rows


def _contest(run: Run, name: str, kind: str) -> Callable[[], Any]:
    """One of a work, of one net or a sweep."""
    number = [work.name for work in WORKS].index(name)
    who = asked.ASKED[name, kind] if run.asked else tuple(contest.MODULES)
    taking_part = [one for one in who if one != "start" or "start" in run.trees]
    return lambda: contest.contest(number, kind, taking_part, run.trees, run.repetitions, run.seconds)


def machine() -> dict[str, object]:
    """Processor, cores and versions."""
    here = processor()
    packages = ("numpy", "scipy", "scikit-learn", "numba", "torch", "jax", "jaxlib")
    return {
        "processor": here.name,
        "family": here.family,
        "avx512": "avx512f" in here.flags,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "blas": environment.blas(),
        "versions": {name: metadata.version(name) for name in packages},
    }


def slug(about: Mapping[str, object]) -> str:
    """A processor as a file's name: what is sold by one name may be of several families."""
    words = f"{about['processor']} {about['family']} {'avx512' if about['avx512'] else ''}"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def main() -> None:
    """Run, print, write after every row."""
    options = _options()
    here = Path(options.out)
    here.mkdir(parents=True, exist_ok=True)
    trees = {"start": start.tree(options.start, here)} if options.start else {}
    run = Run(trees, options.repetitions, options.seconds, options.asked)
    rows = measurements(run)
    rows["reports"] = lambda: processes.reports(trees, 1)
    names = options.rows or [name for name in rows if name != "reports"]
    if unknown := [name for name in names if name not in rows]:
        sys.exit(f"no such rows: {', '.join(unknown)}; there are: {'; '.join(rows)}")
    how = {
        "commit": start.commit(),
        "changed": start.changed(),
        "start": start.commit(options.start) if options.start else None,
        "repetitions": options.repetitions,
        "seconds": options.seconds,
        "asked": options.asked,
    }
    about = machine()
    path = here / f"{slug(about)}.json"
    document = json.loads(path.read_text()) if path.exists() else {"rows": {}}
    document["machine"] = about

    def save() -> None:
        path.write_text(json.dumps(document, indent=1) + "\n")

    failed = resumed.take(document, {name: rows[name] for name in names}, how, options.minutes, save)
    print(table(document), path, sep="\n")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def table(document: Mapping[str, Any]) -> str:
    """What is asked for beside what was measured, as text."""
    found = {name: row["found"] for name, row in document["rows"].items()}
    lines = [
        f"{row.what}: {asked.answered(row, found) or '-'}; asked: {asked.demand(row.least, row.unit)}, aim "
        f"{asked.demand(row.aim, row.unit)}"
        for row in asked.ROWS
    ]
    return "\n".join(lines)


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--start", help="the commit that is measured beside this one")
    parser.add_argument(
        "--asked", action="store_true", help="only what the table asks for, and its contenders"
    )
    parser.add_argument("--rows", nargs="*", help="names; all but the reports by default")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.5, help="at least so long a repetition")
    parser.add_argument("--minutes", type=float, default=60, help="begin no row after so many")
    parser.add_argument("--out", default="runs/bench", help="folder of results")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
