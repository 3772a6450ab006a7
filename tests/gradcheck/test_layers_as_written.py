"""Layers as users write them: steps with several outputs, objects, modes, draws, losses."""

import numpy as np
import pytest

from chainrule.gradcheck import CheckError, check_layer
from support.plain_nets import named

RNG = np.random.default_rng(2)
X = RNG.standard_normal((6, 4))
SQUARE = RNG.standard_normal((4, 4))


def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    i, f, o, g = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o)), np.tanh(g)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    dc = dnext_c + dnext_h * o * (1 - np.tanh(next_c) ** 2)
    di, df, do, dg = dc * g, dc * prev_c, dnext_h * np.tanh(next_c), dc * i
    da = np.hstack([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)])
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)


def lstm_without_the_cell(dnext_h, dnext_c, cache):
    return lstm_step_backward(dnext_h, 0 * dnext_c, cache)


def lstm_of_dictionary(x, h, c, params):
    return lstm_step(x, h, c, params["Wx"], params["Wh"], params["b"])


def lstm_into_dictionary(dnext_h, dnext_c, cache):
    dx, dh, dc, dWx, dWh, db = lstm_step_backward(dnext_h, dnext_c, cache)
    return dx, dh, dc, {"db": db, "dWh": dWh, "dWx": dWx}


STEP = RNG.standard_normal((2, 3)), RNG.standard_normal((2, 2)), RNG.standard_normal((2, 2))
STEP_PARAMETERS = {
    "Wx": RNG.standard_normal((3, 8)),
    "Wh": RNG.standard_normal((2, 8)),
    "b": RNG.standard_normal(8),
}


def test_a_step_with_two_outputs_gets_an_upstream_gradient_for_each():
    given = *STEP, *STEP_PARAMETERS.values()
    assert check_layer(lstm_step, lstm_step_backward, *given).right
    outcome = check_layer(lstm_step, lstm_without_the_cell, *given)
    assert outcome.verdict == "wrong"
    assert "Wx" in [t.name for t in outcome.tensors if t.verdict == "wrong"]


def test_parameters_may_stand_in_a_dictionary():
    outcome = check_layer(lstm_of_dictionary, lstm_into_dictionary, *STEP, STEP_PARAMETERS)
    assert outcome.right, str(outcome)
    assert [t.name for t in outcome.tensors] == ["x", "h", "c", "Wx", "Wh", "b"]


class BatchNorm:
    """Statistics of the batch in training, moving ones in test."""

    def __init__(self, size, share=1.0):
        self.gamma, self.beta, self.share = np.linspace(1, 2, size), np.zeros(size), share
        self.running_mean, self.running_var = np.zeros(size, dtype=np.float32), np.ones(size)

    def forward(self, x, training=True):
        mean, var = (x.mean(axis=0), x.var(axis=0)) if training else (self.running_mean, self.running_var)
        if training:
            self.running_mean *= 0.9
            self.running_mean += 0.1 * mean
        self.training, self.sigma = training, np.sqrt(var + 1e-5)
        self.hat = (x - mean) / self.sigma
        return self.gamma * self.hat + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.hat).sum(axis=0), dout.sum(axis=0)
        g = dout * self.gamma
        if self.training:
            g = g - g.mean(axis=0) - self.share * self.hat * (g * self.hat).mean(axis=0)
        return g / self.sigma


@pytest.mark.parametrize("mode", [(), (True,), (False,)])
def test_an_object_is_checked_in_both_modes_and_left_as_it_is(mode):
    layer = BatchNorm(4)
    outcome = check_layer(layer.forward, layer.backward, X, *mode)
    assert outcome.right, str(outcome)
    assert [t.name for t in outcome.tensors] == ["x", "gamma", "beta"]
    assert not layer.running_mean.any()
    assert not hasattr(layer, "hat")


def test_a_mistake_in_a_method_is_named_as_in_a_function():
    layer = BatchNorm(4, share=0.0)
    assert named(check_layer(layer.forward, layer.backward, X)) == ["batchnorm-variance-constant"]
    assert check_layer(layer.forward, layer.backward, X, False).right


def normalise(x, gamma, beta, bn_param):
    mean = x.mean(axis=0) if bn_param["mode"] == "train" else bn_param["running_mean"]
    bn_param["running_mean"] = 0.9 * bn_param.get("running_mean", 0) + 0.1 * mean
    return gamma * (x - mean) + beta, (x - mean, gamma, bn_param["mode"])


def normalise_backward(dout, cache):
    centred, gamma, mode = cache
    dx = dout * gamma
    if mode == "train":
        dx = dx - dx.mean(axis=0)
    return dx, (dout * centred).sum(axis=0), dout.sum(axis=0)


@pytest.mark.parametrize("bn_param", [{"mode": "train"}, {"mode": "test", "running_mean": np.ones(4)}])
def test_moving_averages_in_a_dictionary_are_no_parameters(bn_param):
    before = dict(bn_param)
    outcome = check_layer(normalise, normalise_backward, X, np.ones(4), np.zeros(4), bn_param)
    assert outcome.right, str(outcome)
    assert len(outcome.tensors) == 3
    assert bn_param == before


def dropout(x, p=0.5):
    mask = (np.random.rand(*x.shape) < p) / p  # noqa: NPY002
    return x * mask, mask


def test_what_is_drawn_without_a_seed_is_the_same_in_every_call_and_said():
    before = np.random.get_state()[2]  # noqa: NPY002
    right = check_layer(dropout, lambda dout, mask: dout * mask, X)
    wrong = check_layer(dropout, lambda dout, mask: dout * (mask > 0), X, 0.25)
    assert np.random.get_state()[2] == before  # noqa: NPY002
    assert right.right
    assert not wrong.right
    assert any("draws random numbers" in note for note in right.notes)
    assert not any(
        "draws" in note
        for note in check_layer(np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), X).notes
    )


def test_a_forward_pass_that_gives_another_output_each_time_is_refused_in_one_line():
    def unseeded(x):
        return x * (np.random.default_rng().random(x.shape) < 0.5)

    with pytest.raises(CheckError, match=r"^the forward pass: gives another output") as refused:
        check_layer(unseeded, lambda dout, x: dout, X)
    assert "\n" not in str(refused.value)


def test_indices_are_passed_on():
    def embed(index, table):
        return table[index], (index, table.shape)

    def embed_backward(dout, cache):
        dtable = np.zeros(cache[1])
        np.add.at(dtable, cache[0], dout)
        return dtable

    def lost(dout, cache):
        dtable = np.zeros(cache[1])
        dtable[cache[0]] += dout
        return dtable

    index = np.array([[0, 1], [1, 1]])
    outcome = check_layer(embed, embed_backward, index, SQUARE)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["table"]
    assert not check_layer(embed, lost, index, SQUARE).right


def softmax_loss(scores, y):
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p, y)


def softmax_loss_backward(cache):
    p, y = cache
    p[np.arange(len(y)), y] -= 1
    return p / len(y)


def test_a_loss_needs_no_upstream_gradient_and_may_change_its_inputs_in_place():
    y, scores = np.array([0, 1, 2, 3, 0, 1]), X.copy()
    assert check_layer(softmax_loss, softmax_loss_backward, scores, y).right
    assert check_layer(softmax_loss, lambda dout, cache: dout * softmax_loss_backward(cache), scores, y).right
    assert named(check_layer(softmax_loss, lambda cache: 6 * softmax_loss_backward(cache), scores, y))
    assert np.array_equal(scores, X)


def attend(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[1])
    a = np.exp(scores)
    a /= a.sum(axis=1, keepdims=True)
    return a @ v, a


def attend_backward(dout, q, k, v, a):
    da = dout @ v.T
    dscores = a * (da - (da * a).sum(axis=1, keepdims=True))
    return dscores @ k, dscores.T @ q, a.T @ dout


def test_a_mistake_in_a_layer_that_is_not_known_has_its_line():
    outcome = check_layer(attend, attend_backward, X, SQUARE, SQUARE)
    assert [t.name for t in outcome.tensors if t.verdict == "wrong"] == ["q", "k"]
    assert outcome.causes[0].line.text.strip().startswith("dscores = ")
