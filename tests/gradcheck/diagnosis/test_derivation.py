"""The derivation that the diagnosis redoes: right, and open at every step."""

import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import derivation
from chainrule.gradcheck.diagnosis.activations import OTHERS, RELU, SIGMOID, SOFTPLUS, TANH
from chainrule.gradcheck.diagnosis.losses import LOSSES
from support.drawn_nets import PENALTY, drawn_net, gradient_with


def parameters(net):
    named = {}
    for at in net.layers:
        for name, value in (("W", at.W), ("b", at.b), ("gamma", at.gamma), ("beta", at.beta)):
            if value is not None:
                named[f"{name}{at.index}"] = value
    return named


def leaky_by_autograd(below):
    return lambda s: anp.maximum(s, 0) + below * anp.minimum(s, 0)


BY_AUTOGRAD = {
    RELU: lambda s: anp.maximum(s, 0),
    SIGMOID: lambda s: 1 / (1 + anp.exp(-s)),
    TANH: lambda s: (anp.exp(s) - anp.exp(-s)) / (anp.exp(s) + anp.exp(-s)),
    SOFTPLUS: lambda s: anp.log(1 + anp.exp(s)),
} | {a: leaky_by_autograd(a.below) for a in OTHERS if a.below is not None}


def losses_by_autograd(loss, s, T):
    right = anp.sum(s * T, axis=1)[:, None]
    if loss == "cross_entropy":
        return anp.log(anp.sum(anp.exp(s - right), axis=1))
    if loss == "hinge":
        return anp.sum(anp.maximum(0, s - right + 1), axis=1) - 1
    if loss == "binary_cross_entropy":
        return anp.sum(anp.log(1 + anp.exp(s)) - T * s, axis=1)
    outputs = {
        "squared_error": s, "squared_error_of_sigmoid": 1 / (1 + anp.exp(-s)), "squared_error_of_tanh": anp.tanh(s),
        "squared_error_of_softmax": anp.exp(s) / anp.sum(anp.exp(s), axis=1)[:, None],
    }  # fmt: skip
    return anp.sum((outputs[loss] - T) ** 2, axis=1)


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
            h = BY_AUTOGRAD[net.activation](s)
    losses = losses_by_autograd(net.loss, s, net.targets)
    return net.factor * anp.mean(losses) + sum(
        q * anp.sum(p[n] ** 2) for n, q in net.penalty.items() if n in p
    )


@pytest.mark.parametrize("loss", sorted(LOSSES))
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
        own = gradient_with(net, {})
        wanted = autograd.grad(cost_by_autograd)(p, net)
        assert own.keys() == wanted.keys()
        for name, g in wanted.items():
            np.testing.assert_allclose(
                own[name], g, rtol=0, atol=1e-10 * max(1, np.abs(g).max()), err_msg=name
            )


@pytest.mark.parametrize("activation", OTHERS, ids=lambda activation: activation.words)
@pytest.mark.parametrize("eps", [None, 1e-3])
def test_the_derivation_with_other_activations_is_that_of_automatic_differentiation(activation, eps):
    for loss, outputs in itertools.product(
        ("cross_entropy", "binary_cross_entropy", "squared_error"), (1, 3)
    ):
        if outputs > 1 or not LOSSES[loss].classes:
            net = drawn_net((4, 6, 5, outputs), loss, eps, activation=activation)
            own, wanted = gradient_with(net, {}), autograd.grad(cost_by_autograd)(parameters(net), net)
            for name, g in wanted.items():
                np.testing.assert_allclose(own[name], g, rtol=0, atol=1e-10, err_msg=name)


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_the_losses_are_those_of_each_sample(loss):
    net = drawn_net((4, 6, 3), loss, penalty={})
    losses = derivation.forward(net, {})
    assert losses.shape == (9,)
    assert net.factor * losses.mean() == pytest.approx(cost_by_autograd(parameters(net), net))


def test_losses_at_equal_scores_are_known():
    scores, T = np.zeros((2, 5)), np.eye(5)[[0, 3]]
    known = {
        "cross_entropy": np.log(5), "hinge": 4, "binary_cross_entropy": 5 * np.log(2), "squared_error": 1,
        "squared_error_of_sigmoid": 5 / 4, "squared_error_of_tanh": 1, "squared_error_of_softmax": 0.8**2 + 4 * 0.2**2,
    }  # fmt: skip
    assert known.keys() == LOSSES.keys()
    for name, value in known.items():
        np.testing.assert_allclose(LOSSES[name].losses(LOSSES[name].predict(scores), T), value)


@pytest.mark.parametrize("scores", [1000.0, -1000.0])
def test_sigmoid_and_softmax_do_not_overflow(scores):
    with np.errstate(all="raise", under="ignore"):
        assert SIGMOID.function(np.array([scores]))[0] == (scores > 0)
        assert LOSSES["cross_entropy"].predict(np.array([[scores, 0.0]]))[0, 0] == (scores > 0)


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_a_step_done_otherwise_changes_its_own_layer_alone(layer):
    net = drawn_net((4, 6, 5, 3))
    right = gradient_with(net, {})
    wrong = gradient_with(net, {("bias", layer): lambda net, at: 2 * at.G.sum(axis=0)})
    changed = {name for name, g in right.items() if not np.array_equal(wrong[name], g)}
    assert changed == {f"b{layer}"}


def test_an_error_that_goes_back_wrongly_changes_what_lies_below():
    net = drawn_net((4, 6, 5, 3))
    right = gradient_with(net, {})
    wrong = gradient_with(net, {("propagate", 3): lambda net, at: 2 * at.G @ at.W})
    changed = {name for name, g in right.items() if not np.array_equal(wrong[name], g)}
    assert changed == {"W1", "b1", "W2", "b2"}


@pytest.mark.parametrize(("bias", "scale"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_layer_has_the_parameters_that_it_was_given(bias, scale):
    hidden, last = drawn_net((4, 6, 3), eps=1e-5, bias=bias, scale=scale).layers
    assert list(hidden.parameters()) == ["W", *(["b"] * bias), *(["gamma", "beta"] * scale)]
    assert list(last.parameters()) == ["W", *(["b"] * bias)]


def test_a_value_that_a_layer_has_not_found_is_no_attribute():
    layer, _ = drawn_net((4, 6, 3)).layers
    with pytest.raises(AttributeError, match="s_hat"):
        _ = layer.s_hat
