"""The derivation that the diagnosis redoes, and the mistakes that it makes on purpose."""

import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from chainrule.gradcheck.catalogue import BUGS
from chainrule.gradcheck.diagnosis import derivation, mistakes
from chainrule.gradcheck.diagnosis.derivation import PlainLayer, PlainNet
from chainrule.gradcheck.diagnosis.mistakes import NotHere

PENALTY = {"W1": 0.03, "W2": 0.05, "W3": 0.02, "W4": 0.07, "W5": 0.04}


def drawn_net(
    widths, loss="cross_entropy", eps=None, *, samples=9, seed=0, penalty=PENALTY, bias=True, scale=True
):
    rng = np.random.default_rng(seed)
    built = []
    for index, (into, out) in enumerate(itertools.pairwise(widths), start=1):
        W, b = 0.7 * rng.standard_normal((out, into)), rng.standard_normal(out)
        vectors = (rng.uniform(0.5, 2, out), rng.standard_normal(out))
        normalised = eps is not None and scale and index < len(widths) - 1
        built.append(PlainLayer(index, W, b if bias else None, *(vectors if normalised else (None, None))))
    x, y = rng.standard_normal((samples, widths[0])), rng.integers(0, widths[-1], samples)
    return PlainNet(built, x, y, loss, eps, dict(penalty), 0.05, 1.3)


def parameters(net):
    named = {}
    for at in net.layers:
        for name, value in (("W", at.W), ("b", at.b), ("gamma", at.gamma), ("beta", at.beta)):
            if value is not None:
                named[f"{name}{at.index}"] = value
    return named


def cost_by_autograd(p, net):
    h, depth = net.x, len(net.layers)
    for layer in range(1, depth + 1):
        s = anp.dot(h, p[f"W{layer}"].T)
        s = s + p[f"b{layer}"] if f"b{layer}" in p else s
        if layer < depth:
            if net.eps is not None:
                centred = s - anp.mean(s, axis=0)
                s = centred / anp.sqrt(anp.mean(centred**2, axis=0) + net.eps)
                s = s * p[f"gamma{layer}"] + p[f"beta{layer}"] if f"gamma{layer}" in p else s
            h = anp.maximum(s, 0)
    rows = np.arange(len(net.y))
    right = s[rows, net.y][:, None]
    if net.loss == "cross_entropy":
        losses = anp.log(anp.sum(anp.exp(s - right), axis=1))
    else:
        losses = anp.sum(anp.maximum(0, s - right + 1), axis=1) - 1
    return net.factor * anp.mean(losses) + sum(
        q * anp.sum(p[n] ** 2) for n, q in net.penalty.items() if n in p
    )


def gradient_with(net, wrong):
    with np.errstate(all="ignore"):
        derivation.forward(net, wrong)
        return derivation.backward(net, wrong)


@pytest.mark.parametrize("loss", sorted(derivation.LOSSES))
@pytest.mark.parametrize("eps", [None, 0.0, 1e-3])
@pytest.mark.parametrize(
    "widths", [(4, 3), (4, 6, 3), (4, 6, 5, 3), (4, 6, 5, 7, 3)], ids=lambda w: len(w) - 1
)
def test_the_right_derivation_is_that_of_automatic_differentiation(widths, eps, loss):
    for bias, scale in ((True, True), (False, False)):
        net = drawn_net(
            widths, loss, eps, bias=bias, scale=scale, penalty=PENALTY | {"b1": 0.2, "gamma1": 0.1}
        )
        p = parameters(net)
        found = gradient_with(net, {})
        wanted = autograd.grad(cost_by_autograd)(p, net)
        assert found.keys() == wanted.keys()
        for name, g in wanted.items():
            np.testing.assert_allclose(
                found[name], g, rtol=0, atol=1e-10 * max(1, np.abs(g).max()), err_msg=name
            )


@pytest.mark.parametrize("loss", sorted(derivation.LOSSES))
def test_the_losses_are_those_of_each_sample(loss):
    net = drawn_net((4, 6, 3), loss, penalty={})
    losses = derivation.forward(net, {})
    assert losses.shape == (9,)
    assert net.factor * losses.mean() == pytest.approx(cost_by_autograd(parameters(net), net))


def test_losses_at_equal_scores_are_known():
    scores, y = np.zeros((2, 5)), np.array([0, 3])
    np.testing.assert_allclose(derivation.cross_entropy(scores, y), np.log(5))
    np.testing.assert_allclose(derivation.hinge(scores, y), 4)
    assert np.isfinite(derivation.cross_entropy(np.array([[0.0, 1000, 0, 0, 0]]), y[:1])).all()


def test_every_value_on_the_way_is_traced():
    net = drawn_net((4, 6, 3), eps=1e-3)
    gradient = gradient_with(net, {})
    values = derivation.derived_values(net)
    np.testing.assert_array_equal(values["gW", 1], gradient["W1"])
    np.testing.assert_allclose(values["variance", 1], net.layers[0].s.var(axis=0))
    np.testing.assert_allclose(values["sigma", 1] * values["1/sigma", 1], 1)
    np.testing.assert_allclose(values["P", 2].sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(values["log P", 2]), values["P", 2])
    np.testing.assert_allclose(values["dgamma", 1], values["sum g_hat s_hat", 1] / net.layers[0].gamma)
    assert ("s_hat", 2) not in values


SUITABLE = [
    drawn_net((5,) * 6, loss, eps, samples=samples, seed=seed, penalty=penalty)
    for seed, (loss, eps, samples, penalty) in enumerate(
        (loss, eps, samples, penalty)
        for loss in sorted(derivation.LOSSES)
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
    "number", range(len(MISTAKES)), ids=lambda n: f"{MISTAKES[n].bug.name}-{MISTAKES[n].step}-{n}"
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
