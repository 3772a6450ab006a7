"""What holds for weights of samples, whatever the net: gradients, both engines, transforms, members by themselves."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from chainrule.components import LOSSES, TRANSFORMS
from chainrule.data.prepared import fitted
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit
from chainrule.train.evaluate import evaluate
from chainrule.train.population import Training, train
from support.components import names
from support.nets import NORMED, PLAIN, assert_close, case, trained
from support.numeric import central_difference
from support.prototypes import learned_splits, prototype_settings

nets = pytest.mark.parametrize("net", [*PLAIN, *NORMED], ids=str)
losses = pytest.mark.parametrize("loss", names(LOSSES))
engines = pytest.mark.parametrize("engine", ["layers", "compiled"])
WEIGHTS = np.random.default_rng(0).uniform(0, 2, (3, 9))


@nets
@losses
def test_the_gradient_is_that_of_the_weighted_cost_by_central_differences(net, loss):
    network, parameters, x, y, l2 = case(net, loss, 3, 9)
    cost, gradient = network.gradient(parameters, x, y, l2, WEIGHTS)
    for name, array in trained(parameters).items():
        numeric = central_difference(
            lambda: float(network.gradient(parameters, x, y, l2, WEIGHTS)[0].sum()), array
        )
        np.testing.assert_allclose(gradient[name], numeric, rtol=0, atol=1e-7, err_msg=name)
    for member, weights in enumerate(WEIGHTS):
        alone = {name: array[member : member + 1] for name, array in parameters.items()}
        solo, _ = network.gradient(alone, x, y, l2[member : member + 1], weights[np.newaxis])
        np.testing.assert_allclose(solo[0], cost[member], rtol=1e-12)


@nets
@losses
def test_a_sample_of_weight_2_counts_as_two_and_one_of_weight_0_as_none(net, loss):
    network, parameters, x, y, l2 = case(net, loss, 2, 9)
    counts = np.array([2, 0, 1, 1, 3, 0, 1, 2, 1])
    cost, gradient = network.gradient(parameters, x, y, l2, counts[np.newaxis].astype(float))
    repeated = np.repeat(np.arange(9), counts)
    expected, others = network.gradient(parameters, x[repeated], y[repeated], l2)
    np.testing.assert_allclose(cost, expected, rtol=1e-12)
    assert_close(gradient, others, 1e-11)


@losses
@engines
def test_rows_repeated_train_the_same_net_as_rows_weighted_in_one_full_batch(loss, engine, splits, compiling):
    if engine == "compiled" and LOSSES[loss].kernel is None:
        pytest.skip("the layers train it")
    splits, outputs = learned_splits(splits, loss)
    data = splits["train"]
    counts = np.random.default_rng(1).integers(0, 4, len(data))
    repeated = np.repeat(np.arange(len(data)), counts)
    outcomes = []
    for part in (
        Split(data.images[repeated], data.labels[repeated]),
        Split(data.images, data.labels, counts[np.newaxis].astype(float)),
    ):
        settings = prototype_settings(
            loss=loss,
            hidden=(6,),
            batch_norm=True,
            preprocess="standardize",
            batch_size=500,
            epochs=5,
            l2=0.01,
        )
        given = splits | {"train": part}
        transform = fitted("standardize", part, 255)
        outcomes.append(train([settings], 0, given, transform, outputs, dtype=np.float64, engine=engine))
    assert_close(outcomes[1].last, outcomes[0].last, 1e-9)
    for curve in ("train_loss", "train_accuracy", "val_loss"):
        weighted, plain = (
            np.array(outcome.histories[0].curve(curve), float) for outcome in reversed(outcomes)
        )
        np.testing.assert_allclose(weighted, plain, rtol=1e-9)


def weighted(splits, weights):
    return splits | {"train": dataclasses.replace(splits["train"], weights=weights)}


def begun(splits, engine, members=3, **own):
    own = {"hidden": (6, 5), "batch_norm": True, "l2": 0.1} | own
    settings = [prototype_settings(**own)] * members
    splits, outputs = learned_splits(splits, settings[0].loss)
    transform = fit("center", splits["train"].images, 255)
    return Training(settings, 3, splits, transform, outputs, np.float64, engine=engine)


@losses
def test_both_engines_agree_whatever_members_weigh(loss, splits, compiling):
    if LOSSES[loss].kernel is None:
        pytest.skip("the layers train it")
    weights = np.random.default_rng(2).choice([0.0, 0.5, 3.0], (3, len(splits["train"])))
    ours, theirs = (begun(weighted(splits, weights), engine, loss=loss) for engine in ("compiled", "layers"))
    for training in (ours, theirs):
        training.train_epoch()
        training.train_epoch()
    assert_close(ours.outcome().last, theirs.outcome().last, 1e-10)
    for one, other in zip(ours.outcome().histories, theirs.outcome().histories, strict=True):
        for curve in ("train_loss", "train_accuracy"):
            np.testing.assert_allclose(*(np.array(o.curve(curve), float) for o in (one, other)), rtol=1e-9)


@engines
def test_a_member_among_others_weighs_as_if_alone(engine, splits, compiling):
    weights = np.random.default_rng(2).choice([0.0, 1.0, 2.0], (3, len(splits["train"])))
    together = begun(weighted(splits, weights), engine)
    alone = begun(weighted(splits, weights[1:2]), engine, members=1)
    for training in (together, alone):
        training.train_epoch()
    last = {name: array[1:2] for name, array in together.outcome().last.items()}
    assert_close(alone.outcome().last, last, 1e-10)


@engines
@pytest.mark.parametrize("shape", [(1, 95), (3, 95)])
def test_equal_weights_change_nothing(engine, shape, splits, compiling):
    equal, plain = (begun(one, engine) for one in (weighted(splits, np.full(shape, 7.0)), splits))
    for training in (equal, plain):
        training.train_epoch()
    assert_close(equal.outcome().last, plain.outcome().last, 1e-12)


@engines
def test_a_minibatch_of_weight_0_moves_nothing(engine, splits, compiling):
    weights = np.ones((3, len(splits["train"])))
    weights[1, 10:] = 0  # in the images' own order all but the first minibatch
    training = begun(weighted(splits, weights), engine, shuffle=False)
    transform = fit("center", splits["train"].images, 255)
    settings = [prototype_settings(hidden=(6, 5), batch_norm=True, l2=0.1, shuffle=False)] * 3
    first = {name: Split(part.images[:10], part.labels[:10]) for name, part in splits.items()}
    once = Training(settings, 3, first, transform, 4, np.float64, engine=engine)
    for one in (training, once):
        one.train_epoch()
    ours, theirs = (one.outcome().last for one in (training, once))
    assert_close(*({name: array[1:2] for name, array in last.items()} for last in (ours, theirs)), 1e-12)
    assert all(abs(ours[name][0] - array[0]).max() > 0 for name, array in theirs.items())


@pytest.mark.parametrize("name", names(TRANSFORMS))
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_transforms_count_rows_as_often_as_they_weigh(name, dtype):
    rng = np.random.default_rng(3)
    images, counts = rng.integers(0, 256, (300, 5)).astype(dtype), rng.integers(0, 3, 300)
    by_weight = fit(name, images, 255, counts.astype(float))
    repeated = fit(name, np.repeat(images, counts, axis=0), 255)
    np.testing.assert_allclose(by_weight.scale, repeated.scale, rtol=1e-12)
    np.testing.assert_allclose(by_weight.shift, repeated.shift, rtol=1e-12, atol=1e-12)


@losses
def test_an_evaluation_is_the_weighted_mean_of_each_member(loss, splits):
    network, parameters, *_ = case(NORMED[0], loss, 3, 9)
    val = learned_splits(splits, loss)[0]["val"]
    images, labels = val.images[:9, :7], val.labels[:9]
    transform = fit("center", images, 255)
    found = evaluate(network, parameters, Split(images, labels, WEIGHTS), transform)
    for member, weights in enumerate(WEIGHTS):
        each = [
            evaluate(network, parameters, Split(images[n : n + 1], labels[n : n + 1]), transform)
            for n in range(9)
        ]
        for measured, values in ((found.loss, "loss"), (found.accuracy, "accuracy")):
            if measured is None:
                continue
            expected = np.average([getattr(one, values)[member] for one in each], weights=weights)
            np.testing.assert_allclose(measured[member], expected, rtol=1e-12)
