"""Spaces: what may be chosen, what is drawn, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from chainrule.searches.dimensions import Choices, Range, key
from chainrule.searches.space import Space as SearchSpace
from chainrule.searches.space import applied, paths, read_space
from chainrule.settings.settings import Settings
from support.searching import L2, SETTINGS


def space(document) -> SearchSpace:
    read, problems = read_space(document)
    assert problems == []
    return read


def test_a_grid_is_the_product_in_order():
    both = space({"l2": [0, 0.1], "batch_size": {"low": 10, "high": 30, "integer": True}})
    assert both.grid(3) == [{"l2": l2, "batch_size": size} for l2 in (0, 0.1) for size in (10, 20, 30)]
    assert both.size == 2 * 21
    assert space({"l2": L2}).size is None


def test_draws_are_uniform_where_they_say_so():
    for log, middle in ((True, 1e-3), (False, (1e-5 + 0.1) / 2)):
        drawn = [one["l2"] for one in space({"l2": L2 | {"log": log}}).draws(2000, 0, "t")]
        assert np.mean(np.array(drawn) < middle) == pytest.approx(0.5, abs=0.04)
    ends = [
        one["batch_size"]
        for one in space({"batch_size": {"low": 1, "high": 4, "integer": True}}).draws(4, 0, "t")
    ]
    assert sorted(ends) == [1, 2, 3, 4]
    assert all(type(one) is int for one in ends)


def test_draws_never_repeat_and_end_with_the_space():
    small = space({"batch_norm": [True, False], "hidden": [[5], [5, 5]]})
    drawn = small.draws(10, 0, "t")
    assert len(drawn) == len({key(one) for one in drawn}) == 4
    assert small.draws(10, 0, "t", [key(drawn[0])]) == small.draws(10, 0, "t", [key(drawn[0])])
    assert key(drawn[0]) not in map(key, small.draws(10, 0, "t", [key(drawn[0])]))
    assert len(small.draws(10, 0, "t", [key(drawn[0])])) == 3


def test_more_draws_begin_with_the_same_ones_and_every_key_counts():
    both = space({"l2": L2, "learning_rate": [0.1, 0.2]})
    few, more = both.draws(5, 3, "t"), both.draws(9, 3, "t")
    assert more[:5] == few
    assert both.draws(5, 4, "t") != few
    assert both.draws(5, 3, "u") != few
    # Each path has a stream of its own: another one beside it changes nothing.
    assert [one["l2"] for one in space({"l2": L2}).draws(5, 3, "t")] == [one["l2"] for one in few]


def test_values_come_into_their_places():
    values = {"l2": 0.5, "learning_rate.max": 0.2, "init.normal": 0.1, "batch_norm": True}
    common = SETTINGS | {"learning_rate": {"min": 1e-5, "max": 0.1, "half_cycle": 10}}
    settings = Settings.model_validate(applied(common, values))
    assert (settings.l2, settings.learning_rate.max, settings.init.normal) == (0.5, 0.2, 0.1)
    assert settings.batch_norm
    assert common["learning_rate"]["max"] == 0.1


@pytest.mark.parametrize(
    ("hidden", "values", "expected"),
    [
        ([50], {"hidden.width": 20}, [20]),
        ([50, 30], {"hidden.width": 20}, [20, 20]),
        ([50, 30], {"hidden.depth": 1}, [50]),
        ([50, 30], {"hidden.depth": 4}, [50, 30, 30, 30]),
        ([50], {"hidden.depth": 0}, []),
        ([], {"hidden.width": 20, "hidden.depth": 2}, [20, 20]),
        ([50], {"hidden": [10, 5]}, [10, 5]),
        ([50], {"l2": 0.1}, [50]),
    ],
)
def test_widths_and_depth(hidden, values, expected):
    assert list(Settings.model_validate(applied(SETTINGS | {"hidden": hidden}, values)).hidden) == expected


OF_OPTIMIZERS = {
    "optimizer", "optimizer.momentum", "optimizer.nesterov", "optimizer.beta1", "optimizer.beta2", "optimizer.eps",
    "optimizer.weight_decay",
}  # fmt: skip


def test_every_path_changes_a_setting():
    values = {
        "train": 100, "preprocess": "standardize", "hidden": [3], "batch_norm": True, "loss": "hinge", "init": "xavier",
        "batch_size": 20, "epochs": 3, "shuffle": False, "learning_rate": 0.1, "l2": 0.2,
        "learning_rate.start": 0.1, "learning_rate.decay_per_epoch": 0.8, "learning_rate.min": 1e-4,
        "learning_rate.max": 0.3, "learning_rate.half_cycle": 7, "learning_rate.peak": 0.3,
        "learning_rate.warm_up": 0.2, "learning_rate.rate": 0.3, "learning_rate.end": 0.1,
        "init.normal": 0.2, "init.bias": 0.3,
        "hidden.width": 9, "hidden.depth": 2, "label_smoothing": 0.1, "clip": 2.0, "ema": 0.9, "dropout": 0.2,
        "augment": {"flip": True, "shift": 0}, "early_stopping": {"metric": "val_loss", "patience": 3},
    }  # fmt: skip
    assert {*values, "activation", "running_share", *OF_OPTIMIZERS} == set(paths())
    rates = {
        "start": {"start": 0.5, "decay_per_epoch": 0.9}, "decay_per_epoch": {"start": 0.5, "decay_per_epoch": 0.9},
        "min": {"min": 0.01, "max": 0.5, "half_cycle": 4}, "max": {"min": 0.01, "max": 0.5, "half_cycle": 4},
        "half_cycle": {"min": 0.01, "max": 0.5, "half_cycle": 4},
        **{key: {"peak": 0.5, "warm_up": 0.1, "end": 0.01} for key in ("peak", "warm_up", "end")},
        "rate": {"rate": 0.1, "warm_up": 0.1},
    }  # fmt: skip
    for path, value in values.items():
        first, _, part = path.partition(".")
        common = dict(SETTINGS)
        if first == "learning_rate" and part:
            common["learning_rate"] = rates[part]
        if first == "init" and part:
            common["init"] = {"normal": 0.1}
        before, after = (Settings.model_validate(applied(common, own)) for own in ({}, {path: value}))
        assert before != after, path


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, "space: is empty; write for example l2 = [0.001, 0.01]"),
        ({"lr": [1]}, "space.lr: is no setting that can be searched; known: activation, augment, batch_norm"),
        ({"learning_rate.maxx": [1]}, "did you mean 'learning_rate.max'?"),
        ({"val": [100, 200]}, "space.val: cannot be searched: trials are compared on one validation split"),
        ({"test": [100]}, "space.test: cannot be searched: nothing is selected on the test split; drop it"),
        ({"evaluate": ["curves"]}, "space.evaluate: cannot be searched"),
        ({"l2": []}, "space.l2: is empty; write its values"),
        ({"l2": {}}, "space.l2: is empty; write its values"),
        ({"l2": 0.1}, "space.l2 = 0.1: write [0.001, 0.01] or { low = 1e-5, high = 0.1, log = true }"),
        ({"l2": [0.1, 0.2, 0.1]}, "space.l2: 0.1 is given twice; write each value once"),
        ({"l2": {"low": 0.1, "high": 0.01}}, "space.l2.low = 0.1 is not below high = 0.01; swap them"),
        ({"l2": {"low": 0.1, "high": 0.1}}, "is not below high = 0.1"),
        ({"l2": {"low": 0, "high": 1, "log": True}}, "space.l2.log = true: low = 0 has no logarithm"),
        ({"l2": {"low": 0.1}}, "space.l2.high: is missing"),
        ({"l2": {"low": 0.1, "hihg": 1}}, "space.l2.hihg: is no known key; did you mean 'high'?"),
        ({"l2": {"low": "a", "high": 1}}, "space.l2.low = 'a': should be a valid number"),
        ({"l2": {"low": 0, "high": math.inf}}, "space.l2.high = inf"),
        ({"batch_size": {"low": 1, "high": 9}}, "space.batch_size: takes whole numbers; add integer = true"),
        ({"batch_size": {"low": 1.5, "high": 9, "integer": True}}, "integer = true: low and high must be whole"),
        ({"hidden": {"width": {"low": 1, "high": 9}}}, "space.hidden.width: takes whole numbers"),
        ({"hidden.depth": [1, 2.0]}, "space.hidden.depth: takes whole numbers from 0 on"),
        ({"learning_rate": [0.1], "learning_rate.max": [0.1]}, "learning_rate is searched as a whole"),
    ],
)  # fmt: skip
def test_spaces_that_cannot_be(document, expected):
    _, problems = read_space(document)
    assert any(expected in line for line in problems), problems
    assert all("\n" not in line for line in problems)


def test_all_problems_at_once_and_tables_within():
    _, problems = read_space({"l3": [1], "init": {"normal": {"low": 2, "high": 1}, "bais": [1]}, "l2": []})
    assert len(problems) == 4
    nested = space({"learning_rate": {"max": [0.1, 0.2]}, "init": {"normal": L2}})
    assert nested.dimensions == {"learning_rate.max": Choices(values=(0.1, 0.2)), "init.normal": Range(**L2)}


def test_probes_are_the_corners_or_a_cross():
    wide = space({"l2": L2, "batch_norm": [True, False]})
    assert wide.probes() == [{"l2": l2, "batch_norm": norm} for l2 in (1e-5, 0.1) for norm in (True, False)]
    assert wide.probes(most=3) == [
        {"l2": 1e-5, "batch_norm": True}, {"l2": 0.1, "batch_norm": True},
        {"l2": 1e-5, "batch_norm": True}, {"l2": 1e-5, "batch_norm": False},
    ]  # fmt: skip
