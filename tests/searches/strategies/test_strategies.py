"""Strategies: pure functions of what is told, whose every option changes what they ask."""

from __future__ import annotations

import pytest

from chainrule.searches.dimensions import key
from support.searching import L2
from support.strategies import BOTH, EPOCHS, answered, space, strategy


def asked(one, searched, seed: int = 0) -> list[str]:
    return [key(each.values) for each in answered(one, searched, seed)]


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
