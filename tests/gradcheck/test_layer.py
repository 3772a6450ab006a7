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


def test_single_precision_is_checked_in_double():
    assert check_layer(affine_cached, affine_from_cache, X.astype(np.float32), W, B).right
    assert not check_layer(affine_cached, mean_for_sum, X.astype(np.float32), W, B).right


def test_what_has_no_gradient_is_told():
    outcome = check_layer(affine_cached, lambda dout, cache: {"dx": dout @ cache[1].T}, X, W, B)
    assert outcome.right
    said = "the backward pass is right as far as it was checked; not checked: the gradient of w, the gradient of b"
    assert outcome.headline == said


def test_gradients_in_another_order_are_told_by_the_names_in_the_return_statement():
    def backward(dout, x, w, b):
        dx, dw, db = affine_backward(dout, x, w, b)
        return dw, db, dx

    outcome = check_layer(affine, backward, X, W, B)
    assert outcome.right
    assert any("told by their names" in note for note in outcome.notes)
