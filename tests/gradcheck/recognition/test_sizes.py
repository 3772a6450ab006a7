"""Sizes that are written into files."""

import pytest

from chainrule.gradcheck.recognition.conventions import USUAL_SIZES, Sizes
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.sizes import may_be_autoencoder, written
from support.adapters import defined
from support.recognising import row_and_check


def sizes_of(text):
    file = defined(text)
    return written(file, [file.named("cost")])


@pytest.mark.parametrize(
    ("body", "sizes"),
    [
        ("X * 2", [USUAL_SIZES]),
        ("np.zeros((10, N))", [Sizes(classes=10)]),
        ("np.zeros((10, 32 * 32 * 3))", [Sizes(classes=10), Sizes(3072, classes=10)]),
        ("one_hot(X)", [Sizes(classes=10)]),
        ("np.zeros((K, m))", [Sizes(classes=4), Sizes(hidden=20, classes=4)]),
        ("np.zeros((K, d))", [Sizes(classes=4), Sizes(784, classes=4)]),
        ("other()", [USUAL_SIZES]),
    ],
)
def test_what_a_function_or_what_it_uses_has_written_down_is_tried_the_small_first(body, sizes):
    text = "K, m = 4, 20\nd = 784\ndef one_hot(y):\n    return np.eye(10)[y]\ndef unused():\n    return 10\n"
    assert sizes_of(f"{text}def cost(X):\n    return {body}") == sizes


@pytest.mark.parametrize(
    "body",
    [
        "w = zeros((4, 6)), zeros((6, 2))",
        "w = rand(4, 6), rand(6, 2)",
        "for i in range(4):\n        for j in range(6):\n            w[i, j] = 0\n            for k in range(n):\n"
        "                v[j][k] = 0",
    ],
)
def test_sizes_that_lead_to_one_another_are_those_of_a_net(body):
    sizes = sizes_of(f"n = 2\ndef cost(X):\n    {body}\n")
    assert {Sizes(4, 6, 2), Sizes(2, 6, 4)} <= set(sizes)


def test_numbers_are_those_of_constants_whose_names_say_what_they_are():
    assert Sizes(hidden=6) in sizes_of("n_hidden = 6\ndef cost(X):\n    return X[:6]\n")
    assert Sizes(hidden=6) not in sizes_of("n_hidden = 6\ndef cost(X):\n    return X[:5]\n")


def test_a_net_that_is_asked_for_no_labels_or_is_called_so_may_give_back_what_it_is_given():
    cost = [defined("def cost(X, y):\n    return X").named("cost")]
    decode = [defined("class Net:\n    def decode(self, h):\n        return h").named("decode", "Net")]
    assert may_be_autoencoder(cost, DataNames(inputs="X"))
    assert not may_be_autoencoder(cost, DataNames(inputs="X", labels="y"))
    assert may_be_autoencoder(decode, DataNames(inputs="X", labels="y"))


LOOP = """
import numpy as np

X = np.random.rand(100, 20)
w1 = np.random.normal(scale=0.01, size=(20, 6))
w2 = np.random.normal(scale=0.01, size=(6, 20))
for epoch in range(10):
    h = np.tanh(X @ w1)
    out = h @ w2
    loss = np.mean((out - X) ** 2)
    d = 2 * (out - X) / X.size
    dw2 = h.T @ d
    dw1 = X.T @ (d @ w2.T * (1 - h ** 2))
    w1 -= 0.01 * dw1
    w2 -= 0.01 * dw2
"""


def test_an_autoencoder_gives_back_as_many_numbers_as_it_is_given():
    _, outcome = row_and_check(LOOP)
    assert outcome.verdict == "right"
    assert {tensor.name: tensor.shape for tensor in outcome.tensors} == {"w1": (6, 5), "w2": (5, 6)}


AUTOENCODER = """
import numpy as np

def mse_loss(y_true, y_pred):
    return np.mean(np.square(y_true - y_pred))

class Autoencoder:
    def __init__(self, input_size, hidden_size):
        self.W_enc = np.random.randn(input_size, hidden_size)
        self.W_dec = np.random.randn(hidden_size, input_size)

    def forward(self, X):
        self.X, self.H = X, np.tanh(X @ self.W_enc)
        return self.H @ self.W_dec

    def backward(self, X_reconstructed, X_true):
        d = 2 * (X_reconstructed - X_true) / X_true.size
        dW_dec = self.H.T @ d
        dW_enc = self.X.T @ (d @ self.W_dec.T * (1 - self.H ** 2))
        return dW_enc, dW_dec

ae = Autoencoder(784, 128)
for batch in load():
    out = ae.forward(batch)
    print(mse_loss(batch, out), ae.backward(out, batch))
"""


@pytest.mark.parametrize(("divisor", "verdict"), [("X_true.size", "right"), ("X_true.shape[0]", "wrong")])
def test_what_is_to_be_given_back_is_its_label(divisor, verdict):
    _, outcome = row_and_check(AUTOENCODER.replace("X_true.size", divisor))
    assert outcome.verdict == verdict


HELD = """
import numpy as np

class Dense:
    def __init__(self, inputs, outputs, act):
        self.W, self.b, self.act = np.random.randn(outputs, inputs), np.zeros((outputs, 1)), act
    def forward(self, x):
        self.x = x
        self.z = self.W @ x + self.b
        return self.act(self.z)
    def backward(self, da):
        dz = da * self.act.slope(self.z)
        self.dW, self.db = dz @ self.x.T, dz.sum(axis=1, keepdims=True)
        return self.W.T @ dz

class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp(-z))
    def slope(self, z):
        return self(z) * (1 - self(z))

class Net:
    def __init__(self):
        self.layers = [Dense(4, 8, Sigmoid()), Dense(8, 7, Sigmoid()), Dense(7, 1, Sigmoid())]
    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X
    def cost(self, A, Y):
        return -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / Y.shape[1]
    def backward(self, A, Y):
        da = ((1 - Y) / (1 - A) - Y / A) / Y.shape[1]
        for layer in reversed(self.layers):
            da = layer.backward(da)
"""


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("(1 - Y) / (1 - A) - Y / A", "(1 - Y) / (1 - A) + Y / A"),
        (") / Y.shape[1]\n        for", ")\n        for"),
    ],
)
def test_a_net_of_layers_of_written_sizes_gets_inputs_of_these(part, wrong):
    assert HELD.count(part) == 1
    for text, verdict in ((HELD, "right"), (HELD.replace(part, wrong), "wrong")):
        row, outcome = row_and_check(text)
        assert row.gradient == "Net.backward"
        assert outcome.verdict == verdict
