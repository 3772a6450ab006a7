"""One layer's backward pass by itself, in the forms in which people write layers."""

import inspect

import numpy as np
import pytest

from chainrule.gradcheck import CheckError, check_layer

RNG = np.random.default_rng(2)
X = RNG.standard_normal((6, 4))
W, B = RNG.standard_normal((4, 3)), RNG.standard_normal(3)
GAMMA, BETA = RNG.uniform(0.5, 2, 4), RNG.standard_normal(4)
EPS = 1e-5


def named(outcome):
    return [cause.name for cause in outcome.causes]


def affine(x, w, b):
    return x @ w + b


def affine_backward(dout, x, w, b):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


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
    w = RNG.standard_normal((4, 4)) if backward is not_transposed else W
    b = np.ones(4) if backward is not_transposed else B
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


def batch_norm(x, gamma, beta):
    mean, var = x.mean(axis=0), x.var(axis=0)
    hat = (x - mean) / np.sqrt(var + EPS)
    return gamma * hat + beta, (hat, gamma, np.sqrt(var + EPS))


def batch_norm_backward(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def mean_constant(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def variance_constant(dout, cache):
    hat, gamma, sigma = cache
    g = dout * gamma
    dx = (g - g.mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def statistics_constant(dout, cache):
    hat, gamma, sigma = cache
    dx = dout * gamma / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def gamma_missing(dout, cache):
    hat, _, sigma = cache
    g = dout
    dx = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / sigma
    return dx, (dout * hat).sum(axis=0), dout.sum(axis=0)


def exchanged(dout, cache):
    dx, _, dbeta = batch_norm_backward(dout, cache)
    return dx, dbeta, dbeta


def test_a_right_batch_norm_is_right():
    outcome = check_layer(batch_norm, batch_norm_backward, X, GAMMA, BETA)
    assert outcome.right, str(outcome)
    assert [t.name for t in outcome.tensors] == ["x", "gamma", "beta"]


def test_a_right_batch_norm_with_samples_as_columns_is_right_and_a_wrong_one_named():
    def forward(x, gamma, beta):
        out, cache = batch_norm(x.T, gamma.reshape(-1), beta.reshape(-1))
        return out.T, cache

    def backward_with(rows):
        def backward(dout, cache):
            dx, dgamma, dbeta = rows(dout.T, cache)
            return dx.T, dgamma[:, np.newaxis], dbeta[:, np.newaxis]

        return backward

    columns = X.T, GAMMA[:, np.newaxis], BETA[:, np.newaxis]
    assert check_layer(forward, backward_with(batch_norm_backward), *columns).right
    assert named(check_layer(forward, backward_with(mean_constant), *columns)) == ["batchnorm-mean-constant"]


@pytest.mark.parametrize(
    ("backward", "cause", "tensor", "text"),
    [
        (mean_constant, "batchnorm-mean-constant", "x", "dx = (g - hat * (g * hat).mean(axis=0)) / sigma"),
        (variance_constant, "batchnorm-variance-constant", "x", "dx = (g - g.mean(axis=0)) / sigma"),
        (statistics_constant, "batchnorm-statistics-constant", "x", "dx = dout * gamma / sigma"),
        (gamma_missing, "batchnorm-gamma-missing", "x", None),
        (exchanged, "swapped", "gamma", None),
    ],
)
def test_a_mistake_in_batch_norm_is_named_with_its_line(backward, cause, tensor, text):
    outcome = check_layer(batch_norm, backward, X, GAMMA, BETA)
    assert [t.name for t in outcome.tensors if t.verdict != "right"] == [tensor]
    assert named(outcome) == [cause]
    if text is not None:
        assert outcome.causes[0].line.text.strip() == text


@pytest.mark.parametrize("eps", [0.0, 1e-8, 1e-3])
def test_batch_norm_is_known_with_every_usual_epsilon_and_without_scale_and_shift(eps):
    def forward(x):
        sigma = np.sqrt(x.var(axis=0) + eps)
        return (x - x.mean(axis=0)) / sigma, sigma

    outcome = check_layer(forward, lambda dout, sigma: (dout - dout.mean(axis=0)) / sigma, X)
    assert named(outcome) == ["batchnorm-variance-constant"]


def test_what_is_no_array_of_floats_is_passed_on_wherever_it_stands():
    def forward(x, gamma, beta, bn_param):
        assert bn_param == {"mode": "train", "eps": EPS}
        return batch_norm(x, gamma, beta)

    assert check_layer(forward, batch_norm_backward, X, GAMMA, BETA, {"mode": "train", "eps": EPS}).right

    def param_first(bn_param, x, steps, gamma, beta):
        assert steps.tolist() == [1, 2]
        return forward(x, gamma, beta, bn_param)

    given = {"mode": "train", "eps": EPS}, X, np.array([1, 2]), GAMMA, BETA
    outcome = check_layer(param_first, batch_norm_backward, *given)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["x", "gamma", "beta"]
    assert named(check_layer(param_first, mean_constant, *given)) == ["batchnorm-mean-constant"]


def test_any_layer_is_checked_without_being_known():
    assert check_layer(np.tanh, lambda dout, x: dout * (1 - np.tanh(x) ** 2), X).right
    outcome = check_layer(np.tanh, lambda dout, x: dout * (1 - np.tanh(x)), X)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["unknown"])


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
