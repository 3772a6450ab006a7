"""What arguments are called that make a pass in training another than one in predictions."""

import pytest

from chainrule.gradcheck.program.switch_names import (
    OTHER_MODES,
    is_mode,
    is_smoothing,
    is_training,
    keeps,
    switched_off,
    with_chance,
)


@pytest.mark.parametrize(
    ("name", "off", "some"),
    [
        ("dropout_rate", "0.0", "0.4"),
        ("p_drop", "0.0", "0.4"),
        ("keep_prob", "1.0", "0.6"),
        ("label_smoothing", "0.0", None),
        ("learning_rate", None, None),
    ],
)
def test_nothing_is_drawn_or_smoothed_where_it_is_switched_off(name, off, some):
    assert (switched_off(name), with_chance(name)) == (off, some)


def test_dropout_alone_is_what_its_given_value_says():
    assert [with_chance("dropout", given) for given in ("0", "1.0", "0.3")] == ["0.4", "0.6", None]


def test_modes_and_smoothing_are_told_by_their_names():
    assert all(map(is_mode, ["training", "is_train", "mode", "test_mode"]))
    assert [is_training(name) for name in ("is_train", "test_mode", "train_size")] == [True, False, False]
    assert [is_smoothing(name) for name in ("label_smoothing", "smooth_loss")] == [True, False]
    assert OTHER_MODES["train"] == "test"


@pytest.mark.parametrize(
    "name", ["save_cache", "retain_derived", "keep", "requires_grad", "store_for_backward"]
)
def test_a_switch_may_keep_what_the_backward_pass_needs(name):
    assert keeps(name)
    assert not keeps("training")
