"""Forward passes and the backward passes that belong to them."""

from chainrule.gradcheck.recognition.layers.pairs import layers_of, only_layers
from support.adapters import defined
from support.layers import checked, read


def test_what_is_called_like_a_rate_is_an_array_where_something_of_it_is_looked_at():
    text = """
class Scale:
    def forward(self, x):
        return 3 * x
    def backward(self, eta):
        return 3 * eta.reshape(eta.shape)
"""
    assert checked(text)[0].right
    assert not read(text.replace("3 * eta", "2 * eta"))[0][0].text, "a guess convicts nobody"


STATES = """
class Zelle:
    def __init__(self, eingang, groesse):
        self.W = {k: np.random.randn(eingang + groesse, groesse) for k in ("g", "z")}
        self.groesse = groesse
    def vorwaerts(self, x):
        self.kette, h = [], np.zeros((x.shape[0], self.groesse))
        for t in range(x.shape[1]):
            e = np.concatenate([x[:, t], h], axis=1)
            z, g = 1 / (1 + np.exp(-e @ self.W["z"])), np.tanh(e @ self.W["g"])
            self.kette.append((e, h, z, g))
            h = (1 - z) * h + z * g
        return h
    def rueckwaerts(self, dh):
        self.dW = {k: np.zeros_like(v) for k, v in self.W.items()}
        for e, h, z, g in self.kette[::-1]:
            dz, dg = dh * (g - h) * z * (1 - z), dh * z * (1 - g * g)
            self.dW["z"] += e.T @ dz
            self.dW["g"] += e.T @ dg
            de = dz @ self.W["z"].T + dg @ self.W["g"].T
            dh = dh * (1 - z) + de[:, -self.groesse:]
        return dh
"""


def test_what_a_recurrent_layer_gives_may_be_its_states_gradient_and_a_key_g_a_gate():
    outcome, reading = checked(STATES)
    assert outcome.right
    assert not reading.unchecked
    assert {tensor.name for tensor in outcome.tensors} == {"g", "z"}
    assert checked(STATES.replace("(1 - g * g)", "(1 - g)"))[0].verdict == "wrong"


PULLBACKS = """
def scale(x, W):
    y = x @ W
    def back(dy):
        return dy @ W.T, x.T @ dy
    return y, back

class Cell:
    def forward(self, x):
        y = np.tanh(x)
        def back(dy):
            return dy * (1 - y * y)
        return y, back
"""


def test_a_forward_pass_may_give_its_backward_pass():
    assert [pair.label for pair in layers_of(defined(PULLBACKS))] == [
        "scale / back",
        "Cell.forward / Cell.back",
    ]
    assert checked(PULLBACKS, "scale / back")[0].right
    assert checked(PULLBACKS, "Cell.forward / Cell.back")[0].right
    assert checked(PULLBACKS.replace("1 - y * y", "1 - y"), "Cell.forward / Cell.back")[0].verdict == "wrong"


TAKEN_APART = """
def attend(q, k, v):
    w = np.exp(q @ k.T)
    w /= w.sum(1, keepdims=True)
    kept = (q, k, v, w)
    return w @ v, kept

def unattend(do, saved):
    q, k, v, w = saved
    dw = do @ v.T
    ds = w * (dw - (dw * w).sum(1, keepdims=True))
    return ds @ k, ds.T @ q, w.T @ do
"""


def test_a_backward_pass_is_told_by_what_it_takes_apart():
    assert [pair.label for pair in layers_of(defined(TAKEN_APART))] == ["attend / unattend"]
    assert checked(TAKEN_APART)[0].right
    assert checked(TAKEN_APART.replace("ds.T @ q", "ds.T @ k"))[0].verdict == "wrong"
    assert not layers_of(defined(TAKEN_APART.replace("do, saved", "size, saved")))
    assert not layers_of(defined(f"{TAKEN_APART}\ndef block_grad(d, saved): return unattend(d, saved)"))


TAKES_WHAT_COMES_BACK = """
class Array:
    def __init__(self, size):
        self.value, self.grads = np.random.randn(size), np.zeros(size)
class Scaled:
    def __init__(self, size):
        self.gamma = Array(size)
    def forward(self, x):
        self.x = x
        return np.tanh(x) * self.gamma.value
    def _compute_gradients(self, grads):
        self.gamma.grads = (grads * np.tanh(self.x)).sum(axis=0)
        return grads * self.gamma.value * (1 - np.tanh(self.x) ** 2)
"""


def test_in_a_class_without_a_backward_pass_the_gradient_of_an_upstream_one_is_it():
    right, _ = checked(TAKES_WHAT_COMES_BACK)
    assert right.right
    assert [tensor.name for tensor in right.tensors] == ["x", "gamma"]
    assert checked(TAKES_WHAT_COMES_BACK.replace("** 2", "** 3"))[0].verdict == "wrong"


STEPPING = """
class Dense:
    def __init__(self, n_in, n_out):
        self.weights, self.bias = np.random.randn(n_in, n_out), np.zeros(n_out)
        self.w_gradient, self.b_gradient = np.zeros((n_in, n_out)), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias
    def gradient(self, eta):
        self.w_gradient += self.x.T @ eta
        self.b_gradient += np.sum(eta, axis=0)
        return eta @ self.weights.T
    def backward(self, alpha=0.00001, weight_decay=0.0004):
        self.weights -= alpha * (self.w_gradient + weight_decay * self.weights)
        self.bias -= alpha * self.b_gradient
"""


def test_where_backward_takes_the_step_the_gradient_is_the_backward_pass():
    outcome, reading = checked(STEPPING)
    assert outcome.right
    assert reading.label == "Dense.forward / Dense.gradient"
    assert "backward" in {function.name for function in reading.functions}
    assert {tensor.name for tensor in outcome.tensors} == {"x", "weights", "bias"}
    assert reading.unchecked == ("the step of Dense.backward",), "its sign or its factor may be wrong"
    assert checked(STEPPING.partition("    def backward")[0])[1].unchecked == ()
    assert checked(STEPPING.replace("return eta @", "return 2 * eta @"))[0].verdict == "wrong"


CALLED = """
class Layer:
    def __init__(self):
        self.slopes = {}
    def __call__(self, *args):
        out = self.forward(*args)
        self.slopes = self.local(*args)
        return out
class Square(Layer):
    def forward(self, x):
        return x ** 2
    def backward(self, dy):
        return self.slopes["x"] * dy
    def local(self, x):
        return {"x": 2 * x}
"""


def test_the_object_is_called_where_that_keeps_more_than_the_forward_pass_alone():
    outcome, reading = checked(CALLED)
    assert outcome.right
    assert {"__call__", "local"} <= {function.name for function in reading.functions}
    assert checked(CALLED.replace('"x": 2', '"x": 3'))[0].verdict == "wrong"


HANDED = """
class Dense:
    def __init__(self, n_in, n_out):
        self.weights, self.shift = np.random.randn(n_in, n_out), np.zeros(n_out)
    def forward(self, x):
        self.x = x
        return x @ self.weights + self.shift
    def _gradients(self, d):
        grad_input = d @ self.weights.T
        grad_shift = d.sum(axis=0)
        grad_weights = self.x.T @ d
        return grad_shift, grad_weights, grad_input
    def backward(self, d):
        return self._gradients(d)
"""


def test_what_a_method_gives_in_the_place_of_the_backward_pass_has_the_names_that_it_gives_it():
    outcome, reading = checked(HANDED)
    assert outcome.right
    assert {*reading.arrays} == {"x", "weights", "shift"}
    assert not any("by its shape" in note for note in reading.notes)


SHOWN = """
class Net:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
    def __call__(self, x):
        self.shown = np.tanh(self.forward(x))
        return self.shown
    def forward(self, x):
        self.x = x
        return x @ self.W
    def backward(self, d):
        self.dW = self.x.T @ d
        return d @ self.W.T
"""


def test_what_a_call_keeps_that_the_backward_pass_does_not_read_says_nothing_of_the_forward_pass():
    assert checked(SHOWN)[0].right


def test_what_the_backward_pass_puts_in_another_order_has_not_the_names_of_the_method_that_gives_it():
    again = """
    def backward(self, d):
        return self._gradients(d)[::-1]
"""
    text = HANDED.partition("    def backward")[0] + again
    text = text.replace("return grad_shift, grad_weights", "return grad_weights, grad_shift")
    (reading,), _ = read(text)
    assert not reading.text or checked(text)[0].right
    in_order = text.replace("return grad_weights, grad_shift", "return grad_shift, grad_weights")
    assert checked(in_order)[0].right


UPDATED = """
class Pool:
    def forward(self, inputs):
        self.inputs = inputs
        return np.tanh(inputs)
    def updateGradients(self, nodeValues):
        return nodeValues * (1 - np.tanh(self.inputs) ** 2)
    def resetGradients(self, nodeValues):
        return np.zeros_like(nodeValues)
"""


def test_what_makes_gradients_of_one_array_and_of_what_the_forward_pass_leaves_is_the_backward_pass():
    (layer,) = layers_of(defined(UPDATED))
    assert layer.label == "Pool.forward / Pool.updateGradients"


LAYER_WITH_SETTER = """
class Scale:
    def __init__(self):
        self.gain = np.ones(4)
    def forward(self, x):
        self.x = x
        return self.gain * x
    def backward(self, error):
        self.grad_gain = (error * self.x).sum(0)
        return error * self.gain
    def set_grads(self, grads):
        self.grad_gain = grads
"""


def test_what_takes_gradients_over_makes_none_that_would_be_left_unchecked():
    assert only_layers(defined(LAYER_WITH_SETTER))
    assert not only_layers(defined(LAYER_WITH_SETTER.replace("(self, grads)", "(self, grads, x)"))), "it may"
    assert not only_layers(defined(LAYER_WITH_SETTER + "        return grads * 2\n")), "it does"


def test_what_is_handed_beside_a_rate_may_be_called_after_any_output():
    text = """
class Scale:
    def __init__(self, n):
        self.w = np.ones(n)
    def forward(self, x):
        self.x = x
        return x * self.w
    def backward(self, {0}, rate):
        dx = {0} * self.w
        self.w -= rate * ({0} * self.x).sum(axis=0)
        return dx
"""
    for name, layers in (("dp", 1), ("d_probs", 1), ("images", 0)):
        assert len(layers_of(defined(text.format(name)))) == layers
    outcome, reading = checked(text.format("dp"))
    assert outcome.right
    assert not reading.unchecked
    assert checked(text.format("dp").replace("rate * ", "2 * rate * "))[0].verdict == "wrong"
