"""What ``chainrule check FILE --json`` says of a program in a style of its own, and whether it is right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainrule.errors import CheckError
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.staging import sources_root
from support.styles.table import StyleProgram, Twin

KINDS = {
    "relu-mask-missing": ("mask-missing",),
    "relu-mask-wrong": ("mask-wrong",),
    "activation-derivative-missing": ("derivative-missing",),
    "activation-derivative-wrong": ("derivative-wrong",),
    "leaky-slope-mismatch": ("wrong-factor",),
    "wrong-layer-input": ("wrong-value",),
    "batchnorm-mean-constant": ("path-left-out",),
    "batchnorm-variance-constant": ("path-left-out",),
    "batchnorm-statistics-constant": ("path-left-out",),
    "batchnorm-not-averaged": ("mean-for-sum", "wrong-factor"),
    "batchnorm-gamma-missing": ("wrong-factor", "wrong-value", "derivative-missing"),
    "batchnorm-unnormalised-input": ("wrong-value",),
    "batchnorm-wrong-axis": ("wrong-axis",),
    "bias-mean-not-sum": ("mean-for-sum", "wrong-factor"),
    "bias-summed-over-all": ("wrong-axis",),
    "missing-batch-mean": ("mean-for-sum", "wrong-factor"),
    "double-batch-mean": ("mean-for-sum", "wrong-factor"),
    "hard-wired-batch-size": ("wrong-factor",),
    "regulariser-half": ("wrong-factor",),
    "regulariser-double": ("wrong-factor",),
    "regulariser-scaled": ("wrong-factor",),
    "regulariser-missing": ("path-left-out",),
    "hinge-correct-class": ("path-left-out", "wrong-factor", "mask-wrong"),
    "swapped": ("values-swapped",),
    "weights-not-transposed": ("transposed",),
    "extra-sigmoid-derivative": ("derivative-wrong",),
    "wrong-index": ("shifted-by-one",),
}
"""What bugs of layers that are known by name are of any layer."""

VERDICTS = {0: "right", 1: "wrong", 2: "not checked"}
"""By the command's exit code."""


@dataclass(frozen=True)
class Judged:
    """One program or a twin of it, or several twins in one.

    Attributes:
        twins: which; none for the program itself.
        path: the file that was checked.
        verdict: right, wrong or not checked, by the exit code.
        cause: the cause that counts: a right one where it is named first, alone or among ties, else the first.
        place: the line that is named with it; empty where none is.
        every_place: those that are named with any cause.
        said: why it was not checked, or what was wrong.
        seconds: wall time, all included.
        processor: seconds of processors, of the command and all that it started.
    """

    program: StyleProgram
    twins: tuple[Twin, ...]
    path: Path
    verdict: str
    cause: str
    place: str
    every_place: frozenset[str]
    said: str
    seconds: float
    processor: float

    @property
    def verdict_right(self) -> bool:
        """Whether the verdict is."""
        return self.verdict == ("wrong" if self.twins else "right")

    @property
    def cause_right(self) -> bool:
        """Whether a right cause is named first: one of the names that are, or what it is in a layer that is known."""
        right = _causes(self.twins)
        return self.cause in right or any(name in right for name in KINDS.get(self.cause, ()))

    @property
    def line_right(self) -> bool:
        """Whether a right line is named."""
        return any(self.place in places for places in self._places)

    @property
    def lines_said(self) -> int:
        """How many of the twins have a right line named with some cause."""
        return sum(bool(self.every_place & places) for places in self._places)

    @property
    def _places(self) -> list[set[str]]:
        """Of each twin, where it may be said to be."""
        return [
            self.program.places(twin, *(other for other in self.twins if other is not twin))
            for twin in self.twins
        ]

    @property
    def words(self) -> str:
        """Which, in a word or two."""
        numbers = " and ".join(str(self.program.twins.index(twin) + 1) for twin in self.twins)
        which = f"twin {numbers}" if self.twins else "right"
        return f"{self.program.group} {self.program.name}, {which}"


def judge(program: StyleProgram, folder: Path, *twins: Twin, seconds: float = 60.0) -> Judged:
    """Check a program, or a twin of it, or several in one, by the command; its copy is written below ``folder``."""
    path = program.wrong(folder, *twins) if twins else program.right(folder)
    command = [sys.executable, "-m", "chainrule", "check", str(path), "--json", "--time", str(seconds)]
    started = time.perf_counter()
    status, stdout, stderr, processor = _run(command, folder)
    took = time.perf_counter() - started
    shown = json.loads(stdout) if stdout.strip() else {}
    cause = _cause(shown, _causes(twins))
    unchecked = [row["reason"] for row in shown.get("rows", ()) if "reason" in row]
    said = (
        "; ".join([*shown.get("problems", ()), *unchecked])
        or cause.get("evidence", "")
        or stderr.strip()[-300:]
    )
    verdict = VERDICTS.get(status, f"exit code {status}")
    every = frozenset(_place(each.get("line")) for each in shown.get("causes", ()))
    place = _place(cause.get("line"))
    return Judged(program, twins, path, verdict, cause.get("name", ""), place, every, said, took, processor)


def _run(command: list[str], folder: Path) -> tuple[int, str, str, float]:
    """Exit code, output and errors of a command, and the processor seconds of all that it started."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=out, stderr=errors, cwd=folder, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        return process.returncode, out.read(), errors.read(), usage.ru_utime + usage.ru_stime


def figures(path: Path, seconds: float = 60.0) -> list[tuple[str, str, float]]:
    """How far each gradient of a file is off: name, verdict, difference; nothing where none could be checked."""
    conditions = Conditions(Limits(seconds), untrusted=False, explained=False)
    try:
        rows = check_file(path, conditions, sources_root(path)).rows
    except CheckError:
        return []
    tensors = (tensor for row in rows if row.check is not None for tensor in row.check.tensors)
    return [(tensor.name, tensor.verdict, tensor.difference) for tensor in tensors]


def _causes(twins: Collection[Twin]) -> list[str]:
    """The names that are right for any of them."""
    return [name for twin in twins for name in twin.causes]


def _cause(shown: dict[str, Any], causes: Collection[str]) -> dict[str, Any]:
    """The cause that counts; empty where there is none."""
    first = list(_named_first(shown))
    right = (
        cause
        for cause in first
        if cause["name"] in causes or any(kind in causes for kind in KINDS.get(cause["name"], ()))
    )
    return next(right, first[0] if first else {})


def _named_first(shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The first causes of all gradients that are not right, and those that tie with them."""
    for row in shown.get("rows", [shown]):
        causes = row.get("causes", ())
        yield from (cause for cause in causes if cause["sure"] == causes[0]["sure"])


def _place(line: dict[str, Any] | None) -> str:
    """A line as causes say it."""
    if line is None:
        return ""
    cell = f"cell {line['cell']}, " if line["cell"] else ""
    return f"{line['file']}, {cell}line {line['number']}"
