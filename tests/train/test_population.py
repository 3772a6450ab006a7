"""The training loop: against a plain loop, members against solo runs, divergence, every option at work."""

from __future__ import annotations

import numpy as np
import pytest
from autograd import grad

from chainrule.data.batches import epoch_order
from chainrule.data.transforms.transform import fit
from chainrule.errors import SettingsError
from chainrule.nn.network import Network
from chainrule.records.runs import CURVES, Divergence
from chainrule.train.population import Training
from support.numeric import cost as plain_cost


def assert_same(ours, theirs, relative):
    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        atol = relative * max(np.abs(expected).max(), 1e-3)
        np.testing.assert_allclose(ours[name], expected, rtol=0, atol=atol, err_msg=name)


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
@pytest.mark.parametrize(("hidden", "batch_norm"), [((), False), ((5,), False), ((5, 4), True)])
@pytest.mark.parametrize("shuffle", [True, False])
def test_equals_a_plain_loop_over_autograd(settings, run, splits, loss, hidden, batch_norm, shuffle):
    rate = {"start": 0.1, "decay_per_epoch": 0.5}
    one = settings(
        loss=loss, hidden=hidden, batch_norm=batch_norm, shuffle=shuffle, l2=0.05, learning_rate=rate
    )
    outcome = run(one, seed=3)

    data = splits["train"]
    x = data.images / 255.0
    x = x - x.mean(axis=0)
    start = Network((12, *hidden, 4), loss, batch_norm).initial(3, [one.init], np.float64)
    running = ("mean", "variance")
    parameters = {name: array[0] for name, array in start.items() if not name.startswith(running)}
    for epoch in range(3):
        order = epoch_order(3, epoch, 95) if shuffle else np.arange(95)
        for first in range(0, 95, 10):
            rows = order[first : first + 10]
            step = grad(lambda p, rows=rows: plain_cost(loss, p, x[rows], data.labels[rows], 0.05))(
                parameters
            )
            parameters = {name: parameters[name] - 0.1 * 0.5**epoch * step[name] for name in parameters}
    last = {name: array[0] for name, array in outcome.last.items() if not name.startswith(running)}
    assert_same(last, parameters, 1e-10)
    history = outcome.histories[0]
    if not batch_norm:
        cost = plain_cost(loss, parameters, x, data.labels, 0.05)
        assert history.train_cost[-1] == pytest.approx(cost, rel=1e-9)
    assert history.step == [0, 10, 20, 30]
    assert history.epoch == [0, 1, 2, 3]
    assert history.learning_rate == pytest.approx([0.1, 0.1, 0.05, 0.025])


@pytest.mark.parametrize(("hidden", "batch_norm"), [((), False), ((6, 5), False), ((6, 5), True)])
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-12), (np.float32, 1e-4)])
def test_members_equal_solo_runs(settings, run, hidden, batch_norm, dtype, relative):
    net = {"hidden": hidden, "batch_norm": batch_norm}
    members = [
        settings(**net),
        settings(**net, l2=0.1, init="he"),
        settings(**net, l2=0.01, learning_rate=0.02, init={"normal": 0.3, "bias": 0.1}),
        settings(**net, learning_rate={"start": 0.3, "decay_per_epoch": 0.7}, init="xavier"),
    ]
    together = run(*members, dtype=dtype)
    for index, member in enumerate(members):
        alone = run(member, dtype=dtype)
        assert_same(alone.last, {name: a[index : index + 1] for name, a in together.last.items()}, relative)
        for curve in CURVES:
            ours, theirs = together.histories[index].curve(curve), alone.histories[0].curve(curve)
            np.testing.assert_allclose(ours, theirs, rtol=relative * 10, atol=0.011 * (relative > 1e-6))


def test_the_same_plan_gives_the_same_bits(settings, run):
    first, second = (run(settings(), settings(l2=0.1), dtype=np.float32) for _ in range(2))
    assert first.histories == second.histories
    for name, array in first.last.items():
        np.testing.assert_array_equal(array, second.last[name])


@pytest.mark.parametrize("hidden", [(), (6,)])
@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_a_diverging_member_is_frozen_and_disturbs_nobody(settings, run, hidden, loss):
    calm = settings(hidden=hidden, loss=loss)
    # 1 - 2 * rate * l2 = -79: the weights grow seventy-nine-fold a step until float32 overflows.
    wild = settings(hidden=hidden, loss=loss, learning_rate=400.0, l2=0.1, epochs=3)
    alone, together = run(calm, calm, dtype=np.float32), run(calm, wild, dtype=np.float32)
    assert together.diverged[0] is None
    assert isinstance(together.diverged[1], Divergence)
    for name, array in alone.last.items():
        np.testing.assert_array_equal(together.last[name][0], array[0])
    assert together.histories[0] == alone.histories[0]

    kept = together.diverged[1].kept_step
    assert kept <= together.diverged[1].step <= 30
    history = together.histories[1]
    for curve in CURVES:
        finite = [value is not None for value in history.curve(curve)]
        assert finite == [step <= kept for step in history.step]
    assert all(np.isfinite(array[1]).all() for array in together.last.values())
    assert together.final[1]["train_loss"] == [v for v in history.train_loss if v is not None][-1]


def test_divergence_is_noticed_at_its_step(settings, run):
    outcome = run(settings(learning_rate=1e30, l2=1.0), dtype=np.float32)
    divergence = outcome.diverged[0]
    assert divergence is not None
    assert divergence.kept_step == 0
    assert divergence.step < 9


def test_best_weights_are_those_of_the_best_epoch(settings, run):
    one = settings(epochs=6, learning_rate=2.0)
    outcome = run(one, seed=1)
    history, best = outcome.histories[0], outcome.best[0]
    assert best.val_accuracy == max(history.val_accuracy)
    assert best.epoch == history.val_accuracy.index(best.val_accuracy)
    assert 0 < best.epoch < 6
    until_then = run(settings(epochs=best.epoch, learning_rate=2.0), seed=1)
    for name, array in until_then.last.items():
        np.testing.assert_array_equal(outcome.best_weights[name], array)
        assert not np.array_equal(outcome.last[name], array)


def test_final_metrics_are_those_of_the_last_weights(settings, run, splits):
    outcome = run(settings(), settings(l2=0.1, loss="cross_entropy"), seed=1)
    transform = fit("center", splits["train"].images, 255)
    for member in (0, 1):
        for name, part in splits.items():
            x = part.images * transform.scale + transform.shift
            scores = x @ outcome.last["W1"][member].T + outcome.last["b1"][member]
            accuracy = (scores.argmax(axis=1) == part.labels).mean()
            chosen = scores[np.arange(len(scores)), part.labels]
            loss = (np.log(np.exp(scores).sum(axis=1)) - chosen).mean()
            assert outcome.final[member][f"{name}_accuracy"] == pytest.approx(accuracy)
            assert outcome.final[member][f"{name}_loss"] == pytest.approx(loss)


@pytest.mark.parametrize(
    "change",
    [
        {"preprocess": "scale_to_unit"},
        {"preprocess": "standardize"},
        {"hidden": (5,)},
        {"loss": "hinge"},
        {"init": "he"},
        {"init": "xavier"},
        {"init": {"normal": 0.2}},
        {"init": {"normal": 0.1, "bias": 0.1}},
        {"batch_size": 11},
        {"epochs": 4},
        {"shuffle": False},
        {"order": "shared"},
        {"learning_rate": 0.2},
        {"learning_rate": {"start": 0.1, "decay_per_epoch": 0.9}},
        {"learning_rate": {"min": 0.01, "max": 0.2, "half_cycle": 15}},
        {"l2": 0.01},
        {"evaluate": "validation"},
    ],
    ids=str,
)
def test_every_option_changes_the_outcome(settings, run, change):
    assert run(settings(**change)).histories != run(settings()).histories


def test_batch_norm_changes_the_outcome(settings, run):
    plain, normed = (run(settings(hidden=(5,), batch_norm=wanted)).histories for wanted in (False, True))
    assert plain != normed


def test_the_share_of_running_values_changes_evaluation_and_no_weight(settings, run):
    usual, other = (
        run(settings(hidden=(5,), batch_norm=True, **own)) for own in ({}, {"running_share": 0.0})
    )
    assert other.histories[0].val_loss[1:] != usual.histories[0].val_loss[1:]
    np.testing.assert_array_equal(other.last["W1"], usual.last["W1"])


def test_evaluation_moves_no_running_value(settings, run):
    first, second = (run(settings(hidden=(5,), batch_norm=True, epochs=epochs)) for epochs in (1, 2))
    assert first.histories[0].val_loss == second.histories[0].val_loss[:2]
    assert (first.last["mean1"] != second.last["mean1"]).all()


def test_running_values_go_on_from_epoch_to_epoch(settings, run, splits):
    one = settings(hidden=(5,), batch_norm=True, learning_rate=1e-12, epochs=2)
    outcome = run(one, seed=2)
    W = Network((12, 5, 4), "cross_entropy", True).initial(2, [one.init], np.float64)["W1"][0]
    transform = fit("center", splits["train"].images, 255)
    s = (splits["train"].images * transform.scale + transform.shift) @ W.T
    batches = [
        epoch_order(2, epoch, 95)[first : first + 10] for epoch in (0, 1) for first in range(0, 95, 10)
    ]
    mean = s[batches[0]].mean(axis=0)
    for rows in batches[1:]:
        mean = 0.9 * mean + 0.1 * s[rows].mean(axis=0)
    np.testing.assert_allclose(outcome.last["mean1"][0], mean, atol=1e-8)


def test_the_seed_changes_the_outcome(settings, run):
    assert run(settings(), seed=1).histories != run(settings(), seed=2).histories


@pytest.mark.parametrize("net", [{}, {"hidden": (5,), "batch_norm": True}])
def test_validation_alone_once_at_the_end(settings, run, net):
    whole, brief = run(settings(**net)), run(settings(**net, evaluate="validation"))
    for name, array in whole.last.items():
        np.testing.assert_array_equal(brief.last[name], array)
    history = brief.histories[0]
    assert (history.epoch, history.step) == ([3], [30])
    assert history.val_cost == whole.histories[0].val_cost[-1:]
    assert history.train_loss == [None]
    expected = {name: whole.final[0][name] for name in ("val_loss", "val_accuracy")}
    assert {name: value for name, value in brief.final[0].items() if value is not None} == expected


def test_members_that_cannot_share_a_population_are_refused(settings, run):
    with pytest.raises(SettingsError, match=r"batch_size, epochs: differ"):
        run(settings(), settings(batch_size=5, epochs=9))


def test_learning_happens(settings, run):
    history = run(settings(epochs=20), dtype=np.float32).histories[0]
    assert history.val_accuracy[-1] > 0.8
    assert history.train_loss[-1] < history.train_loss[0] / 2


def ended(training):
    while training.epoch < training.members[0].epochs:
        training.train_epoch()
    return training.outcome()


def test_members_may_have_initial_weights_of_their_own(settings, splits):
    transform, one = fit("center", splits["train"].images, 255), settings(hidden=(5,), batch_norm=True)

    def train(*inits):
        return ended(Training([one] * len(inits), 3, splits, transform, 4, np.float64, inits=inits)).last

    together = train(7, 3, 7)
    assert_same(together, {name: array[[2, 1, 0]] for name, array in together.items()}, 1e-12)
    assert_same(train(3), {name: array[1:2] for name, array in together.items()}, 1e-12)
    same = ended(Training([one], 3, splits, transform, 4, np.float64)).last
    assert_same(train(3), same, 0)
    assert abs(together["W1"][0] - together["W1"][1]).max() > 0.1


def test_seeds_of_one_order_are_one_population_and_equal_themselves_alone(settings, splits):
    transform, one = fit("center", splits["train"].images, 255), settings(hidden=(5,), order="shared")

    def train(*seeds):
        return ended(
            Training([one] * len(seeds), seeds[0], splits, transform, 4, np.float64, inits=seeds)
        ).last

    together = train(7, 3)
    for place, seed in enumerate((7, 3)):
        assert_same(train(seed), {name: array[[place]] for name, array in together.items()}, 1e-12)
    assert abs(together["W1"][0] - together["W1"][1]).max() > 0.1


def test_without_a_validation_split_the_last_weights_count_as_best(settings, splits):
    transform = fit("center", splits["train"].images, 255)
    without = {name: splits[name] for name in ("train", "test")}
    for evaluate in ("curves", "validation"):
        one = settings(evaluate=evaluate)
        outcome = ended(Training([one], 3, without, transform, 4, np.float64))
        whole = ended(Training([one], 3, splits, transform, 4, np.float64))
        assert_same(outcome.last, whole.last, 0)
        assert_same(outcome.best_weights, outcome.last, 0)
        assert outcome.final[0]["val_loss"] is None
        assert outcome.final[0]["train_loss"] == whole.final[0]["train_loss"]
