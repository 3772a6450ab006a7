"""Means of weights: what they are made of, and that training knows nothing of them."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.transforms.transform import fit
from chainrule.train.averaging import average
from chainrule.train.population import Training
from support.prototypes import prototype_settings


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_mean_is_that_of_all_weights_so_far_the_older_the_less(dtype):
    weights = np.random.default_rng(0).normal(size=(20, 3, 2)).astype(dtype)
    shares, means = np.array([0.0, 0.5, 0.99]), {"b1": np.full((3, 2), 1e6, dtype)}
    for t, now in enumerate(weights):
        average(means, {"b1": now}, t, shares, None)
        for member, share in enumerate(shares):
            expected = np.average(weights[: t + 1, member], axis=0, weights=share ** np.arange(t, -1, -1.0))
            np.testing.assert_allclose(
                means["b1"][member], expected, rtol=1e-4 if dtype is np.float32 else 1e-12
            )
    np.testing.assert_array_equal(means["b1"][0], weights[-1, 0])
    assert means["b1"].dtype == dtype


def test_of_whom_a_minibatch_does_not_move_the_mean_stays():
    means = {"b1": np.array([[1.0], [1.0]])}
    average(means, {"b1": np.array([[3.0], [3.0]])}, 5, np.array([0.5, 0.5]), np.array([True, False]))
    assert means["b1"][0] > 1 == means["b1"][1]


def test_it_is_evaluated_and_kept_and_training_goes_on_from_the_weights(splits):
    own = {"hidden": (6,), "batch_norm": True, "optimizer": "momentum", "learning_rate": 0.01}
    plain, averaged = (
        Training(
            [prototype_settings(**own, ema=share)], 3, splits, fit("center", splits["train"].images, 255), 4,
            np.float64, engine="layers",
        )
        for share in (0.0, 0.9)
    )  # fmt: skip
    for training in (plain, averaged):
        training.train_epoch()
    weights = plain.state().arrays
    for name, array in averaged.state().arrays.items():
        if name.startswith("optimizer.trained."):
            np.testing.assert_array_equal(array, weights[f"now.{name.removeprefix('optimizer.trained.')}"])
    assert not np.array_equal(averaged.state().arrays["now.W1"], weights["now.W1"])
    losses = [training.outcome().histories[0].val_loss for training in (plain, averaged)]
    assert losses[0][0] == losses[1][0]
    assert losses[0][1] != losses[1][1]
    np.testing.assert_array_equal(averaged.outcome().last["W1"], averaged.state().arrays["now.W1"])
