"""A sample of the mutation benchmark: every eighteenth wrong program, and twenty right nets, half of them at kinks.
What takes long is judged whole by ``make test-corpus``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from loky import ProcessPoolExecutor

from support.corpus.hidden import hidden_runs
from support.corpus.mutation import SHAPES, Mutation, seeded
from support.corpus.nets import Net
from support.corpus.right import OTHER_NETS
from support.corpus.scoring import Run, false_alarm, judge
from support.corpus.wrong import SEVERAL, WRONG
from support.samples import one_in

SEED = 0
SAMPLED = range(0, len(WRONG), 18)
"""Of the wrong programs; ``make test-corpus`` judges all of them."""
FEW = 40
ONCE_ALARMS = (230, 264, 317, 696, 753, 768, 1069, 1601, 1937, 2149)
"""Right nets that the checker once held to be wrong: kinks within every step, batch norm of tiny deviation."""


def judge_on_one_net(number: int) -> Run:
    """One wrong program; they take their shapes in turn."""
    mutation = WRONG[number]
    shapes = [shape for shape in SHAPES[mutation.base] if mutation.shows(shape)]
    return judge(mutation, seeded(mutation.base, shapes[number % len(shapes)], SEED), SEED)


def of_each(function: Callable[[int], Any], numbers: Sequence[int]) -> list[Any]:
    """``function`` of every number; of many over as many processes as there are cores, each of which takes its time to
    start."""
    if len(numbers) <= FEW:
        return list(map(function, numbers))
    # Workers that end when idle, as those of the reusable pool, are reported as lost where tasks wait elsewhere.
    with ProcessPoolExecutor(os.cpu_count(), env={"OPENBLAS_NUM_THREADS": "1"}) as pool:
        return list(pool.map(function, numbers, chunksize=4))


def require_found(numbers: Sequence[int]) -> None:
    """Wrong programs are found, the cause right in 95 percent and the line in 80."""
    runs: list[Run] = of_each(judge_on_one_net, numbers)
    missed = [f"{run.program}, {run.shape}: {run.verdict} {run.named}" for run in runs if not run.found]
    assert not missed, "\n".join(missed)
    others = [f"{run.program}, {run.shape}: {run.named}" for run in runs if not run.cause_right]
    assert len(others) <= 0.05 * len(runs), "\n".join(others)
    asked = [run for run in runs if run.line_right is not None]
    elsewhere = [
        f"{run.program}, {run.shape}: line {run.line} for {run.lines}" for run in asked if not run.line_right
    ]
    assert len(elsewhere) <= 0.2 * len(asked), "\n".join(elsewhere)


# One test for all: where tests are spread over processes, each would judge the programs anew.
def test_an_eighteenth_of_the_wrong_programs_is_found_with_cause_and_line() -> None:
    require_found(SAMPLED)


@pytest.mark.corpus
def test_every_wrong_program_is_found_with_cause_and_line() -> None:
    require_found(range(len(WRONG)))


@pytest.mark.parametrize("mutation", one_in(4, SEVERAL), ids=lambda mutation: mutation.name)
def test_two_bugs_at_once_are_found(mutation: Mutation) -> None:
    shape = next(shape for shape in SHAPES[mutation.base] if mutation.shows(shape))
    assert judge(mutation, seeded(mutation.base, shape, SEED), SEED).found


@pytest.mark.parametrize(("mutation", "net"), hidden_runs(SEED), ids=lambda value: getattr(value, "name", ""))
def test_bugs_hidden_at_the_given_point_are_found_and_named(mutation: Mutation, net: Net) -> None:
    run = judge(mutation, net, SEED)
    assert run.found
    assert run.cause_right, run.named


def require_no_alarm(seeds: Sequence[int]) -> None:
    alarms = [alarm for alarm in of_each(false_alarm, seeds) if alarm is not None]
    assert not alarms, "\n".join(alarms)


def test_right_nets_raise_no_alarm() -> None:
    require_no_alarm([*range(0, 100, 10), *ONCE_ALARMS])


@pytest.mark.corpus
def test_a_hundred_right_nets_raise_no_alarm() -> None:
    require_no_alarm(range(100))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.corpus) for seed in (1, 2))])
def test_right_nets_of_other_activations_and_losses_raise_no_alarm(seed: int) -> None:
    assert false_alarm(seed, OTHER_NETS) is None
