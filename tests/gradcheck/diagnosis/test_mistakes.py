"""The mistakes that the diagnosis makes on purpose."""

import numpy as np
import pytest

from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.diagnosis import derivation, mistakes
from chainrule.gradcheck.diagnosis.activations import RELU, SIGMOID, TANH, leaky
from chainrule.gradcheck.diagnosis.losses import LOSSES
from chainrule.gradcheck.diagnosis.mistakes import NotHere
from support.drawn_nets import PENALTY, drawn_net, gradient_with
from support.samples import one_in

SUITABLE = [
    drawn_net((5,) * 6, loss, eps, samples=samples, seed=seed, penalty=penalty, activation=activation)
    for seed, (loss, activation, eps, samples, penalty) in enumerate(
        (loss, activation, eps, samples, penalty)
        for loss, activation in (
            *((loss, RELU) for loss in sorted(LOSSES)),
            ("cross_entropy", TANH),
            ("hinge", SIGMOID),
            ("cross_entropy", leaky(0.1)),
        )
        for eps in (None, 1e-3)
        for samples, penalty in ((9, PENALTY), (5, {}), (9, dict.fromkeys(("b1", "gamma1", "beta1"), 0.1)))
    )
]


RIGHT = [gradient_with(net, {}) for net in SUITABLE]


MISTAKES = mistakes.everything()


def changes_something(mistake):
    for net, right in zip(SUITABLE, RIGHT, strict=True):
        for layer in range(1, len(net.layers) + 1):
            try:
                gradient = gradient_with(net, {(mistake.step, layer): mistake.function})
            except NotHere:
                continue
            if any(
                np.shape(gradient[name]) == np.shape(g) and not np.allclose(gradient[name], g, 1e-6, 1e-12)
                for name, g in right.items()
            ):
                return True
    return False


@pytest.mark.parametrize(
    "number", one_in(3, range(len(MISTAKES))), ids=lambda n: f"{MISTAKES[n].bug.name}-{MISTAKES[n].step}-{n}"
)
def test_every_mistake_of_the_catalogue_can_be_made_and_changes_some_gradient(number):
    assert changes_something(MISTAKES[number])


def test_every_mistake_has_a_known_step_cause_and_words():
    for mistake in MISTAKES:
        assert mistake.bug in BUGS.values()
        assert mistake.step in derivation.RIGHT
        assert mistake.words.format(samples=9)


def gradient_of(cause, net, step, layer, words=""):
    (mistake, *_) = [m for m in MISTAKES if (m.bug.name, m.step) == (cause, step) and words in m.words]
    return gradient_with(net, {(step, layer): mistake.function})


@pytest.mark.parametrize(
    ("cause", "factor"), [("missing-batch-mean", 9), ("double-batch-mean", 1 / 9), ("wrong-sign", -1)]
)
def test_a_factor_at_the_scores_is_one_of_the_whole_data_part(cause, factor):
    net = drawn_net((4, 6, 3), penalty={})
    right, wrong = gradient_with(net, {}), gradient_of(cause, net, "error", 2)
    for name, g in right.items():
        np.testing.assert_allclose(wrong[name], factor * g)


@pytest.mark.parametrize(
    ("cause", "factor"),
    [
        ("regulariser-missing", 0),
        ("regulariser-half", 0.5),
        ("regulariser-double", 2),
        ("regulariser-sign", -1),
    ],
)
def test_a_factor_of_the_penalty_is_one_of_the_weights(cause, factor):
    net = drawn_net((4, 6, 3))
    right, wrong = gradient_with(net, {}), gradient_of(cause, net, "penalty", 1)
    W = net.layers[0].W
    np.testing.assert_allclose(wrong["W1"] - right["W1"], (factor - 1) * 2 * PENALTY["W1"] * W)
    for name in ("b1", "W2", "b2"):
        np.testing.assert_array_equal(wrong[name], right[name])


def test_labels_left_out_add_their_counts_to_the_last_bias():
    net = drawn_net((4, 6, 3))
    right, wrong = gradient_with(net, {}), gradient_of("missing-one-hot", net, "error", 2)
    counts = np.bincount(net.y, minlength=3)
    np.testing.assert_allclose(net.samples * (wrong["b2"] - right["b2"]) / net.factor, counts)


def test_a_mean_held_constant_leaves_a_gradient_in_the_bias_in_front():
    net = drawn_net((4, 6, 3), eps=1e-3)
    right = gradient_with(net, {})
    wrong = gradient_of("batchnorm-mean-constant", net, "normalise_backward", 1)
    assert np.abs(right["b1"]).max() < 1e-14
    assert np.abs(wrong["b1"]).max() > 1e-3
    still = gradient_of("batchnorm-variance-constant", net, "normalise_backward", 1)
    assert np.abs(still["b1"]).max() < 1e-14


def test_a_mistake_that_cannot_be_made_is_not_made():
    net = drawn_net((4, 6, 3), "hinge")
    derivation.forward(net, {})
    with pytest.raises(NotHere):
        gradient_of("missing-one-hot", net, "error", 2)
    with pytest.raises(NotHere):
        gradient_of("transposed", net, "weight", 1)
