"""Costs that take no l2."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.parameters import parameter_sets, separate
from chainrule.gradcheck.recognition.penalties import NO_PENALTY, PENALTIES, notes, squares_by_key
from support.adapters import defined
from support.expressions import value_of
from support.recognising import loaded, recognised, row_and_check


def squares(given):
    """The sum of squares that a set of parameters says, and that of all its matrices of several columns."""
    values = {name: value_of(text) for name, text in given.values.items()}
    return value_of(given.squares, **values), sum((m**2).sum() for m in matrices(list(values.values())))


def matrices(nest):
    if isinstance(nest, np.ndarray):
        return [nest] if nest.ndim == 2 and nest.shape[1] > 1 else []
    return [m for inner in (nest.values() if isinstance(nest, dict) else nest) for m in matrices(inner)]


@pytest.mark.parametrize("names", [["W", "b"], ["W1", "b1", "W2", "b2"], ["Ws", "bs"], ["w_list"]])
def test_the_squares_of_all_weights_and_of_no_bias_are_summed(names):
    for given in separate(names, Convention(), (1, 2, 3)):
        said, wanted = squares(given)
        assert said == pytest.approx(wanted)


@pytest.mark.parametrize(
    "keys", ['params["W1"], params["b1"], params["W2"]', 'params["W"], params["b"]', 'params["W" + str(i)]',
             'params[i]["W"], params[i]["b"]', ""])  # fmt: skip
def test_so_are_those_of_a_container(keys):
    file = defined(f"def cost(params, X):\n    return [{keys}]")
    every = list(parameter_sets(file, file.functions, Convention(), {}))
    known = [given for given in every if given.squares]
    assert known
    for given in known:
        said, wanted = squares(given)
        assert said == pytest.approx(wanted)


def test_counted_keys_are_all_that_begin_so():
    text = squares_by_key("p", {"W#": meaning("W"), "b#": meaning("b")})
    params = {"W1": np.array([2.0]), "W2": np.array([3.0]), "b1": np.array([9.0])}
    assert value_of(text, p=params) == 13.0


def test_what_was_assumed_is_said_and_an_unusual_penalty_is_refused():
    assert notes("", "f()", agrees=True) == []
    assert "given a penalty" in notes(PENALTIES[0], "f()", agrees=True)[0]
    assert "l2 at 0" in notes(NO_PENALTY, "f()", agrees=False)[0]
    with pytest.raises(CheckError, match="right where l2 is 0"):
        notes(NO_PENALTY, "f()", agrees=True)


PROGRAM = """
import numpy as np
def forward(X, W, b):
    s = W @ X + b
    return np.exp(s) / np.exp(s).sum(axis=0)
def loss(P, Y):
    return -np.sum(Y * np.log(P)) / Y.shape[1]
def backward(X, Y, P, W, lam):
    G = (P - Y) / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)
"""


@pytest.mark.parametrize(
    ("penalty", "cost"), [("2 * lam * W", " + lam * ("), ("lam * W", " + 0.5 * lam * (")]
)
def test_the_penalty_that_agrees_is_added(penalty, cost):
    row = recognised(PROGRAM.replace("2 * lam * W", penalty))
    assert cost in row.text
    assert "data=(X, Y, 0.1)" in row.text
    assert "the cost takes no l2: it was given a penalty" in row.notes


def test_a_gradient_that_is_that_of_no_penalty_is_neither_right_nor_convicted_by_one():
    with pytest.raises(CheckError, match="right where l2 is 0"):
        recognised(PROGRAM.replace("2 * lam * W", "2 * lam * np.sum(W)"))
    text = recognised(PROGRAM.replace("P - Y", "Y - P")).text
    assert "cost=lambda W, b, X, Y: loss(forward(X, W, b), Y)," in text
    assert "backward(X, Y, forward(X, W, b), W, 0.0)" in text


OF_SAMPLES = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

class Net:
    def __init__(self, sizes):
        self.sizes = sizes
        self.weights = [np.random.randn(m, n) for n, m in zip(sizes, sizes[1:])]
        self.biases = [np.random.randn(m, 1) for m in sizes[1:]]
        self.speed = [0 * p for p in [*self.weights, *self.biases]]

    def feedforward(self, a):
        for W, b in zip(self.weights, self.biases):
            a = sigmoid(W @ a + b)
        return a

    def total_cost(self, data, lmbda):
        cost = sum(0.5 * np.sum((self.feedforward(x) - y) ** 2) for x, y in data) / len(data)
        return cost + 0.5 * lmbda / len(data) * sum(np.sum(W ** 2) for W in self.weights)

    def backprop(self, x, y):
        activations = [x]
        for W, b in zip(self.weights, self.biases):
            activations.append(sigmoid(W @ activations[-1] + b))
        delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1])
        nabla_w, nabla_b = [], []
        for l in range(len(self.weights) - 1, -1, -1):
            nabla_w.insert(0, delta @ activations[l].T)
            nabla_b.insert(0, delta)
            delta = self.weights[l].T @ delta * activations[l] * (1 - activations[l])
        return nabla_w, nabla_b

    def update_mini_batch(self, batch, eta, lmbda):
        sum_w, sum_b = [0] * len(self.weights), [0] * len(self.biases)
        for x, y in batch:
            nabla_w, nabla_b = self.backprop(x, y)
            sum_w = [s + g for s, g in zip(sum_w, nabla_w)]
            sum_b = [s + g for s, g in zip(sum_b, nabla_b)]
        STEP
"""
WITH_MOMENTUM = OF_SAMPLES.replace(
    "STEP",
    "every = [0.9 * v + 0.1 * s for v, s in zip(self.speed, [*sum_w, *sum_b])]\n"
    "        self.weights = [W - eta * (v + lmbda / len(batch) * W) for W, v in zip(self.weights, every)]\n"
    "        self.biases = [b - eta * v for b, v in zip(self.biases, every[len(self.weights):])]\n"
    "        self.speed = every",
)
PLAIN = OF_SAMPLES.replace(
    "STEP",
    "self.weights = [W - eta / len(batch) * (s + lmbda * W) for W, s in zip(self.weights, sum_w)]\n"
    "        self.biases = [b - eta / len(batch) * s for b, s in zip(self.biases, sum_b)]",
)


@pytest.mark.usefixtures("little_time")
def test_the_gradient_of_one_sample_is_checked_where_the_step_is_no_plain_one():
    row, outcome = row_and_check(WITH_MOMENTUM)
    assert row.gradient == "Net.backprop"
    assert "the gradient is that of a single sample: checked with l2 at 0" in row.notes
    assert outcome.right
    wrong = WITH_MOMENTUM.replace("delta * activations[l] * (1 - activations[l])", "delta * activations[l]")
    _, names = loaded(wrong)
    assert check(declared(row.text, names, np.random.default_rng(0)), explained=False).verdict == "wrong"


def test_a_plain_step_says_more_than_the_gradient_of_one_sample():
    row, outcome = row_and_check(PLAIN)
    assert row.gradient == "Net.update_mini_batch"
    assert outcome.right


OF_STEP = """
import numpy as np

class Net:
    def __init__(self, d, K):
        self.W, self.b = np.random.randn(K, d), np.zeros((K, 1))

    def forward(self, X):
        s = np.exp(self.W @ X + self.b)
        return s / s.sum(axis=0)

    def loss(self, X, Y):
        return -np.sum(Y * np.log(self.forward(X))) / X.shape[1]

    def backward(self, X, Y, P, lam):
        G = (P - Y) / X.shape[1]
        return {"scores": G, "W": G @ X.T + 2 * lam * self.W, "b": G.sum(axis=1, keepdims=True)}

    def update_step(self, grads, eta):
        self.W -= eta * grads["W"]
        self.b -= eta * grads["b"]

def train(net, X, Y, lam, eta):
    P = net.forward(X)
    grads = net.backward(X, Y, P, lam)
    net.update_step(grads, eta)
    return net.loss(X, Y)
"""


def test_a_step_whose_gradients_know_an_l2_that_the_loss_does_not_is_compared_with_the_penalty_or_without(
    monkeypatch,
):
    # However busy the machine is.
    monkeypatch.setattr("chainrule.gradcheck.recognition.recognise._MOST_SECONDS", 60.0)
    row, checked = row_and_check(OF_STEP)
    assert (row.gradient, checked.verdict) == ("Net.update_step", "right")
    assert " + lam * (" in row.text
    row, checked = row_and_check(OF_STEP.replace("P - Y", "P - 2 * Y"))
    assert checked.verdict == "wrong"
    assert "net.forward(X), 0.0)" in row.text


OF_SUM = """
import numpy as np

class Net:
    def __init__(self, d, K, lam=0.1, eta=0.01):
        self.W, self.b = np.random.randn(K, d), np.zeros((K, 1))
        self.lam, self.eta = lam, eta

    def forward(self, X):
        s = np.exp(self.W @ X + self.b)
        return s / s.sum(axis=0)

    def cost(self, X, Y):
        return -np.sum(Y * np.log(self.forward(X))) / X.shape[1] + self.lam * np.sum(self.W ** 2)

    def gradient(self, x, y):
        g = self.forward(x) - y
        return g @ x.T, g.sum(axis=1, keepdims=True)

    def learn(self, X, Y):
        dW, db = self.gradient(X, Y)
        dW /= X.shape[1]
        db /= X.shape[1]
        self.W -= self.eta * dW + 2 * self.eta * self.lam * self.W
        self.b -= self.eta * db
"""


def test_what_is_divided_and_penalised_where_it_is_called_is_of_the_sum_and_the_rest_is_named():
    row, checked = row_and_check(OF_SUM)
    assert (row.gradient, checked.verdict) == ("Net.gradient", "right")
    assert row.unchecked == ["the division by the number of samples and the penalty in Net.learn"]
    assert "X.shape[1] * net.cost(X, Y)" in row.text
    assert any("of the loss summed over the samples" in note for note in row.notes)
    assert row_and_check(OF_SUM.replace("g.sum(axis=1, keepdims=True)", "g[:, :1]"))[1].verdict == "wrong"


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("/= X.shape[1]", "*= 1"),
        ("db /= X.shape[1]", "hits = np.sum(dW) / X.shape[1]"),
        ("dW /= X.shape[1]", "print(self.cost(X, Y) / X.shape[1])"),
        ("2 * self.eta * self.lam * self.W", "0"),
    ],
)
def test_what_is_divided_in_part_or_not_penalised_is_no_gradient_of_the_sum(line, other):
    row, checked = row_and_check(OF_SUM.replace(line, other))
    assert checked.verdict == "wrong"
    assert "X.shape[1] * net.cost" not in row.text
