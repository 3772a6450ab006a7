"""What each argument of the backward pass gets."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.passes.backward import backward_call, returned_names
from chainrule.gradcheck.passes.calls import Passes

X, W = np.ones((3, 2)), np.ones((2, 2))
DOUTS = ("dJ/dfirst", "dJ/dsecond")


def alone(x, w):
    return x @ w


def cached(x, w):
    return x @ w, (x, w)


def with_mask(x, w):
    mask = x > 0
    return x * mask, mask


def from_output(x):
    s = np.tanh(x)
    return s  # noqa: RET504


def step(x, w):
    h, c = x @ w, x + 1
    cache = "the cache"
    return h, c, cache


def unnamed(x, w):
    return x @ w, x + 1, {"the": "cache"}


def several(x, w):
    h, c = x @ w, x + 1
    return h, c


def loss(x, w):
    return x.sum(), (x, w)


def called(forward, backward, *inputs):
    """What the backward pass is called with, in words, and the outputs whose dJ/d it is given."""
    ran = Passes(forward, backward, list(inputs or (X, W))).run()
    call = backward_call(ran)
    return call.made(ran, DOUTS), call.outputs


@pytest.mark.parametrize(
    ("forward", "backward", "place"),
    [
        (alone, lambda dout, x, w: dout, 0),
        (alone, lambda x, w, dout: dout, 0),
        (alone, lambda a, b, c: a, 0),
        (alone, lambda w, inputs, b_grad: b_grad, 0),
        (alone, lambda dout, *inputs: dout, 0),
        (cached, lambda dout, cache: dout, 0),
        (cached, lambda cache, dout: dout, 0),
        (cached, lambda kept, dout: dout, 0),
        (cached, lambda dout, cache, eps=1e-5: dout, 0),
        (cached, lambda *, dout, cache: dout, 0),
        (step, lambda dh, dc, cache: dh, 0),
        (step, lambda dc, dh, cache: dh, 1),
        (unnamed, lambda dnext_h, dnext_c, cache: dnext_c, 1),
        (several, lambda dh, dc=None, eps=1e-5: dc, 1),
    ],
)
def test_an_upstream_gradient_is_told_from_what_else_there_is(forward, backward, place):
    assert called(forward, backward)[0] == DOUTS[place]


@pytest.mark.parametrize(
    ("forward", "backward", "outputs"),
    [
        (cached, lambda dout, cache: dout, (0,)),
        (step, lambda dh, dc, cache: dh, (0, 1)),
        (step, lambda dc, cache: dc, (1,)),
        (step, lambda dout, cache: dout, (0,)),
        (unnamed, lambda dy1, dy2, cache: dy1, (0, 1)),
        (several, lambda dh, dc: dh, (0, 1)),
        (lambda x, w: (x @ w, x), lambda dout, data: dout, (0,)),
    ],
)
def test_each_output_has_its_own_upstream_gradient(forward, backward, outputs):
    assert called(forward, backward)[1] == outputs


def test_what_the_forward_pass_has_left_is_told_by_its_name_or_its_place():
    assert called(step, lambda dh, dc, cache: cache)[0] == "the cache"
    assert called(cached, lambda dout, anything: anything)[0][0] is not None
    assert called(with_mask, lambda dout, mask: mask)[0].all()
    assert np.array_equal(called(from_output, lambda dout, s: s, X)[0], np.tanh(X))
    assert np.array_equal(called(lambda x: x + 1, lambda dout, out: out, X)[0], X + 1)
    assert len(called(cached, lambda dout, *cache: cache)[0]) == 2
    assert np.array_equal(called(alone, lambda weights, grad, x: weights)[0], W)


def test_a_loss_has_no_upstream_gradient_or_1():
    assert called(loss, lambda cache: cache)[0][0].shape == X.shape
    assert called(loss, lambda dout, cache: dout)[0] == DOUTS[0]
    assert called(loss, lambda: "nothing")[0] == "nothing"
    assert np.array_equal(called(lambda x: x.sum(), lambda x: x, X)[0], X)


@pytest.mark.parametrize(
    ("forward", "backward", "words"),
    [
        (lambda x: x, lambda a, b, c: a, r"takes \(a, b, c\); it is called as backward\(dout\)"),
        (lambda x: x, lambda: 0, r"takes \(\); it is called as"),
        (lambda x: x, lambda x: x, r"takes \(x\) alone, as the forward pass does, and nothing for dJ/dout"),
    ],
)
def test_what_is_not_known_is_refused(forward, backward, words):
    with pytest.raises(CheckError, match=rf"^the backward pass: {words}"):
        called(forward, backward, X)


def test_what_a_function_returns_is_read_from_its_source():
    assert returned_names(step) == ("h", "c", "cache")
    assert returned_names(from_output) == ("s",)
    assert returned_names(np.tanh) == returned_names(lambda x: x) == ()
