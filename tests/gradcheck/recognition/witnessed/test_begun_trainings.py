"""Trainings that a file defines and begins nowhere are begun for it: with small sizes and a few drawn samples."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from chainrule.gradcheck.check import check
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.files.file_check import check_file
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.witnessed.begun_trainings import trainings
from chainrule.gradcheck.recognition.witnessed.rows import witnessed
from chainrule.gradcheck.sandbox.process import Limits

STACK = """
import numpy as np

class Affine:
    def __init__(self, n, m):
        self.__A = np.random.randn(n, m) / n
        self.__c = np.zeros(m)

    def ahead(self, z):
        self.__z = z
        return z @ self.__A + self.__c

    def back(self, err, pace):
        down = err @ self.__A.T
        self.__A = self.__A - pace * self.__z.T @ err
        self.__c = self.__c - pace * err.sum(0)
        return down

class Bend:
    def ahead(self, z):
        self.out = np.tanh(z)
        return self.out

    def back(self, err, pace):
        return err * (1 - self.out ** 2)

class Squares:
    def loss(self, guess, wanted):
        return ((guess - wanted) ** 2).mean()

    def slope(self, guess, wanted):
        return 2 * (guess - wanted) / guess.size

class Stack:
    def __init__(self, *sizes):
        self.__parts = [p for n, m in zip(sizes, sizes[1:]) for p in (Affine(n, m), Bend())]

    def __through(self, x):
        for part in self.__parts:
            x = part.ahead(x)
        return x

    def __backpropagate(self, err, learning_rate):
        for part in reversed(self.__parts):
            err = part.back(err, learning_rate)

    def train(self, data, learning_rate, epochs):
        x, y = data
        for _ in range(epochs):
            order = np.random.permutation(len(x))
            xb, yb = x[order], y[order]
            out = self.__through(xb)
            self.__backpropagate(Squares().slope(out, yb), learning_rate)
            yield Squares().loss(out, yb)
"""
PICKED_ROWS = """
import numpy as np

def squash(z):
    return 1 / (1 + np.exp(-z))

class Near:
    def __init__(self, n_words, n_factors):
        self.E = np.random.rand(n_words, n_factors)
        self.F = np.zeros((n_words, n_factors))

    def step(self, centre_idx, others, lr):
        e, F = self.E[centre_idx], self.F[others]
        p = squash(F @ e)
        loss = -np.log(p).sum()
        of_e, of_F = (p - 1) @ F, np.outer(p - 1, e)
        self.E[centre_idx] -= lr * of_e
        np.add.at(self.F, others, -lr * of_F)
        return float(loss)
"""
TWO_CALLS = """
import numpy as np

class Taste:
    def __init__(self, n_users, n_items, n_factors):
        self.P, self.Q = np.random.rand(n_users, n_factors), np.random.rand(n_items, n_factors)

    def loss_and_slopes(self, user_id, item_id, rating):
        p, q = self.P[user_id], self.Q[item_id]
        d = p @ q - rating
        loss = d ** 2
        return loss, 2 * d * q, 2 * d * p

    def update(self, user_id, item_id, rating, learning_rate):
        loss, to_p, to_q = self.loss_and_slopes(user_id, item_id, rating)
        self.P[user_id] -= learning_rate * to_p
        self.Q[item_id] -= learning_rate * to_q
        return loss
"""
GROWN = """
import numpy as np

def bend_slope(z):
    return 1 - np.tanh(z) ** 2

def mean_gap_loss(guess, wanted, margin=0.5):
    return margin * ((guess - wanted) ** 2).mean()

def gap_slope(guess, wanted):
    return (guess - wanted) / wanted.size

class Link:
    def __init__(self, n_in, n_out):
        self.w, self.b = np.random.randn(n_in, n_out) / n_in, np.zeros(n_out)
        self.seen_w = self.seen_b = 0

    def __call__(self, x):
        self.x, self.z = x, x @ self.w + self.b
        return np.tanh(self.z)

    def move(self, lr):
        self.seen_w = 0.9 * self.seen_w + 0.1 * self.dw ** 2
        self.seen_b = 0.9 * self.seen_b + 0.1 * self.db ** 2
        self.w -= lr * self.dw / np.sqrt(self.seen_w + 1e-8)
        self.b -= lr * self.db / np.sqrt(self.seen_b + 1e-8)

class Chain:
    def __init__(self, input_dim):
        self.width, self.links, self.history = input_dim, [], []

    def add(self, units):
        self.links.append(Link(self.width, units))
        self.width = units

    def backward(self, x, y, slope):
        guess = x
        for link in self.links:
            guess = link(guess)
        back = slope(guess, y)
        for link in reversed(self.links):
            back = back * bend_slope(link.z)
            link.dw, link.db = link.x.T @ back, back.sum(axis=0)
            back = back @ link.w.T
        return guess

    def fit(self, x, y, epochs, lr):
        for _ in range(epochs):
            guess = self.backward(x, y, gap_slope)
            self.history.append(mean_gap_loss(guess, y))
            for link in self.links:
                link.move(lr)
"""
SEVERAL_PICKED = """
import numpy as np

def squash(z):
    return 1 / (1 + np.exp(-z))

def make_tables(vocab_size, embed_dim, rng):
    words = rng.normal(size=(vocab_size, embed_dim))
    around = rng.normal(size=(vocab_size, embed_dim))
    return words, around

def train_on(word_ids, near_ids, noise_ids, words, around, lr):
    v, u, n = words[word_ids], around[near_ids], around[noise_ids]
    near, far = squash((v * u).sum(1)), squash(-(n @ v[:, :, None])[:, :, 0])
    loss = -(np.log(near) + np.log(far).sum(1)).mean()
    a, f = (near - 1) / len(v), (1 - far) / len(v)
    of_v = a[:, None] * u + (f[:, :, None] * n).sum(1)
    np.add.at(words, word_ids, -lr * of_v)
    np.add.at(around, near_ids, -lr * a[:, None] * v)
    np.add.at(around, noise_ids.ravel(), -lr * (f[:, :, None] * v[:, None]).reshape(-1, v.shape[1]))
    return loss
"""
TABLED = """
import numpy as np

class Odds:
    def fit(self, X, y, n_epochs, rate=0.1):
        X, y = X.values, y.to_numpy().ravel()
        self.coef, self.const = np.zeros(X.shape[1]), np.zeros(1)
        for _ in range(n_epochs):
            loss = self.log_loss(X, y)
            of_coef, of_const = self.gradients(X, y)
            self.coef -= rate * of_coef
            self.const -= rate * of_const

    def chances(self, X):
        return 1 / (1 + np.exp(-(X @ self.coef + self.const)))

    def log_loss(self, X, y):
        p = self.chances(X)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum()

    def gradients(self, X, y):
        off = self.chances(X) - y
        return X.T @ off, off.sum(keepdims=True)
"""
PROGRAMS = {
    "a table": (TABLED, "X.T @ off", "X.T @ abs(off)"),
    "a net that makes its layers of sizes": (
        GROWN,
        "back * bend_slope(link.z)",
        "back * bend_slope(link.x[:, :1])",
    ),
    "several rows, and several beside each": (
        SEVERAL_PICKED,
        "(near - 1) / len(v), (1 - far) / len(v)",
        "near - 1, 1 - far",
    ),
    "layers that a loop of their net goes through": (STACK, "err * (1 - self.out ** 2)", "err"),
    "rows of a matrix": (PICKED_ROWS, "np.outer(p - 1, e)", "np.outer(p, e)"),
    "rows that one function gives gradients of": (TWO_CALLS, "2 * d * q, 2", "2 * d * p, 2"),
}


def row_of(text):
    content = Source((Part("net.py", text),))
    np.random.seed(0)  # noqa: NPY002
    namespace = UserModule("net").load(content)
    (row,) = witnessed(definitions(content), namespace, 0, [], 8.0)
    return row, namespace


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_begun_nowhere_is_begun(name):
    text, right, wrong = PROGRAMS[name]
    assert right in text
    for changed, verdict in (text, "right"), (text.replace(right, wrong), "wrong"):
        row, namespace = row_of(changed)
        assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == verdict


def test_a_row_says_what_was_begun():
    row, _ = row_of(PICKED_ROWS)
    assert row.gradient == "Near.step"
    assert "in (net := Near(n_words=" in row.notes[0]


def test_files_that_import_it_come_first_and_those_that_are_run_before_others():
    file = replace(definitions(Source((Part("/a/net.py", STACK),))), users=("other.py", "main.py"))
    assert [training.text for training in trainings(file)][:5] == [
        "with_small_sizes(run_beside, 'main.py')",
        "run_beside('main.py')",
        "with_small_sizes(run_beside, 'other.py')",
        "run_beside('other.py')",
        "(x := rng.normal(size=(7, 6)), y := np.eye(3)[rng.integers(3, size=7)], net := Stack(6, 5, 3), "
        "net.train((x, y), 0.1, 2))[-1]",
    ]


DECAYING = PICKED_ROWS.replace("-= lr * of_e", "-= lr * (of_e + self.decay * e)").replace(
    "self.F = np", "self.decay, self.F = 0.1, np"
)


def test_a_decay_of_which_the_cost_knows_nothing_is_no_mistake():
    content = Source((Part("net.py", DECAYING),))
    assert witnessed(definitions(content), UserModule("net").load(content), 0, [], 8.0) == []


CLIPPED = """
import numpy as np

class Line:
    def __init__(self, n_inputs, n_outputs, clip=4.0):
        self.W, self.b, self.clip = np.random.randn(n_inputs, n_outputs) / 9, np.zeros(n_outputs), clip

    def train_batch(self, x, y, lr=0.1):
        off = x @ self.W + self.b - y
        loss = (off ** 2).sum() / len(x)
        dW, db = 2 * x.T @ off / len(x), 2 * off.sum(axis=0) / len(x)
        norm = np.sqrt((dW ** 2).sum() + (db ** 2).sum())
        if norm > self.clip:
            dW, db = dW * self.clip / norm, db * self.clip / norm
        self.W -= lr * dW
        self.b -= lr * db
        return loss
"""


def test_a_gradient_that_is_clipped_for_a_sample_alone_is_not_called_wrong():
    content = Source((Part("net.py", CLIPPED),))
    assert witnessed(definitions(content), UserModule("net").load(content), 0, [], 8.0) == []
    row, namespace = row_of(CLIPPED.replace("4.0", "99.0"))
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).right


def test_a_file_beside_it_that_trains_it_is_run(tmp_path):
    (tmp_path / "net.py").write_text(STACK.replace("yield ", "kept = "))
    data = "np.random.randn(9, 4), np.random.randn(9, 2)"
    (tmp_path / "main.py").write_text(
        f"import numpy as np\nfrom net import Stack\n\nnet = Stack(4, 3, 2)\nnet.train(({data}), 0.1, 3)\n"
    )
    outcome = check_file(tmp_path / "net.py", Conditions(Limits(seconds=120), untrusted=False), tmp_path)
    assert outcome.verdict == "right"
    assert "run_beside('main.py')" in outcome.rows[0].check.notes[0]


CHOSEN = GROWN.replace("def add(self, units)", "def add_layer(self, n_inputs, n_units, activation)").replace(
    "self.links.append(Link(self.width, units))\n        self.width = units",
    'assert activation == "tanh" or activation == "plain"\n        self.links.append(Link(n_inputs, n_units))',
)


def test_a_net_whose_activations_are_chosen_here_is_never_wrong():
    assert "n_units" in CHOSEN
    assert row_of(CHOSEN)[0].gradient == "Chain.backward"
    content = Source((Part("net.py", CHOSEN.replace("back.sum(axis=0)", "back.mean(axis=0)")),))
    assert witnessed(definitions(content), UserModule("net").load(content), 0, [], 8.0) == []


def test_a_net_that_is_right_with_one_output_alone_is_not_right_as_a_whole():
    content = Source((Part("net.py", GROWN.replace("/ wanted.size", "/ len(wanted)")),))
    found = witnessed(definitions(content), UserModule("net").load(content), 0, [], 8.0)
    unchecked = {row.gradient: row.unchecked for row in found}
    words = "nets with another number of outputs, in which it is not the gradient of mean_gap_loss"
    assert unchecked == {"Chain.backward": [words], "gap_slope": []}


SIGNS = """
import numpy as np

class Sides:
    def __init__(self, n_inputs, n_outputs):
        self.w = np.random.randn(n_inputs, n_outputs)

    def train_batch(self, x, y, lr):
        score = x @ self.w
        loss = np.log(1 + np.exp(-y * score)).mean()
        d = (1 / (1 + np.exp(-score)) - (y + 1) / 2) / y.size
        self.w -= lr * x.T @ d
        return loss
"""


def test_what_is_right_for_labels_of_minus_one_and_one_alone_is_not_called_wrong():
    row, namespace = row_of(SIGNS)
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).right
    row, namespace = row_of(SIGNS.replace("/ y.size", "/ y.size * x.shape[1]"))
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "wrong"


SOFT = GROWN.replace(
    "def __init__(self, n_in, n_out):", "def __init__(self, n_in, n_out, kind):\n        self.kind = kind"
)
SOFT = SOFT.replace(
    "units):\n        self.links.append(Link(self.width, units))",
    'units, kind="bent"):\n        self.links.append(Link(self.width, units, kind))',
)
SOFT = SOFT.replace(
    "return np.tanh(self.z)",
    'return np.tanh(self.z) if self.kind == "bent" else np.exp(self.z) if self.kind == "raised" else self.z',
)
SOFT = SOFT.replace(
    "back = back * bend_slope(link.z)",
    "back = back * (bend_slope(link.z) if link is not self.links[-1] else np.exp(link.z))",
)


def test_the_last_layer_may_be_another_than_it_is_by_default():
    row, _ = row_of(SOFT)
    assert "kind='raised'" in row.notes[0]
    assert row.unchecked == []


COLUMNS = """
import numpy as np

class Unit:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_out, n_in) / n_in, np.zeros((n_out, 1))

class Stack:
    def __init__(self, n_features):
        self.n, self.layers = n_features, []

    def add(self, n_units):
        self.layers.append(Unit(self.n, n_units))
        self.n = n_units

    def backprop(self, X, Y):
        A = [X]
        for u in self.layers:
            A.append(1 / (1 + np.exp(-(u.W @ A[-1] + u.b))))
        D = (A[-1] - Y) / X.shape[1]
        for k in reversed(range(len(self.layers))):
            u = self.layers[k]
            u.dW, u.push = D @ A[k].T, D.sum(axis=1, keepdims=True)
            D = (u.W.T @ D) * A[k] * (1 - A[k])
        return A[-1]

    def cost(self, P, Y):
        return -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum() / Y.shape[1]

    def fit(self, X, Y, iterations, alpha):
        for i in range(iterations):
            print(self.cost(self.backprop(X, Y), Y))
            for u in self.layers:
                u.W, u.b = u.W - alpha * np.sign(u.dW), u.b - alpha * np.sign(u.push)
"""


def test_parameters_whose_gradient_nobody_can_tell_are_named():
    row, namespace = row_of(COLUMNS)
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).right
    assert row.unchecked == ["the gradient of layers[0].b", "the gradient of layers[1].b"]
    row, _ = row_of(COLUMNS.replace("u.push", "u.db"))
    assert row.unchecked == []


def test_what_a_training_itself_gives_is_no_argument_of_it():
    text = TWO_CALLS.replace("rating, learning_rate):", "rating, learning_rate, seen):").replace(
        "        return loss\n", "        return loss, seen\n"
    )
    texts = [training.text for training in trainings(definitions(Source((Part("net.py", text),))))]
    assert texts  # It once called itself for what it gives, without end.
