"""Contenders on the same work, in turn: the same nets, data and steps.

Every contender runs in a process of its own, prepared and warmed up first; then all of them are timed again and again,
in changing order. Figures are medians over these repetitions, ratios those of medians.
"""

from __future__ import annotations

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import peak
from works import L2, SEEDS, WORKS, Work, write_data

HERE = Path(__file__).parent
MODULES = {
    "chainrule": "ours",
    "start": "ours",
    "PyTorch": "torch_forms",
    "JAX": "jax_forms",
    "scikit-learn": "sklearn_forms",
}
"""Contenders, and where their forms are; the start's are in its own tree."""

NETS = {"ONE": 1, "SWEEP": len(L2) * len(SEEDS)}
WHAT = {"steps": False, "epochs": True}
"""What is timed: updates with the fetching of their minibatches, or epochs with evaluation, which counts as steps."""

_HOPELESS = 1.5
"""Forms that take so many times as long as their library's best in the first repetition are timed no more."""


@dataclass
class Contender:
    """A library's form of some work, and what was measured of it.

    Attributes:
        library, form: who.
        kind: ``ONE`` net or a ``SWEEP``; a form that trains one net after another stands in both tables.
        microseconds: of one net's step, a repetition each, by what was timed: of ``WHAT``.
        warm_up: seconds of preparing, compiling and the first rounds.
        memory: proportional set size at the end, in bytes, its worker processes included.
    """

    library: str
    form: str
    kind: str
    microseconds: dict[str, list[float]] = field(default_factory=lambda: {what: [] for what in WHAT})
    warm_up: float = 0.0
    memory: int = 0

    def median(self, what: str) -> float:
        """Microseconds of one net's step."""
        return statistics.median(self.microseconds[what])


class Child:
    """A contender's process."""

    def __init__(
        self, module: str, kind: str, form: str, work: int, folder: Path, tree: Path | None = None
    ) -> None:
        """Start it, by the programs of another source tree where one is given."""
        programs = HERE if tree is None else tree / "benchmarks/training"
        self._process = subprocess.Popen(
            [sys.executable, "child.py", module, kind, form, str(work), str(folder)],
            cwd=programs,
            env=environment(tree),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = self._answer()

    def run(self, seconds: float, evaluating: bool = False) -> float:
        """Seconds a unit of work: a net's step, a product."""
        self._write(f"{seconds} {int(evaluating)}\n")
        answer = self._answer()
        return float(answer["seconds"]) / float(answer["net_steps"])

    def end(self) -> int:
        """Its memory in bytes."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        memory = int(self._answer()["memory"])
        self._process.wait()
        return memory

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} ended: {self._process.wait()}")
        answer: dict[str, float] = json.loads(line)
        return answer


def environment(tree: Path | None) -> dict[str, str]:
    """Of a process that runs chainrule as another source tree has it, or as this one."""
    return dict(os.environ) if tree is None else os.environ | {"PYTHONPATH": str(tree / "src")}


def contenders_of(work: Work, kind: str, libraries: Sequence[str]) -> list[Contender]:
    """Who can do this work; of the start its first form alone."""
    found = []
    for library in libraries:
        forms = list(getattr(importlib.import_module(MODULES[library]), kind))
        if library == "scikit-learn" and work.batch_norm:
            continue
        found += [Contender(library, form, kind) for form in (forms[:1] if library == "start" else forms)]
    return found


def contest(
    number: int,
    kind: str,
    libraries: Sequence[str],
    trees: Mapping[str, Path],
    repetitions: int,
    seconds: float,
) -> dict[str, object]:
    """All contenders on one work, and the peak of the same minutes in flop/s.

    Args:
        number: of the work in ``works.py``.
        kind: of :data:`NETS`.
        libraries: who takes part, of :data:`MODULES`.
        trees: source trees by who has one of its own.
        repetitions: how often each is timed.
        seconds: at least so long a time.
    """
    work = WORKS[number]
    contenders = contenders_of(work, kind, libraries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder, work.widths[0], work.widths[-1], work.samples)
        running: list[tuple[Contender, Child]] = []
        for one in contenders:
            tree = trees.get(one.library)
            child = Child(MODULES[one.library], one.kind, one.form, number, folder, tree)
            one.warm_up = child.ready["warm_up"]
            running.append((one, child))
        peaks = [Child("peak", "PEAK", form, number, folder) for form in peak.PEAK]
        fastest = 0.0
        for repetition in range(repetitions):
            for one, child in running if repetition % 2 else reversed(running):
                for what, evaluating in WHAT.items():
                    one.microseconds[what].append(1e6 * child.run(seconds, evaluating))
            fastest = max(fastest, *(peak.FLOP / child.run(seconds / 2) for child in peaks))
            if repetition == 0:
                running = _promising(running)
        for one, child in running:
            one.memory = child.end()
        for child in peaks:
            child.end()
    return (
        asdict(work)
        | {"name": work.name, "nets": NETS[kind], "flop": work.flop, "peak": fastest}
        | {"contenders": [asdict(one) for one in contenders]}
    )


def _promising(running: Sequence[tuple[Contender, Child]]) -> list[tuple[Contender, Child]]:
    """Those that go on; the others end here."""
    best: dict[tuple[str, str], float] = {}
    for one, _ in running:
        for what in WHAT:
            key = one.library, what
            best[key] = min(best.get(key, one.median(what)), one.median(what))
    stay = []
    for one, child in running:
        if all(one.median(what) > _HOPELESS * best[one.library, what] for what in WHAT):
            one.memory = child.end()
        else:
            stay.append((one, child))
    return stay
