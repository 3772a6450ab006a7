"""Steps that a net takes itself, with whatever cost is known of it, or with none."""

import pytest
from numpy.random import default_rng

from chainrule.gradcheck.check import check
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from support.witnessing import found, verdict, verdict_of

STEPPING = """
import numpy as np

class Chain:
    def __init__(self, sizes, pace):
        self.learning_rate = pace
        self.layers = [np.random.randn(m, n) for m, n in zip(sizes[1:], sizes)]

    def ahead(self, x):
        self.seen = [x]
        for A in self.layers:
            self.seen.append(np.tanh(A @ self.seen[-1]))
        return self.seen[-1]

    def back(self, wanted):
        error = self.seen[-1] - wanted
        for i in reversed(range(len(self.layers))):
            error = error * (1 - self.seen[i + 1] ** 2)
            A = self.layers[i]
            self.layers[i] = A - self.learning_rate * np.outer(error, self.seen[i])
            error = A.T @ error

chain = Chain([2, 3, 2], 0.5)
for x in np.random.randn(50, 2):
    total = ((chain.ahead(x) - x[::-1]) ** 2).sum()
    chain.back(x[::-1])
"""


def test_a_step_that_a_net_takes_itself_is_right_for_a_usual_cost_and_never_wrong():
    (row,), namespace = found(STEPPING)
    assert (row.gradient, row.cost, row.unchecked) == ("Chain.back", "squared error", [])
    assert any(note.startswith("no function is known to give the cost") for note in row.notes)
    assert verdict_of(row, namespace) == "right"
    assert found(STEPPING.replace("(1 - self.seen[i + 1] ** 2)", "self.seen[i + 1]"))[0] == []


def test_a_step_that_is_not_in_proportion_to_the_rate_is_named():
    text = STEPPING.replace("A.T @ error", "self.layers[i].T @ error")
    assert found(text)[0][0].unchecked == ["the step of layers[0]"]


def test_a_penalty_of_which_a_made_up_cost_knows_nothing_is_named_and_left_as_it_is():
    text = STEPPING.replace("def back(self, wanted)", "def back(self, wanted, l2_lambda=0.0)")
    text = text.replace(
        "np.outer(error, self.seen[i])", "(np.outer(error, self.seen[i]) + 2 * l2_lambda * A)"
    )
    (row,), _ = found(text)
    assert row.unchecked == ["l2_lambda"]
    assert "l2_lambda=l2_lambda" not in row.text


def test_a_cost_of_the_files_own_that_nobody_can_call_is_not_checked():
    text = STEPPING.replace("chain = Chain", "def loss(chain, far):\n    return far.sum()\n\nchain = Chain")
    assert found(text)[0][0].unchecked == ["loss"]


LAYERS = """
import numpy as np

class Layer:
    def __init__(self, d, k):
        self.W = np.random.randn(d, k)
    def forward(self, x):
        self.x = x
        return np.tanh(x @ self.W)
    def backward(self, g, lr):
        g = g * (1 - np.tanh(self.x @ self.W) ** 2)
        back = g @ self.W.T
        self.W -= lr * self.x.T @ g / len(self.x)
        return back

class Criterion:
    def loss(self, out, y):
        return -np.log(shares(out)[np.arange(len(y)), y]).mean()
    def grad(self, out, y):
        p = shares(out)
        p[np.arange(len(y)), y] -= 1
        return p

def shares(out):
    return np.exp(out) / np.exp(out).sum(axis=1, keepdims=True)

class Chain:
    def __init__(self, layers):
        self.layers = layers
    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

rng = np.random.default_rng(0)
X, Y = rng.normal(size=(8, 4)), rng.integers(2, size=8)
chain, criterion = Chain([Layer(4, 3), Layer(3, 2)]), Criterion()
for _ in range(2):
    out = chain.forward(X)
    criterion.loss(out, Y)
    g = criterion.grad(out, Y)
    for layer in reversed(chain.layers):
        g = layer.backward(g, 0.1)
"""


def test_what_a_layer_that_steps_gives_back_is_not_checked():
    row = next(row for row in found(LAYERS)[0] if row.gradient == "Layer.backward")
    assert row.unchecked == ["what it returns"]


def test_all_data_that_are_read_get_fewer_samples_together():
    rows, namespace = found(LAYERS)
    row = next(row for row in rows if row.gradient == "Layer.backward")
    assert verdict_of(row, namespace) == "right"


WHOLE = LAYERS.replace(
    "rng = np.random",
    """    def train_step(self, criterion, x, y, lr):
        out = self.forward(x)
        loss = criterion.loss(out, y)
        g = criterion.grad(out, y)
        for layer in reversed(self.layers):
            g = layer.backward(g, lr)
        return loss

rng = np.random""",
).replace(
    """    out = chain.forward(X)
    criterion.loss(out, Y)
    g = criterion.grad(out, Y)
    for layer in reversed(chain.layers):
        g = layer.backward(g, 0.1)
""",
    "    chain.train_step(criterion, X, Y, 0.1)\n",
)


@pytest.mark.parametrize(("back", "verdict"), [("g @ self.W.T", "right"), ("2 * g @ self.W.T", "wrong")])
def test_the_step_of_a_whole_net_comes_before_that_of_one_of_its_layers(back, verdict):
    (row,), namespace = found(WHOLE.replace("g @ self.W.T", back))
    assert (row.gradient, row.unchecked) == ("Chain.train_step", [])
    program = declared(row.text, namespace, default_rng(0))
    assert program.describe().names == ["layers[0].W", "layers[1].W"]
    assert check(program, explained=False).verdict == verdict


TIED = """
import numpy as np

class Coder:
    def __init__(self, d, k, lr=0.1):
        self.W, self.b, self.lr = np.random.randn(d, k), np.zeros(k), lr
    def out(self, x):
        self.h = np.tanh(x @ self.W + self.b)
        return self.h @ self.W.T
    def energy_loss(self, x):
        return ((self.out(x) - x) ** 2).sum() / len(x)
    def train_batch(self, x):
        error = 2 * (self.out(x) - x) / len(x)
        back = error @ self.W * (1 - self.h ** 2)
        self.W -= self.lr * (x.T @ back + error.T @ self.h)
        self.b -= self.lr * back.sum(0)
        return self.energy_loss(x)

coder = Coder(5, 3)
data = np.random.rand(40, 5)
for k in range(0, 40, 20):
    coder.train_batch(data[k:k + 20])
"""


@pytest.mark.parametrize(("path", "verdict"), [("+ error.T @ self.h", "right"), ("", "wrong")])
def test_a_step_is_checked_where_there_is_no_other_gradient_and_with_few_samples(path, verdict):
    (row,), namespace = found(TIED.replace("+ error.T @ self.h", path))
    assert (row.gradient, row.cost, row.unchecked) == ("Coder.train_batch", "Coder.energy_loss", [])
    assert "seen.x[:8]" in row.text
    assert verdict_of(row, namespace) == verdict


DENSE = """
import numpy as np

class Dense:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

def train_batch(layers, x, y, lr):
    out = x
    for layer in layers:
        out = layer.forward(out)
    loss = np.mean((out - y) ** 2)
    grad = 2 * (out - y) / out.size
    for layer in reversed(layers):
        grad = layer.backward(grad)
    for layer in layers:
        layer.W -= lr * layer.dW
        layer.b -= lr * layer.db
    return loss
"""
TRAINED = """
layers = [Dense(4, 3), Dense(3, 2)]
for _ in range(2):
    train_batch(layers, np.random.randn(9, 4), np.random.randn(9, 2), 0.1)
"""


def recognised_in(text):
    content = Source((Part("net.py", text),))
    namespace = UserModule("net").load(content)
    return recognise(definitions(content), namespace, 0), namespace


@pytest.mark.parametrize(("wrong", "verdict"), [("", "right"), (" * out", "wrong")])
def test_an_error_that_is_handed_to_right_layers_is_checked_as_well(wrong, verdict):
    rows, namespace = recognised_in(DENSE.replace("(out - y) / out", f"(out - y){wrong} / out") + TRAINED)
    assert [row.gradient for row in rows] == ["train_batch", "Dense.forward / Dense.backward"]
    assert verdict_of(rows[0], namespace) == verdict


def test_an_error_of_which_nothing_can_be_told_is_named():
    rows, _ = recognised_in(DENSE.replace("(out - y) / out", "(out - y) * out / out"))
    assert [(row.gradient, row.runs) for row in rows] == [
        ("Dense.forward / Dense.backward", True),
        ("train_batch", False),
    ]


SHOWN = """
import numpy as np

class Coder:
    def __init__(self, input_dim, latent_dim):
        self.E, self.D = np.random.randn(input_dim, latent_dim), np.random.randn(latent_dim, input_dim)

    def train(self, X, rate, epochs):
        for epoch in range(epochs):
            H = np.tanh(X @ self.E)
            d = H @ self.D - X
            loss = (d ** 2).sum() / 2
            of_H = d @ self.D.T * (1 - H ** 2)
            self.D -= rate * H.T @ d
            self.E -= rate * X.T @ of_H
            print(epoch, loss)

Coder(5, 3).train(np.random.randn(9, 5), 0.01, 40)
"""


def test_a_loss_that_is_shown_alone_makes_a_training_right_and_none_wrong():
    assert verdict(SHOWN.replace("rate,", "learning_rate,").replace("rate *", "learning_rate *")) == "right"
    wrong = SHOWN.replace("(1 - H ** 2)", "H").replace("rate,", "lr,").replace("rate *", "lr *")
    assert found(wrong)[0] == []


ADAPTING = """
import numpy as np

class Line:
    eta = 0.1

    def __init__(self):
        self.W, self.b = np.random.randn(3, 4), np.zeros((3, 1))
        self.squares = [np.zeros((3, 4)), np.zeros((3, 1))]

    def cost(self, X, Y):
        return np.sum((self.W @ X + self.b - Y) ** 2)

    def train_on(self, X, Y):
        error = self.W @ X + self.b - Y
        self.dW, self.db = 2 * error @ X.T, 2 * error.sum(axis=1, keepdims=True)
        for kept, d in zip(self.squares, (self.dW, self.db)):
            kept += d ** 2
        self.W = self.W - self.eta * self.dW / np.sqrt(self.squares[0] + 1e-8)
        self.b = self.b - self.eta * self.db / np.sqrt(self.squares[1] + 1e-8)
        return self.cost(X, Y)

    def backprop(self, X, Y):
        return self.train_on(X, Y)

line = Line()
X = np.random.randn(4, 6)
for _ in range(2):
    line.cost(X, X[:3] ** 2)
    line.backprop(X, X[:3] ** 2)
"""


@pytest.mark.parametrize(("made", "expected"), [("2 * error @ X.T", "right"), ("error @ X.T", "wrong")])
def test_gradients_that_are_left_by_a_step_of_any_kind_are_those_in_front_of_it(made, expected):
    (row,), namespace = found(ADAPTING.replace("2 * error @ X.T", made))
    assert row.gradient == "Line.backprop"
    assert "'eta', 0.0" in row.text
    assert verdict_of(row, namespace) == expected


def test_what_is_left_in_proportion_to_the_rate_convicts_nobody():
    text = ADAPTING.replace("2 * error @ X.T", "self.eta * 2 * error @ X.T")
    assert found(text)[0] == []
