"""One layer's backward pass by itself, in the forms in which people write layers."""

import inspect

import numpy as np
import pytest

from chainrule.gradcheck import CheckError, check_layer
from support.plain_nets import named

RNG = np.random.default_rng(2)
X = RNG.standard_normal((6, 4))
W, B = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
SQUARE = RNG.standard_normal((4, 4))


def affine(x, w, b):
    return x @ w + b


def affine_backward(dout, x, w, b):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def affine_error_last(x, w, b, dout):
    return affine_backward(dout, x, w, b)


def affine_other_order(w, dout, b, x):
    return affine_backward(dout, x, w, b)


def affine_any_number(dout, *inputs):
    return affine_backward(dout, *inputs)


def affine_cached(x, w, b):
    return x @ w + b, (x, w, b)


def affine_from_cache(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def affine_cache_first(cache, dout):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def affine_named(dout, cache):
    x, w, _ = cache
    return {"db": dout.sum(axis=0), "dw": x.T @ dout, "dx": dout @ w.T}


def affine_spread(x, w, b):
    return x @ w + b, x, w


def affine_list(dout, cache):
    x, w = cache
    return [dout @ w.T, x.T @ dout, dout.sum(axis=0)]


def affine_columns(W, x, b):
    return W @ x + b


def affine_columns_backward(dout, W, x, b):
    return dout @ x.T, W.T @ dout, dout.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (affine, affine_backward),
        (affine, affine_error_last),
        (affine, affine_other_order),
        (affine, affine_any_number),
        (affine_cached, affine_backward),
        (affine_cached, affine_from_cache),
        (affine_cached, affine_cache_first),
        (affine_cached, affine_named),
        (affine_spread, affine_list),
    ],
)
def test_a_right_affine_layer_is_right_in_every_form(forward, backward):
    outcome = check_layer(forward, backward, X, W, B)
    assert outcome.right, str(outcome)
    assert outcome.name == "backward pass"
    assert [t.name for t in outcome.tensors] == ["x", "w", "b"]
    assert [t.shape for t in outcome.tensors] == [(6, 4), (4, 3), (3,)]


def test_a_right_affine_layer_with_samples_as_columns_is_right():
    assert check_layer(affine_columns, affine_columns_backward, W.T, X.T, B[:, np.newaxis]).right


def mean_for_sum(dout, cache):
    x, w, _ = cache
    db = dout.mean(axis=0)
    return dout @ w.T, x.T @ dout, db


def turned(dout, cache):
    x, w, _ = cache
    dw = -x.T @ dout
    return dout @ w.T, dw, dout.sum(axis=0)


def not_transposed(dout, cache):
    x, w, _ = cache
    dx = dout @ w
    return dx, x.T @ dout, dout.sum(axis=0)


def summed_over_all(dout, cache):
    x, w, b = cache
    db = np.ones_like(b) * dout.sum()
    return dout @ w.T, x.T @ dout, db


@pytest.mark.parametrize(
    ("backward", "cause", "tensor", "text"),
    [
        (mean_for_sum, "bias-mean-not-sum", "b", "db = dout.mean(axis=0)"),
        (turned, "wrong-sign", "w", "dw = -x.T @ dout"),
        (not_transposed, "weights-not-transposed", "x", "dx = dout @ w"),
        (summed_over_all, "bias-summed-over-all", "b", "db = np.ones_like(b) * dout.sum()"),
    ],
)
def test_a_mistake_in_an_affine_layer_is_named_with_its_line(backward, cause, tensor, text):
    w, b = (SQUARE, np.ones(4)) if backward is not_transposed else (W, B)
    outcome = check_layer(affine_cached, backward, X, w, b)
    assert (outcome.verdict, outcome.fault) == ("wrong", "gradient")
    assert [t.name for t in outcome.tensors if t.verdict != "right"] == [tensor]
    assert named(outcome)[0] == cause
    assert outcome.causes[0].tensors == (tensor,)
    assert outcome.causes[0].line.text.strip() == text
    start = inspect.getsourcelines(backward)[1]
    assert outcome.causes[0].line.number == start + 2


def relu(x):
    return np.maximum(x, 0)


@pytest.mark.parametrize("x", [X, X.T])
def test_a_right_relu_is_right(x):
    assert check_layer(relu, lambda dout, x: dout * (x > 0), x).right
    assert check_layer(lambda x: (relu(x), x), lambda dout, cache: dout * (cache > 0), x).right
    assert check_layer(lambda x: (relu(x), x), lambda cache, dout: (dout * (cache > 0),), x).right


def test_a_relu_that_remembers_is_called_with_the_error_alone():
    class Relu:
        def forward(self, x):
            self.x = x
            return np.maximum(x, 0)

        def backward(self, dout):
            return dout * (self.x > 0)

    layer = Relu()
    outcome = check_layer(layer.forward, layer.backward, X)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["x"]


@pytest.mark.parametrize("x", [X, X.T])
@pytest.mark.parametrize(
    ("backward", "cause"),
    [
        (lambda dout, x: dout, "relu-mask-missing"),
        (lambda dout, x: dout * (x < 0), "relu-mask-wrong"),
        (lambda dout, x: dout * (dout > 0), "relu-mask-wrong"),
        (lambda dout, x: dout * np.maximum(x, 0), "relu-mask-wrong"),
    ],
    ids=["missing", "inverted", "of the error", "output"],
)
def test_a_mistake_in_a_relu_is_named(backward, cause, x):
    assert named(check_layer(relu, backward, x)) == [cause]


def test_any_layer_is_checked_without_being_known():
    assert check_layer(np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), X).right
    outcome = check_layer(np.cos, lambda dout, x: dout * np.arctan(x) * 0.3, X)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["unknown"])


@pytest.mark.parametrize(
    ("layer", "backward", "cause"),
    [
        (np.tanh, lambda dout, x: dout * np.tanh(x) * (1 - np.tanh(x)), "activation-derivative-wrong"),
        (np.tanh, lambda dout, x: dout, "activation-derivative-missing"),
        (lambda x: np.where(x > 0, x, 0.1 * x), lambda dout, x: dout * (x > 0), "leaky-slope-mismatch"),
    ],
    ids=["sigmoid's", "missing", "slope"],
)
def test_a_mistake_in_another_activation_is_named(layer, backward, cause):
    assert named(check_layer(layer, backward, X)) == [cause]


def test_the_seed_draws_the_error():
    first, second, other = (check_layer(affine_cached, turned, X, W, B, seed=seed) for seed in (0, 0, 1))
    assert first == second
    assert first.cost != other.cost
    assert named(other)[0] == "wrong-sign"


def test_the_inputs_are_not_changed():
    def careless(dout, cache):
        out = affine_from_cache(dout, cache)
        for array in (dout, *cache):
            np.add(array, 1, out=array)
        return out

    before = X.copy(), W.copy(), B.copy()
    check_layer(affine_cached, careless, X, W, B)
    assert all(np.array_equal(a, b) for a, b in zip((X, W, B), before, strict=True))


def test_inputs_without_floats_are_refused():
    with pytest.raises(CheckError, match=r"^the inputs: hold no floating-point array"):
        check_layer(relu, relu, np.array([[1, 2]]))


def test_a_forward_pass_without_an_array_is_refused():
    with pytest.raises(CheckError, match=r"^the forward pass: returns str"):
        check_layer(lambda x: "out", relu, X)


def test_a_backward_pass_of_other_arguments_is_refused_with_the_forms_that_are_known():
    with pytest.raises(
        CheckError, match=r"^the backward pass: takes \(a, b, c\); it is called as backward\(dout\)"
    ):
        check_layer(relu, lambda a, b, c: a, X)


def test_a_gradient_too_few_is_refused():
    with pytest.raises(CheckError, match=r"^the gradient: returns"):
        check_layer(affine_cached, lambda dout, cache: affine_from_cache(dout, cache)[:2], X, W, B)


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
    assert not any("draws" in note for note in check_layer(relu, lambda dout, x: dout * (x > 0), X).notes)


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


def test_single_precision_is_checked_in_double():
    assert check_layer(affine_cached, affine_from_cache, X.astype(np.float32), W, B).right
    assert not check_layer(affine_cached, mean_for_sum, X.astype(np.float32), W, B).right


def test_what_has_no_gradient_is_told():
    outcome = check_layer(affine_cached, lambda dout, cache: {"dx": dout @ cache[1].T}, X, W, B)
    assert outcome.right
    assert "no gradient of w, b came back: not checked" in outcome.notes


def test_gradients_in_another_order_are_told_by_the_names_in_the_return_statement():
    def backward(dout, x, w, b):
        dx, dw, db = affine_backward(dout, x, w, b)
        return dw, db, dx

    outcome = check_layer(affine, backward, X, W, B)
    assert outcome.right
    assert any("told by their names" in note for note in outcome.notes)


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
