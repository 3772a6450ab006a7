"""What an estimator is told: what is refused, and what nets are trained with."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import DataError
from chainrule.estimators.parameters import ParameterError, RowsError, read, told_as_value_errors
from chainrule.train.schedules.rates import rates

USUAL = {
    "hidden": (10,), "activation": "relu", "batch_norm": None, "l2": 0.0, "optimizer": "sgd", "learning_rate": 0.5,
    "schedule": "cycle", "batch_size": None, "epochs": 5, "members": 1, "validation_fraction": None,
}  # fmt: skip


def test_numbers_and_lists_of_numpy_are_taken_for_what_they_are():
    told = {
        "hidden": np.array([4, 5]),
        "l2": np.float32(0.5),
        "epochs": np.int64(7),
        "batch_norm": np.bool_(False),
    }
    given = read(USUAL | told)
    assert (given.hidden, given.l2, given.epochs, given.batch_norm) == ((4, 5), 0.5, 7, False)
    assert read(USUAL | {"hidden": np.int64(4)}).hidden == (4,)


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"activation": "relo"}, "activation = 'relo': did you mean 'relu'?"),
        ({"schedule": "wave"}, "schedule = 'wave': known: constant, cosine, cycle, decay"),
        ({"hidden": (5, -1)}, "hidden.1 = -1: should be greater than or equal to 1"),
        ({"hidden": "5"}, "hidden = '5': should be a valid tuple"),
        ({"l2": float("nan")}, "l2 = nan: should be a finite number"),
        ({"members": True}, "members = True: should be a valid integer"),
        ({"validation_fraction": 1}, "validation_fraction = 1: should be less than 1"),
        (
            {"hidden": (), "batch_norm": True},
            "batch_norm = True: there is no hidden layer to normalise; leave it out, or give hidden",
        ),
        (
            {"hidden": (), "dropout": 0.5},
            "dropout = 0.5: there is no hidden layer to leave units out of; leave it out, or give hidden",
        ),
        *(
            (
                {"early_stopping": value},
                f"early_stopping = {value!r}: write 'auto', True, False, or a number of epochs, 1 or more; or "
                "{'metric': 'roc_auc', 'patience': 10}",
            )
            for value in (0, 0.5, "aut", None)
        ),
        (
            {"early_stopping": {"metric": "roc_au"}},
            "early_stopping = {'metric': 'roc_au'}: metric = 'roc_au': did you mean 'roc_auc'?; patience: is missing "
            "and has no default; add it",
        ),
        (
            {"early_stopping": 5, "epochs": 5},
            "early_stopping = 5: never stops in epochs = 5; give fewer, or False",
        ),
        (
            {"early_stopping": {"metric": "roc_auc", "patience": 99}, "epochs": 5},
            "early_stopping = {'metric': 'roc_auc', 'patience': 99}: never stops in epochs = 5; give fewer, or False",
        ),
        ({"ema": 1.0}, "ema = 1.0: should be less than 1"),
        ({"learnin_rate": 1}, "learnin_rate: is no known key; did you mean 'learning_rate'?"),
    ],
)
def test_what_is_impossible_is_one_line(told, line):
    with pytest.raises(ParameterError) as refused:
        read(USUAL | told)
    assert refused.value.problems == (line,)
    assert isinstance(refused.value, ValueError)
    assert str(pickle.loads(pickle.dumps(refused.value))) == line


@pytest.mark.parametrize(
    ("schedule", "first", "largest", "last"),
    [
        ("constant", 0.5, 0.5, 0.5),
        ("decay", 0.5, 0.5, 0.005),
        ("cycle", 0.005, 0.5, 0.005),
        ("cosine", 0.25, 0.5, 0.016),
    ],
)
def test_a_schedule_runs_once_over_all_steps(schedule, first, largest, last):
    own = read(USUAL | {"schedule": schedule}).settings(64, "cross_entropy")
    steps = rates(own.learning_rate, 2, own.epochs)
    assert steps[0] == pytest.approx(first)
    assert steps.max() == pytest.approx(largest)
    assert steps[-1] == pytest.approx(last, abs=0.11)
    assert np.all(steps > 0)


@pytest.mark.parametrize(
    ("optimizer", "loss", "rate"),
    [("sgd", "cross_entropy", 0.3), ("sgd", "squared_error", 0.1), ("adam", "cross_entropy", 0.01),
     ({"momentum": 0.5}, "squared_error", 0.01)],
)  # fmt: skip
def test_a_rate_that_nobody_chose_is_the_optimizer_s(optimizer, loss, rate):
    given = read(USUAL | {"optimizer": optimizer, "learning_rate": None, "schedule": "constant"})
    assert given.settings(64, loss).learning_rate == pytest.approx(rate)


@given(st.integers(2, 300), st.integers(2, 300))
def test_no_row_is_left_alone_where_there_is_batch_norm(rows, asked):
    given = read(USUAL | {"batch_size": asked})
    size = given.workable_batch(rows)
    assert 2 <= size <= rows
    assert rows % size != 1
    plain = read(USUAL | {"batch_size": asked, "batch_norm": False})
    assert plain.workable_batch(rows) == min(asked, rows)


@pytest.mark.parametrize("told", [{}, {"hidden": ()}, {"epochs": 1}, {"epochs": 1, "schedule": "decay"}])
def test_settings_are_possible_for_few_rows(told):
    for rows in (2, 3, 32):
        assert read(USUAL | told).settings(rows, "squared_error").batch_size <= rows


def test_what_is_wrong_with_rows_is_a_value_error():
    with pytest.raises(RowsError) as refused, told_as_value_errors():
        raise DataError("one", "two")
    assert isinstance(refused.value, ValueError)
    assert refused.value.problems == ("one", "two")


def test_what_nets_are_told_beside_comes_into_their_settings():
    told = {"dropout": 0.3, "label_smoothing": 0.1, "clip": 2.0, "ema": 0.99}
    settings = read(USUAL | told).settings(100, "cross_entropy")
    assert {name: getattr(settings, name) for name in told} == told


@pytest.mark.parametrize(
    ("told", "rows", "patience", "share"),
    [
        ({}, 999, 0, None),
        ({}, 1000, 2, 0.1),
        ({"validation_fraction": 0.3}, 1000, 2, 0.3),
        ({"early_stopping": False}, 1000, 0, None),
        ({"early_stopping": True, "epochs": 60}, 50, 20, 0.1),
        ({"early_stopping": 4}, 50, 4, 0.1),
        ({"early_stopping": 4, "have_rows": True}, 50, 4, None),
        ({"drawable": False}, 1000, 0, None),
        ({"drawable": False, "have_rows": True}, 1000, 2, None),
        ({"drawable": False, "early_stopping": True}, 1000, 2, 0.1),
    ],
)
def test_members_stop_early_where_there_are_many_rows_or_somebody_says_so(told, rows, patience, share):
    there = {name: told[name] for name in ("have_rows", "drawable") if name in told}
    parameters = {name: value for name, value in told.items() if name not in there}
    given = read(USUAL | {"epochs": 6} | parameters).stopping(rows, **there)
    assert (given.early_stopping, given.validation_fraction) == (patience, share)


@pytest.mark.parametrize(
    ("told", "columns", "numbers", "expected"),
    [
        ({}, 5, False, (True, "he")),
        ({}, 9, True, (False, "glorot")),
        ({}, 10, True, (True, "he")),
        ({"batch_norm": True}, 5, True, (True, "he")),
        ({"batch_norm": False}, 50, False, (False, "glorot")),
        ({"hidden": ()}, 5, True, (False, "he")),
    ],
)
def test_numbers_of_few_columns_go_without_batch_norm_and_begin_with_small_weights(
    told, columns, numbers, expected
):
    given = read(USUAL | {"hidden": (10,), "l2": None} | told).normalised(columns, numbers=numbers)
    settings = given.settings(100, "squared_error" if numbers else "cross_entropy")
    assert (settings.batch_norm, settings.init) == expected
    plain = numbers and not expected[0]
    assert given.settings(3000, settings.loss).l2 == pytest.approx(1 / 3000 if plain else 1 / 1000)


def test_the_usual_l2_is_less_where_there_are_more_rows():
    usual = read(USUAL | {"l2": None})
    assert [usual.settings(rows, "cross_entropy").l2 for rows in (100, 600, 3000)] == [0.01, 0.005, 0.001]
    assert usual.settings(3000, "cross_entropy", counting=600).l2 == 0.005


def test_members_that_learn_classes_have_an_l2_of_their_own_where_nobody_says_one():
    usual = read(USUAL | {"l2": None})
    classes, numbers, few = (
        usual.settings(rows, loss)
        for rows, loss in ((3000, "cross_entropy"), (3000, "squared_error"), (100, "cross_entropy"))
    )
    each = [usual.of_member(classes, number).l2 for number in range(64)]
    assert each[0] == classes.l2
    assert len(set(each)) == 64
    assert classes.l2 / 8 == min(each) < max(each) < 8 * classes.l2
    assert max(usual.of_member(few, number).l2 for number in range(64)) == 0.04
    assert usual.of_member(numbers, 1) == numbers
    assert read(USUAL | {"l2": 0.5}).of_member(classes, 1) == classes


def test_a_minibatch_of_one_row_is_refused_where_there_is_batch_norm_indeed():
    given = read(USUAL | {"batch_size": 1, "batch_norm": None, "hidden": (5,)})
    assert given.normalised(4, numbers=True).batch_norm is False
    with pytest.raises(
        ParameterError, match="batch_size = 1: batch norm needs 2 rows or more; choose more, or batch_"
    ):
        given.normalised(5, numbers=True)
