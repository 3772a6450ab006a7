"""Training that stops and goes on: the same bits, whoever left and whoever joined."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.transforms.transform import fit
from chainrule.train.population import Training
from chainrule.train.state import State, pack

NETS = [{}, {"hidden": (6,), "batch_norm": True, "loss": "hinge"}]
EVALUATE = ["curves", "validation"]


@pytest.fixture
def begin(splits, engine):
    def start_training(members, seed=3, start=None, dtype=np.float32):
        transform = fit("center", splits["train"].images, 255)
        return Training(members, seed, splits, transform, 4, dtype, start)

    return start_training


def advanced(training, epoch):
    while training.epoch < epoch:
        training.train_epoch()
    return training


def assert_equal(one, other):
    for name in ("histories", "final", "best", "diverged"):
        assert getattr(one, name) == getattr(other, name), name
    for name, array in one.last.items():
        np.testing.assert_array_equal(array, other.last[name])
        np.testing.assert_array_equal(one.best_weights[name], other.best_weights[name])


def sweep(settings, **own):
    """Calm nets, and one that diverges in its second epoch."""
    wild = {"learning_rate": 60.0, "l2": 0.06}
    return [settings(epochs=5, **own, **more) for more in ({}, {"l2": 0.1}, wild, {"init": "he"})]


@pytest.mark.parametrize("evaluate", EVALUATE)
@pytest.mark.parametrize("net", NETS, ids=str)
@pytest.mark.parametrize("stop", [0, 1, 3, 5])
def test_restored_training_gives_the_same_bits(settings, begin, net, evaluate, stop):
    members = sweep(settings, evaluate=evaluate, **net)
    undisturbed = advanced(begin(members), 5).outcome()
    state = advanced(begin(members), stop).state().take(range(4))
    before = {name: array.copy() for name, array in state.arrays.items()}
    assert_equal(advanced(begin(members, start=state), 5).outcome(), undisturbed)
    assert undisturbed.diverged[2] is not None
    for name, array in before.items():
        np.testing.assert_array_equal(array, state.arrays[name])


@pytest.mark.parametrize("evaluate", EVALUATE)
def test_looking_at_a_rung_changes_nothing(settings, begin, evaluate):
    members = sweep(settings, evaluate=evaluate)
    training = advanced(begin(members), 2)
    rung = training.outcome()
    assert_equal(advanced(training, 5).outcome(), advanced(begin(members), 5).outcome())
    assert rung.histories[0].epoch[-1] == 2
    assert {final["test_accuracy"] for final in rung.final} == {None}
    assert all(final["val_accuracy"] is not None for final in (rung.final[0], rung.final[3]))


def test_a_rung_is_scored_as_training_that_ends_there(settings, begin):
    rung = advanced(begin(sweep(settings, evaluate="validation")), 2).outcome()
    short = [one.model_copy(update={"epochs": 2}) for one in sweep(settings, evaluate="validation")]
    assert_equal(rung, advanced(begin(short), 2).outcome())


@pytest.mark.parametrize("net", NETS, ids=str)
def test_survivors_are_as_if_nobody_had_left(settings, begin, net):
    members = sweep(settings, **net)
    whole = advanced(begin(members, dtype=np.float64), 5).outcome()
    state = advanced(begin(members, dtype=np.float64), 2).state().take([3, 0])
    left = advanced(begin([members[3], members[0]], start=state, dtype=np.float64), 5).outcome()
    for index, origin in enumerate((3, 0)):
        np.testing.assert_allclose(left.last["W1"][index], whole.last["W1"][origin], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            left.histories[index].val_loss, whole.histories[origin].val_loss, rtol=1e-9
        )


def test_survivors_of_several_populations_train_as_one(settings, begin):
    members = sweep(settings)
    whole = advanced(begin(members, dtype=np.float64), 5).outcome()
    first, second = (
        advanced(begin(part, dtype=np.float64), 2).state() for part in (members[:2], members[2:])
    )
    packed = pack([second.take([1]), first.take([1])])
    outcome = advanced(begin([members[3], members[1]], start=packed, dtype=np.float64), 5).outcome()
    for index, origin in enumerate((3, 1)):
        np.testing.assert_allclose(outcome.last["W1"][index], whole.last["W1"][origin], rtol=1e-9, atol=1e-12)
        assert outcome.best[index].epoch == whole.best[origin].epoch


def test_nets_at_different_epochs_are_not_packed(settings, begin):
    one, other = (advanced(begin([settings(epochs=5)]), epoch).state() for epoch in (1, 2))
    with pytest.raises(ValueError, match="one epoch"):
        pack([one, other])
    with pytest.raises(ValueError, match="one kind"):
        pack([one, State(1, {"now.W1": one.arrays["now.W1"]})])


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_same_rows_part_by_part_are_epochs(splits, settings, optimizer):
    """Two trainings of an epoch, the second from where the first ended, and one of two."""
    own = settings(shuffle=False, optimizer=optimizer, ema=0.5)
    transform = fit("center", splits["train"].images, 255)

    def training(epochs, **going_on):
        return Training([own.model_copy(update={"epochs": epochs})], 3, splits, transform, 4, **going_on)

    whole = advanced(training(2), 2)
    first = advanced(training(1), 1)
    updates = -(-len(splits["train"]) // own.batch_size)
    second = advanced(training(1, start=first.state().anew(), before=updates), 1)
    for name, array in whole.state().arrays.items():
        if name.startswith(("now.", "optimizer.")):
            np.testing.assert_array_equal(second.state().arrays[name], array)
