"""Operations of an engine, each by itself: the right ones are right, the wrong ones wrong, and what cannot be told is
said."""

import pytest

from support.engines import ARRAYS, NUMBERS, TENSORS, with_method
from support.layers import checked, read

SUB = """
def __sub__(self, other):
    return self.made(self.data - other.data, (self, lambda g: g), (other, lambda g: -g))
"""
MSE = """
def mse(self, target):
    e = self.data - target.data
    return self.made(np.mean(e ** 2), (self, lambda g: 2 * g * e / e.size))
"""
LOG = """
def log(self):
    safe = np.maximum(self.data, 1e-8)
    return self.made(np.log(safe), (self, lambda g: g / safe))
"""
ENTROPY = """
def cross_entropy(self, target):
    p = np.exp(self.data) / np.exp(self.data).sum(axis=1, keepdims=True)
    t, n = target.data, len(self.data)
    cost = -np.sum(t * np.log(p)) / n
    return self.made(cost, (self, lambda g: g * (p - t) / n), (target, lambda g: -g * np.log(p) / n))
"""
DROPOUT = """
def dropout(self, p=0.5, training=True):
    mask = (np.random.rand(*self.data.shape) > p) / (1 - p)
    return self.made(self.data * mask, (self, lambda g: g * mask))
"""
SUMMED = """
def summed(g, shape):
    g = np.sum(g, axis=tuple(range(np.ndim(g) - len(shape))))
    return np.sum(g, axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
"""
RESHAPED = "np.reshape(slope(out.grad), part.grad.shape)"
SPREAD = ARRAYS.replace(RESHAPED, "summed(slope(out.grad), part.grad.shape)") + SUMMED


@pytest.mark.parametrize(
    ("text", "count"),
    [(NUMBERS, {"__add__", "__mul__", "tanh"}), (TENSORS, {"__add__", "__mul__", "relu", "sum"})],
)
def test_each_operation_is_checked_by_itself_and_nothing_is_left(text, count):
    every, _ = read(text)
    names = {reading.functions[0].name for reading in every}
    assert count <= names
    assert not [reading.label for reading in every if not reading.text]
    for reading in every:
        assert checked(text, reading.label)[0].right, reading.label


@pytest.mark.parametrize(
    ("text", "label", "part", "wrong"),
    [
        (NUMBERS, "Zahl.tanh / Zahl.backward", "1 - t * t", "1 - t"),
        (NUMBERS, "Zahl.__mul__ / Zahl.backward", "self.grad += other.data", "self.grad = other.data"),
        (TENSORS, "Tensor.relu / Tensor.backward", "self.x > 0", "self.x > 1"),
        (TENSORS, "Tensor.__mul__ / Tensor.backward", "g * self.b, g * self.a", "g * self.a, g * self.b"),
    ],
)
def test_the_operation_that_is_wrong_is_the_one_that_is_called_so(text, label, part, wrong):
    assert text.count(part) == 1
    assert checked(text.replace(part, wrong), label)[0].verdict == "wrong"


@pytest.mark.parametrize(
    ("method", "name", "part", "wrong"),
    [
        (SUB, "__sub__", ", (other, lambda g: -g)", ""),
        (MSE, "mse", "2 * g * e / e.size", "2 * g * e"),
        (LOG, "log", "g / safe", "g * safe"),
        (ENTROPY, "cross_entropy", "(p - t) / n", "(p - t)"),
        (DROPOUT, "dropout", "g * mask", "g * (mask > 0)"),
    ],
)
def test_a_method_is_right_and_its_twin_wrong(method, name, part, wrong):
    label = f"Tensor.{name} / Tensor.backward"
    assert method.count(part) == 1
    assert checked(with_method(method), label)[0].verdict == "right"
    assert checked(with_method(method.replace(part, wrong)), label)[0].verdict == "wrong"


def test_operands_are_spread_over_each_other():
    label = "Tensor.__add__ / Tensor.backward"
    assert checked(SPREAD, label)[0].right
    kept = ARRAYS.replace(f"part.grad += {RESHAPED}", "part.grad = part.grad + slope(out.grad)")
    assert kept != ARRAYS
    assert checked(kept, label)[0].verdict == "wrong"
    # What a backward pass refuses is not wrong.
    assert checked(ARRAYS, label)[0].right


def test_a_gradient_of_an_operand_that_may_be_a_constant_is_said_to_be_left_out():
    reading = _reading(with_method(MSE.replace("target", "second")), "mse")
    assert reading.unchecked == ("the gradient of b, which is 0",)
    assert not _reading(with_method(MSE), "mse").unchecked


def test_a_gradient_of_labels_is_checked_where_there_is_one():
    text = ENTROPY.replace("-g * np.log(p)", "g * np.log(p)")
    assert checked(with_method(text), "Tensor.cross_entropy / Tensor.backward")[0].verdict == "wrong"


def test_what_no_gradient_comes_back_from_is_not_checked_unless_it_is_an_operator():
    nothing = "return self.made(2 * self.data)"
    assert "no gradient comes back" in _reading(with_method(f"def twice(self):\n    {nothing}"), "twice").why
    negative = with_method(f"def __neg__(self):\n    {nothing.replace('2', '-1')}")
    assert checked(negative, "Tensor.__neg__ / Tensor.backward")[0].verdict == "wrong"


def test_what_agrees_with_some_numbers_alone_cannot_be_told():
    soft = LOG.replace("def log(", "def entropy(")
    assert _reading(with_method(soft), "entropy").why == (
        "it agrees where operands are positive, and not with other numbers"
    )
    unnamed = ENTROPY.replace("target", "second")
    assert "sum to one" in _reading(with_method(unnamed), "cross_entropy").why


@pytest.mark.parametrize(
    "method",
    [
        "def clip_(self):\n    self.data = np.clip(self.data, -0.5, 0.5)\n    return self",
        "def at(self, place):\n    return self.data[place]",
        "def zeros(self):\n    return Tensor(0 * self.data)",
    ],
)
def test_what_gives_no_object_made_of_others_is_no_operation(method):
    assert {r.label for r in read(with_method(method))[0]} == {r.label for r in read(ARRAYS)[0]}


def test_what_takes_too_long_is_not_checked(monkeypatch):
    monkeypatch.setattr("chainrule.gradcheck.recognition.layers.operation_trials.MOST_SECONDS", 0.05)
    endless = "def settle(self):\n    while self.data is not None:\n        pass"
    assert _reading(with_method(endless), "settle").why == "it takes more than 0.05 s"


def test_what_draws_otherwise_than_numpy_each_time_is_not_checked():
    text = DROPOUT.replace(
        "np.random.rand(*self.data.shape)", "np.random.default_rng().random(self.data.shape)"
    )
    assert "something else each time" in _reading(with_method(text), "dropout").why


AT = """
def __getitem__(self, place):
    def back(g):
        whole = np.zeros_like(self.data)
        np.add.at(whole, place, g)
        return whole
    return self.made(self.data[place], (self, back))
"""
SUMMING = """
def summed(self, axis=None, keepdims=False):
    def back(g):
        wide = g if axis is None or keepdims else np.expand_dims(g, axis)
        return wide * np.ones(self.data.shape)
    return self.made(np.asarray(self.data.sum(axis=axis, keepdims=keepdims)), (self, back))
"""


def test_an_entry_may_be_picked_more_than_once():
    label = "Tensor.__getitem__ / Tensor.backward"
    assert checked(with_method(AT), label)[0].right
    assert (
        checked(with_method(AT.replace("np.add.at(whole, place, g)", "whole[place] += g")), label)[0].verdict
        == "wrong"
    )


def test_axes_are_tried_and_a_backward_pass_that_raises_is_named():
    reading = _reading(with_method(SUMMING), "summed")
    assert "a.summed(axis=1, keepdims=True)" in [variant.value for variant in reading.variants]
    raising = _reading(with_method(SUMMING.replace("is None or keepdims", "is None")), "summed")
    assert "its backward pass does not run" in raising.why


def _reading(text, name):
    (reading,) = [r for r in read(text)[0] if r.functions[0].name == name]
    return reading


MAX = """
def largest(self, axis):
    top = self.data.max(axis=axis, keepdims=True)
    return self.made(self.data.max(axis=axis), (self, lambda g: np.expand_dims(g, axis) * (self.data == top)))
"""
TURNED = """
def permute(self, *axes):
    return self.made(self.data.transpose(*axes), (self, lambda g: g.transpose(*np.argsort(axes))))
"""
PICKED = """
def picked(self, here, there, *, times):
    def back(g):
        return times * g
    return self.made(times * self.data, (self, back))
"""


@pytest.mark.parametrize(
    ("method", "part", "wrong"),
    [
        (MAX, "np.expand_dims(g, axis) *", "np.expand_dims(g, axis) * 2 *"),
        (TURNED, "np.argsort(axes)", "axes"),
    ],
)
def test_an_axis_and_an_order_of_axes_that_are_asked_for_are_given(method, part, wrong):
    name = method.split()[1].partition("(")[0]
    label = f"Tensor.{name} / Tensor.backward"
    assert checked(with_method(method), label)[0].right
    every, _ = read(with_method(method.replace(part, wrong)))
    (reading,) = [each for each in every if each.label == label]
    assert not reading.text or checked(with_method(method.replace(part, wrong)), label)[0].verdict == "wrong"


def test_an_operation_that_cannot_be_called_is_named():
    every, _ = read(with_method(PICKED))
    assert [each.why for each in every if "picked" in each.label] == [
        "it is not known what it is called with"
    ]


def test_a_spread_of_which_the_backward_pass_does_not_run_is_named_where_others_run():
    text = SPREAD.replace("tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True", "()")
    (reading,) = [each for each in read(text)[0] if each.label.startswith("Tensor.__add__")]
    assert any("(3, 1)" in words for words in reading.unchecked)
