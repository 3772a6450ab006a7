"""chainrule beside PyTorch, JAX and scikit-learn: the same nets, data and steps, in one run.

    python benchmarks/training/compare.py --json comparison.json

Every contender runs in a process of its own, prepared and warmed up first; then all of them are timed in turn, again
and again, in changing order. Figures are medians over these repetitions, ratios those of medians.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path

import peak
from works import L2, SEEDS, WORKS, Work, write_data

from chainrule.machine import environment
from chainrule.machine.processor import processor

HERE = Path(__file__).parent
LIBRARIES = {
    "chainrule": "ours",
    "PyTorch": "torch_forms",
    "JAX": "jax_forms",
    "scikit-learn": "sklearn_forms",
}
NETS = {"ONE": 1, "SWEEP": len(L2) * len(SEEDS)}
WHAT = {"steps": False, "epochs": True}
"""What is timed: updates with the fetching of their minibatches, or epochs with evaluation, which counts as steps."""


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

    def __init__(self, module: str, kind: str, form: str, work: int, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "child.py", module, kind, form, str(work), str(folder)],
            cwd=HERE,
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


def contenders_of(work: Work, kind: str, libraries: Sequence[str]) -> list[Contender]:
    """Who can do this work."""
    return [
        Contender(library, form, kind)
        for library in libraries
        for form in getattr(importlib.import_module(LIBRARIES[library]), kind)
        if not (library == "scikit-learn" and work.batch_norm)
    ]


def measure(
    number: int, kind: str, libraries: Sequence[str], repetitions: int, seconds: float
) -> tuple[list[Contender], float]:
    """All contenders on one work, and the peak in flop/s of the same minutes."""
    work = WORKS[number]
    contenders = contenders_of(work, kind, libraries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder, work.widths[0], work.widths[-1], work.samples)
        children = []
        for one in contenders:
            children.append(Child(LIBRARIES[one.library], one.kind, one.form, number, folder))
            one.warm_up = children[-1].ready["warm_up"]
        peaks = [Child("peak", "PEAK", form, number, folder) for form in peak.PEAK]
        fastest = 0.0
        for repetition in range(repetitions):
            pairs = list(zip(contenders, children, strict=True))
            for one, child in pairs if repetition % 2 else reversed(pairs):
                for what, evaluating in WHAT.items():
                    one.microseconds[what].append(1e6 * child.run(seconds, evaluating))
            fastest = max(fastest, *(peak.FLOP / child.run(seconds / 2) for child in peaks))
        for one, child in zip(contenders, children, strict=True):
            one.memory = child.end()
        for child in peaks:
            child.end()
    return contenders, fastest


def table(work: Work, kind: str, what: str, contenders: Sequence[Contender], fastest: float) -> str:
    """Lines of text: every contender, its time, its share of the peak, how many times as long as ours it takes."""
    ours = min(one.median(what) for one in contenders if one.library == "chainrule")
    nets = "1 net" if kind == "ONE" else f"{NETS[kind]} nets"
    lines = [f"{work.name}, {nets}, {what} (peak {fastest / 1e9:.0f} GFLOP/s)"]
    for one in sorted(contenders, key=lambda one: one.median(what)):
        median, all_of_them = one.median(what), one.microseconds[what]
        spread = 50 * (max(all_of_them) - min(all_of_them)) / median
        lines.append(
            f"  {one.library:13}{one.form:20}{median:9.1f} us +-{spread:3.0f}% {median / ours:6.2f} x ours"
            f" {1e6 * work.flop / median / fastest:5.2f} of peak  warm-up {one.warm_up:5.1f} s"
            f" {one.memory / 2**20:5.0f} MiB"
        )
    return "\n".join(lines)


def machine() -> dict[str, object]:
    """Processor, cores and versions."""
    packages = ("chainrule", "numpy", "scipy", "scikit-learn", "numba", "torch", "jax", "jaxlib")
    return {
        "processor": processor().name,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "blas": environment.blas(),
        "versions": {name: metadata.version(name) for name in packages},
    }


def main() -> None:
    """Run, print, write after every work."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--works", type=int, nargs="*", default=range(len(WORKS)), help="numbers in works.py")
    parser.add_argument("--kinds", nargs="*", default=list(NETS), choices=list(NETS))
    parser.add_argument("--libraries", nargs="*", default=list(LIBRARIES), choices=list(LIBRARIES))
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="at least so long a repetition")
    parser.add_argument("--json", type=Path, help="write everything measured here")
    options = parser.parse_args()
    works = []
    for number, kind in itertools.product(options.works, options.kinds):
        work = WORKS[number]
        contenders, fastest = measure(number, kind, options.libraries, options.repetitions, options.seconds)
        for what in WHAT:
            print(table(work, kind, what, contenders, fastest), flush=True)
        works.append(
            asdict(work)
            | {"name": work.name, "nets": NETS[kind], "flop": work.flop, "peak": fastest}
            | {"contenders": [asdict(one) for one in contenders]}
        )
        if options.json:
            document = {"machine": machine(), "repetitions": options.repetitions, "works": works}
            options.json.write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
