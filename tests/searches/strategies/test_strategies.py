"""Strategies: pure functions of what is told, whose every option changes what they ask."""

from __future__ import annotations

from typing import Any

import numpy as np
import optuna
import pytest
from pydantic import TypeAdapter

from chainrule.records.searches import Rung, Trial
from chainrule.searches.dimensions import Choices, Range, key
from chainrule.searches.space import read_space
from chainrule.searches.strategies import AnyStrategy
from support.searching import L2, trial

EPOCHS = 27


def space(**document: Any):
    read, problems = read_space(document)
    assert problems == []
    return read


def strategy(**document: Any):
    return TypeAdapter(AnyStrategy).validate_python(document)


def accuracy(values: dict[str, Any]) -> float:
    """Best at l2 = 1e-3 and a rate of 0.2."""
    return 0.5 - 0.02 * abs(np.log10(values["l2"]) + 3) - 0.1 * abs(values.get("learning_rate", 0.2) - 0.2)


def answered(one, searched, seed: int = 0, most: int = 1000, score=accuracy) -> list[Trial]:
    """Every trial of a whole search whose nets score as :func:`accuracy` says."""
    told: list[Trial] = []
    while len(told) < most and (batch := one.ask(searched, told, seed, EPOCHS)):
        told = [
            each.model_copy(update={"state": "pruned"})
            if each.state == "running" and each.number not in batch.survivors
            else each
            for each in told
        ]
        told += [
            Trial(number=len(told) + i, values=v, scores=[], mean=None, error=None, rungs=[], state="running")
            for i, v in enumerate(batch.fresh)
        ]
        end = batch.until or EPOCHS
        for each in [each for each in told if each.state == "running"]:
            mean = score(each.values)
            told[each.number] = each.model_copy(
                update={
                    "scores": [mean],
                    "mean": mean,
                    "rungs": [*each.rungs, Rung(epochs=end, mean=mean, error=0.01)],
                    "state": "complete" if end == EPOCHS else "running",
                }
            )
    return told


def asked(one, searched, seed: int = 0) -> list[str]:
    return [key(each.values) for each in answered(one, searched, seed)]


BOTH = {"l2": L2, "learning_rate": [0.1, 0.2, 0.4]}
EVERY = [
    ({"kind": "grid", "points": 4}, BOTH),
    ({"kind": "random", "trials": 7}, BOTH),
    ({"kind": "coarse_to_fine", "points": 4, "fine": 5}, BOTH),
    ({"kind": "tpe", "trials": 14, "batch": 4, "startup": 5}, BOTH),
    ({"kind": "halving", "trials": 9}, BOTH),
]


@pytest.mark.parametrize(("document", "searched"), EVERY)
def test_what_is_asked_is_a_function_of_what_is_told(document, searched):
    one, where = strategy(**document), space(**searched)
    whole = answered(one, where)
    assert whole == answered(one, where)
    sizes = [stage.trials for stage in one.stages(where, EPOCHS)]
    assert len(whole) == (sizes[0] if document["kind"] == "halving" else sum(sizes))
    assert len({key(each.values) for each in whole}) == len(whole)
    assert one.problems(where, EPOCHS) == []


@pytest.mark.parametrize(
    ("document", "changes"),
    [
        (EVERY[0], [{"points": 5}]),
        (EVERY[1], [{"trials": 8}]),
        (EVERY[2], [{"points": 5}, {"fine": 6}, {"rule": "best_to_worst"}, {"metric": "val_loss"}]),
        (EVERY[3], [{"trials": 15}, {"batch": 3}, {"startup": 6}, {"metric": "val_loss"}]),
    ],
)
def test_every_option_changes_what_is_asked(document, changes):
    base, searched = document
    before = asked(strategy(**base), space(**searched))
    for change in changes:
        assert asked(strategy(**base | change), space(**searched)) != before, change


@pytest.mark.parametrize("document", [one for one in EVERY if one[0]["kind"] != "grid"])
def test_another_seed_asks_for_something_else(document):
    base, searched = document
    assert asked(strategy(**base), space(**searched), 1) != asked(strategy(**base), space(**searched), 2)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("around_best", Range(low=1e-4, high=1e-2, log=True)),
        ("best_to_worst", Range(low=1e-5, high=1e-3, log=True)),
    ],
)
def test_the_fine_range_follows_its_rule(rule, expected):
    one = strategy(kind="coarse_to_fine", points=5, fine=4, rule=rule)
    where = space(l2=L2, learning_rate=[0.1, 0.2], batch_size={"low": 10, "high": 50, "integer": True})
    scores = {1e-5: 0.2, 1e-4: 0.4, 1e-3: 0.5, 1e-2: 0.4, 0.1: 0.3}
    coarse = [
        trial(number, values, min(scores.items(), key=lambda each: abs(np.log(each[0] / values["l2"])))[1]
              - (values["learning_rate"] - 0.2) ** 2 - 1e-6 * abs(values["batch_size"] - 50))
        for number, values in enumerate(where.grid(5))
    ]  # fmt: skip
    fine = one.narrowed(where, coarse).dimensions
    assert isinstance(fine["l2"], Range)
    assert (fine["l2"].low, fine["l2"].high) == pytest.approx((expected.low, expected.high))
    assert fine["l2"].log
    assert fine["learning_rate"] == Choices(values=(0.2,))
    size = {"around_best": (40, 50), "best_to_worst": (10, 50)}[rule]
    assert fine["batch_size"] == Range(low=size[0], high=size[1], integer=True)


def test_around_a_best_at_the_end_lies_the_half_inside():
    one = strategy(kind="coarse_to_fine", points=5, fine=4)
    where = space(l2=L2)
    coarse = [trial(number, values, 0.5 - 0.1 * number) for number, values in enumerate(where.grid(5))]
    fine = one.narrowed(where, coarse).dimensions["l2"]
    assert (fine.low, fine.high) == pytest.approx((1e-5, 1e-4))


def test_the_fine_draws_lie_in_the_narrowed_range():
    told = answered(strategy(kind="coarse_to_fine", points=5, fine=30), space(l2=L2))
    fine = [each.values["l2"] for each in told[5:]]
    assert len(fine) == 30
    assert min(fine) >= 1e-4
    assert max(fine) <= 1e-2


def test_tpe_goes_where_trials_did_well():
    where = space(l2=L2, learning_rate={"low": 0.01, "high": 1.0, "log": True})
    one = strategy(kind="tpe", trials=60, batch=4, startup=12)
    told = answered(one, where)
    first, last = told[:12], told[-20:]
    assert np.mean([each.mean for each in last]) > np.mean([each.mean for each in first])
    # Turned round, it goes elsewhere: losses are made small.
    turned = answered(one.model_copy(update={"metric": "val_loss"}), where)
    assert np.mean([each.mean for each in turned[-20:]]) < np.mean([each.mean for each in last])


def test_a_resumed_tpe_asks_what_an_uninterrupted_one_would_have():
    where, one = space(**BOTH), strategy(kind="tpe", trials=20, batch=3, startup=5)
    whole = answered(one, where)
    for end in (5, 8, 17):
        batch = one.ask(where, whole[:end], 0, EPOCHS)
        assert batch.fresh == [each.values for each in whole[end : end + 3]]


def test_the_sampler_s_seed_is_that_of_the_search_and_the_batch(monkeypatch):
    seeds: list[int] = []
    real = optuna.samplers.TPESampler

    def sampler(**named: Any) -> Any:
        assert (named["multivariate"], named["constant_liar"]) == (True, True)
        seeds.append(named["seed"])
        return real(**named)

    monkeypatch.setattr(optuna.samplers, "TPESampler", sampler)
    for seed in (0, 1, 0):
        answered(strategy(kind="tpe", trials=11, batch=3, startup=2), space(**BOTH), seed)
    assert len(seeds) == 9
    assert len(set(seeds)) == 6
    assert seeds[:3] == seeds[6:]


def test_tpe_takes_trials_without_a_mean_and_ends_with_a_small_space():
    where = space(learning_rate=[0.1, 0.2, 0.4], l2=[0.1, 0.2])
    told = answered(
        strategy(kind="tpe", trials=6, batch=2, startup=2),
        where,
        score=lambda v: None if v["l2"] == 0.1 else 0.5,
    )
    assert len({key(each.values) for each in told}) == 6


def test_halving_keeps_the_best_part_at_every_rung():
    one = strategy(kind="halving", trials=27, min_epochs=3)
    where = space(l2=L2)
    assert one.rungs(EPOCHS) == [3, 9, 27]
    told = answered(one, where)
    climbed = {n: sorted(each.number for each in told if len(each.rungs) > n) for n in range(3)}
    assert [len(climbed[n]) for n in range(3)] == [27, 9, 3]
    order = sorted(told, key=lambda each: -accuracy(each.values))
    assert climbed[1] == sorted(each.number for each in order[:9])
    assert climbed[2] == sorted(each.number for each in order[:3])
    assert [tuple(stage) for stage in one.stages(where, EPOCHS)] == [(27, 0, 3), (9, 3, 9), (3, 9, 27)]
    assert {each.state for each in told} == {"complete", "pruned"}


@pytest.mark.parametrize(
    ("change", "rungs"),
    [({}, [1, 3, 9, 27]), ({"eta": 2}, [1, 2, 4, 8, 16, 27]), ({"min_epochs": 2}, [2, 6, 18, 27])],
)
def test_rungs_follow_eta_and_the_first_one(change, rungs):
    assert strategy(kind="halving", trials=9, **change).rungs(EPOCHS) == rungs


def test_halving_starts_every_combination_of_lists_and_drops_what_diverged():
    where = space(l2=[1e-4, 1e-3, 1e-2], learning_rate=[0.1, 0.2])
    one = strategy(kind="halving", eta=2, min_epochs=9)
    told = answered(one, where, score=lambda values: None if values["learning_rate"] == 0.2 else 0.1)
    assert len(told) == 6
    assert {each.values["learning_rate"] for each in told if len(each.rungs) > 1} == {0.1}
    gone = answered(one, where, score=lambda values: None)
    assert {len(each.rungs) for each in gone} == {1}


@pytest.mark.parametrize(
    ("document", "searched", "expected"),
    [
        ({"kind": "grid"}, {"l2": L2}, "strategy.points: is missing: l2: a grid needs to know how many values"),
        ({"kind": "grid", "points": 3}, {"l2": [0.1, 1]}, "strategy.points = 3: the space has no range"),
        ({"kind": "random", "trials": 5}, {"l2": [0.1, 1]}, "strategy.trials = 5: the space holds 2 combinations"),
        ({"kind": "tpe", "trials": 5}, {"l2": [0.1, 1]}, "strategy.trials = 5: the space holds 2 combinations"),
        ({"kind": "halving", "trials": 5}, {"l2": [0.1, 1]}, "strategy.trials = 5: the space holds 2 combinations"),
        ({"kind": "tpe", "trials": 5, "startup": 5}, {"l2": L2}, "strategy.startup = 5: leaves nothing of trials = 5"),
        ({"kind": "coarse_to_fine", "points": 3, "fine": 2}, {"l2": [0.1, 1]}, "the space has no range to narrow"),
        ({"kind": "halving"}, {"l2": L2}, "strategy.trials: is missing: l2: a range has no end; add trials = 81"),
        ({"kind": "halving", "trials": 5, "min_epochs": 27}, {"l2": L2}, "strategy.min_epochs = 27: a whole training"),
        ({"kind": "halving"}, {"epochs": [3, 4]}, "space.epochs: halving gives each trial its epochs"),
        (
            {"kind": "grid", "inits": 1, "metric": "val_loss", "choose": "one_standard_error"}, {"l2": [0, 1]},
            "strategy.choose = 'one_standard_error': the loss of a single init has no standard error",
        ),
    ],
)  # fmt: skip
def test_strategies_that_do_not_fit_their_space(document, searched, expected):
    (line,) = strategy(**document).problems(space(**searched), EPOCHS)
    assert expected in line
