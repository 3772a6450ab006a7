"""Classes as different people write them: what is recognised of each, and that a wrong twin is not taken for right."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.data_names import DataNames
from chainrule.gradcheck.recognition.fitness import fitness
from chainrule.gradcheck.recognition.recognise import recognise

HEAD = """
import numpy as np
def softmax(s):
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""
IN_PLACE = """
class MLP:
    def __init__(self, input_dim, hidden_dims, output_dim, lr=0.1):
        dims = [input_dim, *hidden_dims, output_dim]
        self.W = [np.random.randn(a, b) for a, b in zip(dims, dims[1:])]
        self.b = [np.zeros(b) for b in dims[1:]]
        self.lr = lr
    def loss(self, X, Y):
        self.H = np.tanh(X @ self.W[0] + self.b[0])
        self.P = softmax(self.H @ self.W[1] + self.b[1])
        return -np.sum(Y * np.log(self.P)) / len(X)
    def backward(self, X, Y):
        G = (self.P - Y) / len(X)
        D = (G @ self.W[1].T) * (1 - self.H**2)
        for i, (A, g) in enumerate(((X, D), (self.H, G))):
            self.W[i] -= self.lr * (A.T @ g)
            self.b[i] -= self.lr * g.sum(axis=0)
"""
DICTIONARY = """
class Net:
    @staticmethod
    def forward(X, params, dropout_rate=0.2):
        H = np.maximum(X @ params["W1"] + params["b1"], 0)
        H = H * (np.random.rand(*H.shape) >= dropout_rate) / (1 - dropout_rate)
        return softmax(H @ params["W2"] + params["b2"]), (X, H)
    @staticmethod
    def loss(Y, P):
        return -np.sum(Y * np.log(P)) / len(Y)
    @staticmethod
    def backward(Y, P, cache, params, learning_rate=0.01):
        X, H = cache
        G = (P - Y) / len(Y)
        D = (G @ params["W2"].T) * (H > 0)
        params["W2"] -= learning_rate * (H.T @ G)
        params["b2"] = params["b2"] - learning_rate * G.sum(axis=0)
        params["W1"] -= learning_rate * (X.T @ D)
        params["b1"] -= learning_rate * D.sum(axis=0)
"""
MOMENTUM = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)
        self.vW = np.zeros_like(self.W)
    def forward(self, X):
        self.X = X
        return X @ self.W + self.b
    def backward(self, G):
        self.dW, self.db = self.X.T @ G, G.sum(axis=0)
        return G @ self.W.T
class ReLU:
    def forward(self, X):
        self.on = X > 0
        return X * self.on
    def backward(self, G):
        return G * self.on
class Model:
    def __init__(self, layers):
        self.layers = layers
    def loss(self, X, Y):
        for layer in self.layers:
            X = layer.forward(X)
        self.G = (softmax(X) - Y) / len(X)
        return -np.sum(Y * np.log(softmax(X))) / len(X)
    def backward(self):
        G = self.G
        for layer in reversed(self.layers):
            G = layer.backward(G)
        return G
if __name__ == "__main__":
    model = Model([Linear(784, 100), ReLU(), Linear(100, 10)])
"""
TRAINER = """
class Config:
    hidden_size = 100
    weight_decay = 1e-4
class Net:
    def __init__(self, config, input_size, output_size):
        self.W1 = np.random.randn(input_size, config.hidden_size)
        self.W2 = np.random.randn(config.hidden_size, output_size)
class Squared:
    def value(self, P, Y): return np.sum((P - Y) ** 2) / len(Y)
    def slope(self, P, Y): return 2 * (P - Y) / len(Y)
class Trainer:
    def __init__(self, net, criterion):
        self.net, self.criterion = net, criterion
    def compute_cost(self, X, Y):
        return self.criterion.value(np.tanh(X @ self.net.W1) @ self.net.W2, Y)
    def compute_gradients(self, X, Y):
        H = np.tanh(X @ self.net.W1)
        G = self.criterion.slope(H @ self.net.W2, Y)
        return X.T @ ((G @ self.net.W2.T) * (1 - H**2)), H.T @ G
trainer = Trainer(Net(Config(), 784, 10), Squared())
"""
PAIRS = """
class Network:
    def __init__(self, sizes):
        self.sizes = sizes
        self.weights = [np.random.randn(b, a) for a, b in zip(sizes, sizes[1:])]
        self.biases = [np.random.randn(b, 1) for b in sizes[1:]]
    def feedforward(self, a):
        return sigmoid(self.weights[1] @ sigmoid(self.weights[0] @ a + self.biases[0]) + self.biases[1])
    def total_cost(self, data, lmbda):
        fit = sum(0.5 * np.sum((self.feedforward(x) - y) ** 2) for x, y in data) / len(data)
        return fit + 0.5 * lmbda / len(data) * sum(np.sum(w**2) for w in self.weights)
    def update_mini_batch(self, mini_batch, eta, lmbda, n):
        steps = [self.backprop(x, y) for x, y in mini_batch]
        for i in range(2):
            nabla = sum(w[i] for _, w in steps)
            self.weights[i] = (1 - eta * lmbda / n) * self.weights[i] - eta / len(mini_batch) * nabla
            self.biases[i] = self.biases[i] - eta / len(mini_batch) * sum(b[i] for b, _ in steps)
    def backprop(self, x, y):
        h = sigmoid(self.weights[0] @ x + self.biases[0])
        a = sigmoid(self.weights[1] @ h + self.biases[1])
        g = (a - y) * a * (1 - a)
        d = self.weights[1].T @ g * h * (1 - h)
        return [d, g], [d @ x.T, g @ h.T]
"""
TUTORIAL = """
class NeuralNet:
    def __init__(self, layers=[13, 8, 1], learning_rate=0.001):
        self.params, self.layers, self.learning_rate = {}, layers, learning_rate
        self.X = self.y = None
    def entropy_loss(self, y, yhat):
        return -np.mean(y * np.log(yhat) + (1 - y) * np.log(1 - yhat))
    def forward_propagation(self):
        self.params["A1"] = np.maximum(self.X @ self.params["W1"] + self.params["b1"], 0)
        yhat = sigmoid(self.params["A1"] @ self.params["W2"] + self.params["b2"])
        return yhat, self.entropy_loss(self.y, sigmoid(self.params["A1"]))
    def back_propagation(self, yhat):
        G = (yhat - self.y) / self.y.size
        D = (G @ self.params["W2"].T) * (self.params["A1"] > 0)
        self.params["W2"] = self.params["W2"] - self.learning_rate * (self.params["A1"].T @ G)
        self.params["b2"] = self.params["b2"] - self.learning_rate * G.sum(axis=0)
        self.params["W1"] = self.params["W1"] - self.learning_rate * (self.X.T @ D)
        self.params["b1"] = self.params["b1"] - self.learning_rate * D.sum(axis=0)
"""
RECORD = """
from typing import NamedTuple
class Params(NamedTuple):
    W1: np.ndarray
    W2: np.ndarray
def loss(params, X, Y):
    return np.mean((np.tanh(X @ params.W1) @ params.W2 - Y) ** 2)
def grad(params, X, Y):
    H = np.tanh(X @ params.W1)
    G = 2 * (H @ params.W2 - Y) / Y.size
    return Params(X.T @ ((G @ params.W2.T) * (1 - H**2)), H.T @ G)
"""
RATELESS = """
class Net:
    def __init__(self, x, y):
        self.input, self.y = x, y
        self.weights_input_hidden = np.random.rand(self.input.shape[1], 4)
        self.weights_hidden_output = np.random.rand(4, 1)
    def feedforward(self):
        self.hidden = sigmoid(self.input @ self.weights_input_hidden)
        self.output = sigmoid(self.hidden @ self.weights_hidden_output)
    def backprop(self):
        G = 2 * (self.output - self.y) * self.output * (1 - self.output)
        D = G @ self.weights_hidden_output.T * self.hidden * (1 - self.hidden)
        self.weights_input_hidden -= self.input.T @ D
        self.weights_hidden_output -= self.hidden.T @ G
"""
INTEGERS = """
def forward_prop(W, b, X):
    A = np.exp(W @ X + b)
    return A / A.sum(axis=0)
def one_hot(labels):
    return np.eye(3)[labels].T
def backward_prop(P, X, Y):
    G = (P - one_hot(Y)) / Y.size
    return G @ X.T, G.sum(axis=1, keepdims=True)
"""
FIT = """
class LogisticRegression:
    def __init__(self, lr=0.1, n_iters=100, lam=0.1):
        self.lr, self.n_iters, self.lam, self.losses = lr, n_iters, lam, []
    def forward(self, X):
        self.P = sigmoid(X @ self.w + self.b)
    def compute_loss(self, y):
        J = -np.mean(y * np.log(self.P) + (1 - y) * np.log(1 - self.P))
        return J + self.lam / 2 * np.sum(self.w**2)
    def fit(self, X, y):
        self.w, self.b = np.zeros(X.shape[1]), 0
        for i in range(self.n_iters):
            self.forward(X)
            dz = (self.P - y) / len(y)
            self.w -= self.lr * (X.T @ dz + self.lam * self.w)
            self.b -= self.lr * np.sum(dz)
            if i % 10 == 0:
                self.losses.append(self.compute_loss(y))
"""
CLASSES = {
    "fit": (FIT, "+ self.lam * self.w", "+ 2 * self.lam * self.w"),
    "in place": (IN_PLACE, "(1 - self.H**2)", "(1 - self.H)"),
    "dictionary in place": (DICTIONARY, "(H > 0)", "1"),
    "momentum, a list of layers": (MOMENTUM, "self.X.T @ G, G", "self.X.T @ G / 7, G"),
    "trainer": (TRAINER, "return 2 * (P", "return (P"),
    "pairs": (PAIRS, "* h * (1 - h)", "* h"),
    "tutorial": (TUTORIAL, '(self.params["A1"] > 0)', "1"),
    "record": (RECORD, "(1 - H**2)", "(1 - H)"),
}
"""Each with a line of it, and a wrong one in its place."""


def loaded(text):
    content = Source((Part("net.py", HEAD + text),))
    np.random.seed(0)  # noqa: NPY002
    return definitions(content), UserModule("net").load(content)


def adapter_of(text):
    """The adapter of the only net of a file, which comes before its layers."""
    return recognise(*loaded(text), 0)[0].text


def agrees(text, adapter):
    """Whether the gradient of a file is that of its cost, as an adapter has it; both have to run."""
    _, namespace = loaded(text)
    fit = fitness(declared(adapter, namespace, np.random.default_rng(0)), DataNames(), 0)
    assert fit.runs
    return fit.agrees


def test_a_cost_that_is_only_kept_may_not_be_the_one_that_is_meant():
    assert [row.is_assumed for text in (FIT, IN_PLACE) for row in recognise(*loaded(text), 0)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(("text", "right", "wrong"), CLASSES.values(), ids=CLASSES)
def test_a_class_is_recognised_right_or_wrong(text, right, wrong):
    assert right in text
    adapter = adapter_of(text)
    assert agrees(text, adapter)
    assert not agrees(text.replace(right, wrong), adapter)


def test_a_wrong_step_is_recognised_as_the_right_one():
    wrong = IN_PLACE.replace("(1 - self.H**2)", "(1 - self.H)")
    assert adapter_of(wrong) == adapter_of(IN_PLACE)


def test_integer_labels_choose_of_the_outputs_where_a_file_has_no_cost():
    adapter = adapter_of(INTEGERS)
    assert "-np.sum(np.log(forward_prop(W, b, X)[Y, np.arange(X.shape[1])]))" in adapter
    assert agrees(INTEGERS, adapter)


def test_a_step_without_a_learning_rate_is_called_right_or_nothing():
    assert agrees(RATELESS, adapter_of(RATELESS))
    with pytest.raises(CheckError, match="none of the usual costs"):
        adapter_of(RATELESS.replace("2 * (self", "0.1 * (self"))


@pytest.mark.parametrize(
    ("begins", "is_read"),
    [("self.W = np.zeros((6, 3))", True), ("self.W = self.W - lr * self.slope(X, Y)", False)],
)
def test_what_is_no_single_step_from_the_given_point_convicts_nobody(begins, is_read):
    """Training that begins anew, or takes two steps, takes other things from the parameters than a gradient. Where it
    begins anew, the gradient is found within it, and right, or nothing is told."""
    text = f"""
class Net:
    def cost(self, X, Y):
        return np.mean((X @ self.W - Y) ** 2)
    def slope(self, X, Y):
        return 2 * X.T @ (X @ self.W - Y) / Y.size
    def fit(self, X, Y, lr=0.1):
        {begins}
        self.W = self.W - lr * self.slope(X, Y)
"""
    if is_read:
        assert ".slope(" in adapter_of(text)
    with pytest.raises(CheckError):
        adapter_of(text.replace("return 2 *", "return 3 *") if is_read else text)
    single = text.replace(begins, "pass", 1)
    assert agrees(single, adapter_of(single))
