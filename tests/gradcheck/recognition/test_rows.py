"""What is told of each gradient."""

import pytest

from chainrule.gradcheck.recognition import recognise
from support.recognising import rows

LOOP = """
import numpy as np

def sigmoid(z, deriv=False):
    return z * (1 - z) if deriv else 1 / (1 + np.exp(-z))

X, y, W = np.random.rand(9, 3), np.random.randint(0, 2, (9, 1)), np.random.randn(3, 1)
for i in range(1000):
    P = sigmoid(X @ W)
    E = y - P
    D = E * sigmoid(P, True)
    W += X.T @ D
"""


@pytest.fixture
def patient(monkeypatch):
    """Nothing is given up for its time, however busy the machine is."""
    monkeypatch.setattr(recognise, "_MOST_SECONDS_BESIDE_LAYERS", 60.0)


@pytest.fixture
def in_a_moment(monkeypatch):
    """Nets of which nothing fits are given up at once."""
    monkeypatch.setattr(recognise, "_MOST_SECONDS_BESIDE_LAYERS", 0.1)


ROWS = {"update_of_loop_8", "sigmoid / sigmoid_derivative"}


@pytest.mark.usefixtures("patient")
def test_what_was_assumed_of_a_loop_is_told():
    told = {row.gradient: row for row in rows(LOOP)}
    notes = told["update_of_loop_8"].notes
    assert {*told} == ROWS
    assert notes[0] == "assumed X (N, d), labels one-hot (N, K), W (in, out), no b"
    assert "the training loop on line 8 was read as functions: what a round computes, and its step" in notes
    assert any(note.startswith("the file has no cost: its gradient is that of ") for note in notes)


@pytest.mark.usefixtures("in_a_moment")
def test_a_loop_that_cannot_be_checked_is_told_beside_its_activations():
    told = {row.gradient: row for row in rows(LOOP.replace("D = E *", "D = E * P *"))}
    assert {*told} == ROWS
    assert told["update_of_loop_8"].doubt
    assert not told["sigmoid / sigmoid_derivative"].doubt


NET = """
import numpy as np

class Net:
    def __init__(self, n_in, n_out, lr=0.1):
        self.W, self.lr = np.random.randn(n_in, n_out), lr
    def sigmoid(self, z):
        return 1 / (1 + np.exp(-z))
    def sigmoid_derivative(self, a):
        return a * (1 - a)
    def predict(self, X):
        return self.sigmoid(X @ self.W)
    def train(self, X, y, epochs):
        for _ in range(epochs):
            P = self.predict(X)
            self.W += self.lr * X.T @ ((y - P) * self.sigmoid_derivative(P))
"""


@pytest.mark.usefixtures("patient")
def test_training_takes_one_round():
    (row,) = rows(NET)
    assert "net.train(X, y, 1)" in row.text


@pytest.mark.usefixtures("in_a_moment")
def test_training_is_told_where_only_its_activation_is_right():
    told = {row.gradient: row.doubt for row in rows(NET.replace("(y - P) *", "P * (y - P) *"))}
    assert told["Net.train"]
    assert told["Net.sigmoid / Net.sigmoid_derivative"] == ""


CLIPPED = """
import numpy as np

def compute_cost(W, b, X, Y):
    return np.sum((X @ W + b - Y) ** 2) / len(X)

def compute_gradients(W, b, X, Y):
    G = 2 * (X @ W + b - Y) / len(X)
    return np.clip(X.T @ G, -0.3, 0.3), np.clip(G.sum(axis=0), -0.3, 0.3)
"""


def test_a_gradient_that_is_clipped_where_it_would_be_compared_is_not_checked():
    (row,) = rows(CLIPPED)
    assert row.doubt.startswith("the gradient is clipped to [-0.3, 0.3], and reaches that bound")


def test_a_bound_that_is_far_off_is_told():
    (row,) = rows(CLIPPED.replace("0.3", "80.0"))
    assert not row.doubt
    assert "the gradient is clipped to [-80, 80], which is not reached where it was compared" in row.notes


DECAYING = """
import numpy as np

class Line:
    def __init__(self, d, k, lr=0.1, weight_decay=0.01):
        self.W, self.lr, self.weight_decay = np.random.randn(d, k), lr, weight_decay

    def loss(self, X, Y):
        return np.sum((X @ self.W - Y) ** 2) / len(X)

    def step(self, X, Y):
        self.W -= self.lr * (2 * X.T @ (X @ self.W - Y) / len(X) + self.weight_decay * self.W)
"""


@pytest.mark.parametrize(("sign", "doubted"), [("+", True), ("-", False)])
def test_a_decay_that_the_step_of_a_named_pair_has_alone_may_be_meant(sign, doubted):
    (row,) = rows(DECAYING.replace("+ self", f"{sign} self"))
    assert ("takes is the gradient with a decay" in row.doubt) is doubted


PENALISED = """
import numpy as np

def forward(X, W, b):
    return 1 / (1 + np.exp(-(W @ X + b)))

def compute_cost_with_regularization(P, Y, W, lambd):
    m = Y.shape[1]
    return -np.sum(Y * np.log(P) + (1 - Y) * np.log(1 - P)) / m + lambd * np.sum(W ** 2) / (2 * m)
"""
WITH = """
def backward_with_regularization(X, Y, P, W, lambd):
    m = Y.shape[1]
    return (P - Y) @ X.T / m + lambd * W / m, np.sum(P - Y, axis=1, keepdims=True) / m
"""
WITHOUT = """
def backward_with_dropout(X, Y, P):
    m = Y.shape[1]
    return (P - Y) @ X.T / m, np.sum(P - Y, axis=1, keepdims=True) / m
"""


def test_a_gradient_without_l2_is_not_that_of_a_cost_whose_own_gradient_is_there():
    known, unknown = sorted(rows(PENALISED + WITH + WITHOUT), key=lambda row: row.doubt)
    assert (known.gradient, known.doubt) == ("backward_with_regularization", "")
    assert unknown.gradient == "backward_with_dropout"
    assert "takes no l2" in unknown.doubt


def test_a_gradient_without_l2_is_that_of_the_only_cost():
    (row,) = rows(PENALISED + WITHOUT)
    assert (row.gradient, row.doubt) == ("backward_with_dropout", "")


NET_WITH_GETTER = """
import numpy as np

class Linear:
    def __init__(self, d, K):
        self.W, self.dW = 0.1 * np.random.randn(d, K), None
    def forward(self, X):
        self.X = X
        return X @ self.W
    def backward(self, D):
        self.dW = self.X.T @ D
        return D @ self.W.T

class Net:
    def __init__(self, input_dim, hidden, output_dim):
        self.layers = [Linear(input_dim, hidden), Linear(hidden, output_dim)]
    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        self.P = np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)
        return self.P
    def backward(self, Y):
        D = self.P - Y
        for layer in reversed(self.layers):
            D = layer.backward(D)
        return D
    def get_gradients(self):
        gradients = []
        for layer in self.layers:
            gradients.append({})
        return gradients
"""


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    ("given", "left"),
    [("layer.dW", set()), ("2 * layer.dW", {"Net.get_gradients"})],
)
def test_what_gives_the_gradients_that_a_net_has_left_is_no_other_one(given, left):
    told = {row.gradient for row in rows(NET_WITH_GETTER.replace("{}", given))}
    assert told == {"Linear.forward / Linear.backward", "Net.backward", *left}


def test_what_goes_back_through_a_class_without_a_cost_is_named_beside_another_class_that_has_one():
    told = {
        row.gradient: row.doubt
        for row in rows(
            """
import numpy as np
class Line:
    def __init__(self, d, k):
        self.W = np.random.randn(d, k)
    def loss(self, X, Y):
        return 0.5 * np.sum((X @ self.W - Y) ** 2) / len(X)
    def gradient(self, X, Y):
        return X.T @ (X @ self.W - Y) / len(X)
class Net:
    def __init__(self, d, k):
        self.W = np.random.randn(d, k)
    def forward(self, X):
        self.P = 1 / (1 + np.exp(-X @ self.W))
        return self.P
    def backward(self, X, Y):
        self.dW = X.T @ (self.P - Y)
"""
        )
    }
    assert told["Line.gradient"] == ""
    assert told["Net.backward"] == "nothing in the file says which cost it is the gradient of"
