"""Whole processes, in turn: seconds that pass and processor seconds, their children's included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import programs
from contest import HERE, environment

Spent = dict[str, float]
"""``wall`` and ``cpu`` seconds of a process, and what it says itself."""


def spent(arguments: Sequence[str], own: Mapping[str, str], **more: str) -> Spent:
    """Run this Python with these arguments to the end, in an environment with ``more``."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], env={**own, **more}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    last = said.strip().rpartition("\n")[2]
    words = json.loads(last) if last.startswith("{") else {}
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime} | words


def in_turn(cases: Mapping[str, Callable[[], Spent]], repetitions: int) -> dict[str, dict[str, list[Any]]]:
    """What each spent, a number a repetition, in changing order."""
    found: dict[str, dict[str, list[Any]]] = {case: {} for case in cases}
    for repetition in range(repetitions):
        for case in list(cases) if repetition % 2 else list(cases)[::-1]:
            for what, value in cases[case]().items():
                found[case].setdefault(what, []).append(value)
    return found


def program(name: str, *arguments: str, tree: Path | None = None, **more: str) -> Spent:
    """Run one of :mod:`programs` with chainrule as a source tree has it."""
    return spent([str(HERE / "programs.py"), name, *arguments], environment(tree), **more)


def first_step(trees: Mapping[str, Path], repetitions: int) -> dict[str, Any]:
    """From an empty cache of compiled code until the first compiled step, the interpreter's start included."""

    def from_nothing(tree: Path | None) -> Spent:
        with tempfile.TemporaryDirectory() as cache:
            return program("first_step", tree=tree, NUMBA_CACHE_DIR=cache)

    return in_turn({who: lambda t=tree: from_nothing(t) for who, tree in both(trees)}, repetitions)


def seeds(trees: Mapping[str, Path], repetitions: int) -> dict[str, Any]:
    """CPU seconds of 20 seeds of 64-50-10, as one population and apart."""
    count = str(repetitions)
    cases = {
        "together": lambda: program("seeds_together", count),
        "apart": lambda: program("seeds_apart", count),
    }
    if "start" in trees:
        cases["start, apart"] = lambda: program("seeds_apart", count, tree=trees["start"])
    found = {case: case_run()["cpu"] for case, case_run in cases.items()}
    again = {case: case_run()["cpu"] for case, case_run in reversed(cases.items())}
    return {case: [*found[case], *again[case]] for case in cases}  # type: ignore[misc]


def search(trees: Mapping[str, Path], repetitions: int) -> dict[str, Any]:
    """``chainrule search`` of 135 small nets, and what their training alone takes."""

    def command(tree: Path | None) -> Spent:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "search.toml"
            file.write_text(programs.search())
            words = ["-m", "chainrule", "search", str(file), "--quiet", "--out", f"{folder}/out"]
            return spent(words, environment(tree))

    cases: dict[str, Callable[[], Spent]] = {}
    for who, tree in both(trees):
        cases[who] = lambda t=tree: command(t)
        cases[f"{who}, training"] = lambda t=tree: program("nets_of_search", tree=t)
    for run in cases.values():
        run()
    return in_turn(cases, repetitions)


def prediction(repetitions: int) -> dict[str, Any]:
    """From the start of a process to a trained net's predictions, by everybody."""
    cases: dict[str, Callable[[], Spent]] = {"chainrule": lambda: program("predict_chainrule")}
    for who, name in (("PyTorch", "torch"), ("JAX", "jax"), ("scikit-learn", "sklearn")):
        cases[who] = lambda n=name: program(f"predict_{n}")
    for run in cases.values():
        run()
    return in_turn(cases, repetitions)


def reports(trees: Mapping[str, Path], repetitions: int) -> dict[str, Any]:
    """All five reports with five seeds, which takes most of an hour each: CIFAR-10 lies in ``CHAINRULE_DATA``."""

    def command(tree: Path | None) -> Spent:
        with tempfile.TemporaryDirectory() as folder:
            words = ["-m", "chainrule", "reproduce", "--seeds", "5", "--quiet", "--out", f"{folder}/out"]
            return spent(words, environment(tree))

    return in_turn({who: lambda t=tree: command(t) for who, tree in both(trees)}, 1)


def both(trees: Mapping[str, Path]) -> list[tuple[str, Path | None]]:
    """chainrule as it is, and as the start has it where there is one."""
    return [("chainrule", None), *((who, trees[who]) for who in ("start",) if who in trees)]
