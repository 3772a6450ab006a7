"""Layers whose parameters are made once they know their inputs."""

import pytest

from support.adapters import defined
from support.layers import checked, read

NORM = """
class Norm:
    def __init__(self, eps=1e-5):
        self.eps, self.gamma, self.beta = eps, None, None
    def forward(self, x):
        self.std = np.sqrt(x.var(axis=1, keepdims=True) + self.eps)
        self.n = (x - x.mean(axis=1, keepdims=True)) / self.std
        return self.gamma * self.n + self.beta
    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.n).sum(axis=0), dout.sum(axis=0)
        d = dout * self.gamma
        return (d - d.mean(axis=1, keepdims=True) - self.n * (d * self.n).mean(axis=1, keepdims=True)) / self.std
"""
BY_SHAPE = """    def build(self, input_shape):
        self.gamma, self.beta = np.ones(input_shape[-1]), np.zeros(input_shape[-1])
"""
BY_SIZE = """    def initialize(self, n_in):
        self.gamma, self.beta = np.ones(n_in), np.zeros(n_in)
"""
BY_LAYER = """    def connect_to(self, prev_layer):
        n = prev_layer.out_shape[-1]
        self.gamma, self.beta = np.ones(n), np.zeros(n)
"""
IN_FIRST_PASS = "    def forward(self, x):\n        if self.gamma is None:\n            self.build(x.shape)"
BY_SIZE_THAT_IS_A_SHAPE = """    def init_params(self, input_size):
        self.gamma, self.beta = np.ones(input_size[-1]), np.zeros(input_size[-1])
"""
WAYS = {
    "shape": NORM + BY_SHAPE,
    "size": NORM + BY_SIZE,
    "size that is a shape": NORM + BY_SIZE_THAT_IS_A_SHAPE,
    "layer": NORM + BY_LAYER,
    "first pass": NORM.replace("    def forward(self, x):", IN_FIRST_PASS) + BY_SHAPE,
}


@pytest.mark.parametrize("way", WAYS)
def test_parameters_that_a_method_makes_are_checked(way):
    outcome, reading = checked(WAYS[way])
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "gamma", "beta"}
    assert ("first" in reading.notes[0]) == (way != "first pass")


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_that_cannot_be_seen_with_the_first_values_is_found(way):
    # Where all of gamma is 1, it may stand before the mean or after it.
    text = (
        WAYS[way]
        .replace("d = dout * self.gamma", "d = dout")
        .replace("return (d -", "return self.gamma * (d -")
    )
    assert checked(text)[0].verdict == "wrong"


def test_what_a_pass_makes_anew_each_time_is_no_parameter():
    text = """
class Scale:
    def forward(self, x):
        self.scale = np.abs(x).max()
        self.weights = x / self.scale
        return 3 * x
    def backward(self, dout):
        return 3 * dout
"""
    outcome, _ = checked(text)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["x"]


def test_a_method_that_another_calls_builds_nothing_by_itself():
    (reading,), _ = read(NORM + BY_SHAPE.replace("build(self, input_shape)", "build(self, optimizer, rate)"))
    assert "no usual layout" in reading.why


OPTIMIZED = """
class Dense:
    def __init__(self, n_units, input_shape=None):
        self.n_units, self.input_shape, self.W = n_units, input_shape, None
    def set_input_shape(self, shape):
        self.input_shape = shape
    def initialize(self, optimizer):
        self.W, self.b = np.random.randn(self.input_shape[0], self.n_units), np.zeros((1, self.n_units))
        self.W_opt, self.b_opt = optimizer, optimizer
    def forward_pass(self, X, training=True):
        self.X = X
        return X @ self.W + self.b
    def backward_pass(self, accum_grad):
        W = self.W
        self.W = self.W_opt.update(self.W, self.X.T @ accum_grad)
        self.b = self.b_opt.update(self.b, accum_grad.sum(axis=0, keepdims=True))
        return accum_grad @ W.T
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_parameters_that_an_optimizer_changes_are_checked_by_its_steps(wrong):
    outcome, reading = checked(OPTIMIZED.replace("grad.sum(", "grad.mean(") if wrong else OPTIMIZED)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert {t.name for t in outcome.tensors} == {"X", "W", "b"}
    assert "a learning rate of 1" in " ".join(reading.notes)


def test_an_optimizer_that_takes_its_arguments_otherwise_convicts_nobody():
    given = OPTIMIZED.replace("self.W, self.X.T @ accum_grad", "self.X.T @ accum_grad, self.W")
    (reading,), _ = read(given)
    assert not reading.text


def test_a_constructor_is_not_called_again_with_what_it_has_by_default():
    text = """
class Huber:
    def __init__(self, delta=1.0):
        self.delta = delta
    def value(self, pred, target):
        r = np.abs(pred - target)
        return np.where(r <= self.delta, 0.5 * r**2, self.delta * (r - 0.5 * self.delta)).mean()
    def grad(self, pred, target):
        e = pred - target
        return np.where(np.abs(e) <= self.delta, e, np.sign(e)) / e.size
"""
    assert checked(text)[0].verdict == "wrong"


ASKING = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b, self.optimizer = np.random.randn(n_in, n_out), np.zeros(n_out), None
    def forward(self, X):
        self.X = X
        return X @ self.W + self.b
    def backward(self, grad, lr):
        dW, db = self.X.T @ grad, grad.sum(axis=0)
        out = grad @ self.W.T
        self.optimizer.update(GIVEN)
        return out
"""


@pytest.mark.parametrize(
    "given", ["[self.W, self.b], [dW, db]", '{"W": self.W, "b": self.b}, {"dW": dW, "db": db}, lr']
)
def test_an_optimizer_that_there_is_none_of_yet_takes_the_steps_it_is_asked_for(given):
    text = ASKING.replace("GIVEN", given)
    outcome, reading = checked(text)
    assert outcome.right
    assert "an optimizer that takes steps with a rate of 1 first" in reading.notes[0]
    assert checked(text.replace("grad.sum(", "grad.mean("))[0].verdict == "wrong"


def test_the_steps_of_a_layer_are_those_of_its_parameters():
    text = """
class Dense:
    def __init__(self, n_in, n_out):
        self.params = {"W": np.random.randn(n_in, n_out), "b": np.zeros(n_out)}
        self.optimizer = None
    def forward(self, X):
        self.X = X
        return X @ self.params["W"] + self.params["b"]
    def backward(self, grad, lr):
        out = grad @ self.params["W"].T
        self.optimizer.step(self, {"dW": self.X.T @ grad, "db": grad.sum(axis=0)}, lr)
        return out
"""
    outcome, _ = checked(text)
    assert outcome.right
    assert len(outcome.tensors) == 3


HANDED_ON = """
class Sized:
    def __init__(self, n_out, share=1.0):
        self.n_out, self.share = n_out, share

class Straight(Sized):
    def __init__(self, scale=0.5, **rest):
        super().__init__(share=2.0, **rest)
        self.scale = scale
    def build(self, n_in):
        self.W = np.random.randn(n_in, self.n_out)
    def forward(self, x):
        self.x = x
        return self.scale * x @ self.W
    def backward(self, back):
        self.dW = self.scale * self.x.T @ back
        return self.scale * back @ self.W.T
"""


@pytest.mark.parametrize(
    ("back", "verdict"), [("self.scale * back", "right"), ("back", "wrong"), ("2 * back", "wrong")]
)
def test_a_base_is_given_what_a_class_hands_on_to_it(back, verdict):
    assert [a.name for a in defined(HANDED_ON).constructors["Straight"].arguments] == ["scale", "n_out"]
    assert checked(HANDED_ON.replace("return self.scale * back", f"return {back}"))[0].verdict == verdict


CHANNELS = """
class Conv:
    def __init__(self, filters, size=3):
        self.filters, self.size = filters, size
    def set_channels(self, channels):
        self.kernels = np.random.randn(self.filters, channels, self.size, self.size)
    def forward(self, x):
        self.x = x
        view = np.lib.stride_tricks.sliding_window_view(x, (self.size, self.size), axis=(2, 3))
        return np.einsum("nchwij,fcij->nfhw", view, self.kernels)
    def backward(self, up):
        view = np.lib.stride_tricks.sliding_window_view(self.x, (self.size, self.size), axis=(2, 3))
        self.kernels_grad = np.einsum("nchwij,nfhw->fcij", view, up)
        wide = np.pad(up, ((0, 0), (0, 0), (self.size - 1,) * 2, (self.size - 1,) * 2))
        view = np.lib.stride_tricks.sliding_window_view(wide, (self.size, self.size), axis=(2, 3))
        return np.einsum("nfhwij,fcij->nchw", view, self.kernels[:, :, ::-1, ::-1])
"""


@pytest.mark.parametrize("wrong", [False, True])
def test_a_method_that_makes_what_the_passes_read_comes_first_whatever_it_is_called(wrong):
    text = CHANNELS.replace("[:, :, ::-1, ::-1]", "") if wrong else CHANNELS
    outcome, reading = checked(text)
    assert outcome.verdict == ("wrong" if wrong else "right"), reading.text
    assert "set_channels(3) first" in reading.notes[0]


AS_SET = """
class Layer:
    def __init__(self, activation):
        self.activation, self.next_layer = activation, None
    @property
    def input_size(self):
        return self._input_size
    @input_size.setter
    def input_size(self, value):
        self._input_size = value

class Dense(Layer):
    def __init__(self, units, act):
        super().__init__(activation=act)
        self.units = units
    @Layer.input_size.setter
    def input_size(self, value):
        self._input_size = value
        self.W, self.b = np.random.randn(value, self.units), np.zeros(self.units)
    def feed_forward(self, a):
        self.a, self.z = a, a @ self.W + self.b
        return self.activation.activate(self.z)
    def backpropagation(self, delta):
        d = delta * self.activation.derivative(self.z)
        self.dW, self.db = self.a.T @ d, d.sum(axis=0)
        return d @ self.W.T
"""


def test_parameters_that_are_made_as_a_property_is_given_its_value_are_checked():
    outcome, reading = checked(AS_SET)
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"a", "W", "b"}
    assert "input_size = 6 first" in reading.notes[0]
    assert checked(AS_SET.replace("d.sum(", "d.mean("))[0].verdict == "wrong"


BESIDE_EACH_OTHER = """
class Pool:
    def __init__(self, size=2):
        self.size, self.x = size, None
    def initialize(self, input_shape):
        c, h, w = input_shape
        self.out_shape = c, h // self.size, w // self.size
    def forward_prop(self, x):
        s, self.x, self.out = self.size, x, np.zeros(self.out_shape)
        for k, i, j in np.ndindex(self.out_shape):
            self.out[k, i, j] = x[k, s * i : s * (i + 1), s * j : s * (j + 1)].max()
        return self.out
    def back_prop(self, d):
        s, g = self.size, np.zeros(self.x.shape)
        for k, i, j in np.ndindex(g.shape):
            if self.x[k, i, j] == self.out[k, i // s, j // s]:
                g[k, i, j] = d[k, i // s, j // s]
        return g
"""


def test_windows_of_a_single_image_that_leave_nothing_over_are_checked():
    outcome, reading = checked(BESIDE_EACH_OTHER)
    assert outcome.right
    assert "x (3, 4, 6)" in reading.notes[0]
    assert checked(BESIDE_EACH_OTHER.replace("= d[k,", "= 2 * d[k,"))[0].verdict == "wrong"


GIVEN = """
class Dense:
    def __init__(self, n_in, n_out, optimization_method):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
        self.optimization_method = optimization_method
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout, opt=None):
        dx = dout @ self.W.T
        STEPS
        return dx
"""
TAKEN = {
    "by the constructor": """self.W = self.optimization_method.updated(self.W, self.x.T @ dout)
        self.b = self.optimization_method.updated(self.b, dout.sum(axis=0))""",
    "by the pass": """if opt is not None:
            self.W = opt.step(self.W, self.x.T @ dout, name="W")
            self.b = opt.step(self.b, dout.sum(axis=0), name="b")""",
}


@pytest.mark.parametrize("way", TAKEN)
def test_an_optimizer_that_is_given_takes_the_steps_it_is_asked_for(way):
    text = GIVEN.replace("STEPS", TAKEN[way])
    if way == "by the pass":
        text = text.replace(", optimization_method)", ")").replace(
            "        self.optimization_method = optimization_method\n", ""
        )
    outcome, reading = checked(text)
    assert outcome.right
    assert {t.name for t in outcome.tensors} == {"x", "W", "b"}
    assert ("Descent() is an optimizer" in " ".join(reading.notes)) == (way == "by the constructor")
    assert checked(text.replace("dout.sum(", "dout.mean("))[0].verdict == "wrong"


def test_an_optimizer_that_is_given_the_layer_and_gradients_leaves_it_as_it_is():
    text = GIVEN.replace(
        "STEPS", "if opt is not None:\n            opt.update(self, self.x.T @ dout, dout.sum(axis=0))"
    )
    outcome, reading = checked(
        text.replace("n_out, optimization_method", "n_out").replace(
            "        self.optimization_method = optimization_method\n", ""
        )
    )
    assert outcome.right
    assert reading.unchecked == ("the gradient of W", "the gradient of b")
