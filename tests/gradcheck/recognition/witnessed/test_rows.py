"""Functions that nobody can guess how to call are called as the file calls them; and a guess convicts nobody."""

import numpy as np
import pytest
from numpy.random import default_rng

from chainrule.gradcheck.check import check
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from chainrule.gradcheck.recognition.witnessed.rows import witnessed

COUNTS = """
import numpy as np

def expected(slopes, effects, design, group, exposure):
    return exposure * np.exp(design @ slopes + effects[group])

def deviance(slopes, effects, design, group, exposure, counts, ridge):
    m = expected(slopes, effects, design, group, exposure)
    return (m - counts * np.log(m)).sum() / len(counts) + ridge * (effects ** 2).sum()

def derivatives(slopes, effects, design, group, exposure, counts, ridge):
    error = (expected(slopes, effects, design, group, exposure) - counts) / len(counts)
    of_effects = np.bincount(group, error, len(effects)) + 2 * ridge * effects
    return design.T @ error, of_effects

if __name__ == "__main__":
    r = np.random.default_rng(1)
    design, group, exposure = r.normal(size=(20, 3)), r.integers(5, size=20), r.uniform(1, 2, size=20)
    counts = r.poisson(exposure).astype(float)
    slopes, effects = np.zeros(3), np.zeros(5)
    for _ in range(3):
        ds, de = derivatives(slopes, effects, design, group, exposure, counts, 0.01)
        slopes = slopes - 0.1 * ds
        effects = effects - 0.1 * de
"""
GRAPH = """
import numpy as np

class Graph:
    def __init__(self, links, d, k):
        self.A = links / links.sum(1, keepdims=True)
        self.W = np.random.randn(d, k)

    def forward(self, X):
        self.AX = self.A @ X
        self.S = np.tanh(self.AX @ self.W)
        return self.S

    def cost(self, X, Y, known):
        return (known[:, None] * (self.forward(X) - Y) ** 2).sum()

    def backward(self, Y, known):
        return self.AX.T @ (2 * known[:, None] * (self.S - Y) * (1 - self.S ** 2))

    def fit(self, X, Y, known):
        for _ in range(3):
            self.forward(X)
            self.W -= 0.1 * self.backward(Y, known)

g = Graph(np.eye(6) + np.ones((6, 6)), 3, 2)
g.fit(np.random.randn(6, 3), np.random.randn(6, 2), np.arange(6.0) % 2)
"""
SETS = """
import numpy as np

def forward(weights, sets):
    w = np.exp(sets @ weights["query"])
    w /= w.sum(1, keepdims=True)
    pooled = (w[:, :, None] * sets).sum(1)
    return pooled @ weights["head"], (sets, w, pooled)

def loss(out, wanted):
    return ((out - wanted) ** 2).sum()

def backward(weights, cache, out, wanted):
    sets, w, pooled = cache
    dout = 2 * (out - wanted)
    dw = ((dout @ weights["head"].T)[:, None, :] * sets).sum(-1)
    ds = w * (dw - (w * dw).sum(1, keepdims=True))
    return {"head": pooled.T @ dout, "query": np.einsum("bn,bnd->d", ds, sets)}

def train():
    rng = np.random.default_rng(0)
    weights = {"query": rng.normal(size=4), "head": rng.normal(size=(4, 2))}
    sets = rng.normal(size=(6, 5, 4))
    out, cache = forward(weights, sets)
    value = loss(out, sets.max(1)[:, :2])
    wanted = sets.max(1)[:, :2]
    value = loss(out, wanted)
    return backward(weights, cache, out, wanted)

train()
"""
RATINGS = """
import numpy as np

class Recommender:
    def __init__(self, n_users, n_items):
        rng = np.random.RandomState(0)
        self.users, self.items = rng.randn(n_users, 2), rng.randn(n_items, 2)

    def zero(self):
        self.of_users, self.of_items = np.zeros_like(self.users), np.zeros_like(self.items)

    def energy(self, ratings):
        return sum((self.users[u] @ self.items[i] - r) ** 2 for u, i, r in ratings) / 2

    def accumulate(self, ratings):
        for u, i, r in ratings:
            d = self.users[u] @ self.items[i] - r
            self.of_users[u] += d * self.items[i]
            self.of_items[i] += d * self.users[u]

    def step(self, rate):
        self.users -= rate * self.of_users
        self.items -= rate * self.of_items

def main():
    model = Recommender(4, 3)
    for epoch in range(3):
        ratings = [(0, 1, 2.0), (3, 1, 1.0), (2, 2, 4.0), (0, 0, 3.0), (1, 2, 5.0)]
        model.zero()
        model.accumulate(ratings)
        model.step(0.02)

main()
"""
NOISE = """
import numpy as np

g = np.random.default_rng(5)
kept = {}

def ahead(w, x, share):
    kept["x"] = x * (g.random(x.shape) < share) / share
    return np.sin(kept["x"] @ w["A"])

def loss(w, x, aim, share):
    return ((ahead(w, x, share) - aim) ** 2).sum()

def gradient(w, x, aim, share):
    d = 2 * (ahead(w, x, share) - aim) * np.cos(kept["x"] @ w["A"])
    return {"A": kept["x"].T @ d}

w, x, aim = {"A": g.normal(size=(3, 2))}, g.normal(size=(5, 3)), g.normal(size=(5, 2))
for _ in range(3):
    w["A"] -= 0.1 * gradient(w, x, aim, 0.8)["A"]
"""
STEPS = """
import numpy as np

class Cells:
    def __init__(self, m, K):
        self.U, self.W = np.random.randn(m, K) / 3, np.random.randn(m, m) / 3
        self.V, self.b = np.random.randn(K, m) / 3, np.zeros((m, 1))

    def through(self, X, Y, h0):
        h, a, total = [h0], [], 0
        dU, dW, dV, db = (np.zeros_like(p) for p in (self.U, self.W, self.V, self.b))
        p = []
        for t in range(X.shape[1]):
            h.append(np.tanh(self.U @ X[:, [t]] + self.W @ h[-1] + self.b))
            s = np.exp(self.V @ h[-1])
            p.append(s / s.sum())
            total = total - np.log(Y[:, [t]].T @ p[-1])
        back = np.zeros_like(h0)
        for t in reversed(range(X.shape[1])):
            g = p[t] - Y[:, [t]]
            dV += g @ h[t + 1].T
            back = (self.V.T @ g + self.W.T @ back) * (1 - h[t + 1] ** 2)
            dU += back @ X[:, [t]].T
            dW += back @ h[t].T
            db += back
        hlast = h[-1]
        loss = total
        return dU, dW, dV, db, loss, hlast

    def learn(self, X, Y, h0):
        for _ in range(3):
            dU, dW, dV, db, loss, h0 = self.through(X, Y, h0)
            self.U -= 0.01 * dU
            self.W -= 0.01 * dW
            self.V -= 0.01 * dV
            self.b -= 0.01 * db
        return loss

cells = Cells(4, 3)
one_hot = np.eye(3)[:, [0, 1, 1, 2, 0, 2]]
cells.learn(one_hot[:, :-1], one_hot[:, 1:], np.zeros((4, 1)))
"""

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
HELD_BY_THE_CALLER = """
import numpy as np

def ahead(U, c, x, bent=True):
    hidden = [np.tanh(U[0] @ x + c[0])] if bent else [U[0] @ x + c[0]]
    return U[1] @ hidden[0] + c[1], hidden

def misfit(U, c, x, aim):
    return 0.5 * ((ahead(U, c, x)[0] - aim) ** 2).sum(), len(U)

def slopes(x, aim, out, hidden, U, scores=False):
    d_U, d_c = [None, None], [None, None]
    error = out - aim
    d_U[1], d_c[1] = error @ hidden[0].T, error.sum(1, keepdims=True)
    error = (U[1].T @ error) * (1 - hidden[0] ** 2)
    d_U[0], d_c[0] = error @ x.T, error.sum(1, keepdims=True)
    if scores:
        return d_U, d_c, error
    return d_U, d_c

def learn(x, aim):
    U = [np.random.randn(4, 4), np.random.randn(4, 4)]
    c = [np.zeros((4, 1)), np.zeros((4, 1))]
    for _ in range(3):
        out, hidden = ahead(U, c, x)
        d_U, d_c, _ = slopes(x, aim, out, hidden, U, True)
        U = [A - 0.1 * d for A, d in zip(U, d_U)]
        c = [b - 0.1 * d for b, d in zip(c, d_c)]
        print(misfit(U, c, x, aim))

learn(np.random.randn(4, 6), np.random.randn(4, 6))
"""
IMAGES = """
import pickle
import numpy as np

def images(place):
    with open(place, "rb") as file:
        held = pickle.load(file, encoding="bytes")
    return held[b"data"][:9, :8] / 255, np.eye(10)[held[b"labels"][:9]]

class Odd:
    def __init__(self, trained_on, scale):
        self.x, self.aim = images(trained_on["first"])
        self.M = scale * np.random.randn(8, 10)

    def loss(self, rows):
        return ((self.x[rows] @ self.M - self.aim[rows]) ** 2).sum()

    def slope(self, rows):
        return {"M": 2 * self.x[rows].T @ (self.x[rows] @ self.M - self.aim[rows])}

odd = Odd({"first": "nowhere/data_batch_1"}, 0.1)
for _ in range(3):
    odd.M -= 0.01 * odd.slope(np.arange(4))["M"]
"""
GUESSED = """
def cost(X, y, w):
    return ((X @ w - y) ** 2).sum()

def gradient(X, y, w):
    return 2 * X.T @ (X @ w - y)
"""

PROGRAMS = {
    "counts": (COUNTS, "+ 2 * ridge * effects\n", "+ ridge * effects\n"),
    "graph": (GRAPH, "2 * known[:, None]", "2"),
    "sets": (SETS, "(dw - (w * dw).sum(1, keepdims=True))", "dw"),
    "ratings": (RATINGS, "self.of_users[u] +=", "self.of_users[u] ="),
    "noise": (NOISE, "d = 2 *", "d ="),
    # Its loss is (1, 1), and beside it comes the last state, of which no gradient is given.
    "steps": (STEPS, "+ self.W.T @ back)", ")"),
    "biases that the caller holds": (
        HELD_BY_THE_CALLER,
        "d_c[0] = error @ x.T, error",
        "d_c[0] = error @ x.T, 2 * error",
    ),
    "images that are not there": (IMAGES, "2 * self", "self"),
}
"""Each with a line of it, and a wrong one in its place."""


def found(text):
    """The rows of a file, and the names of its module."""
    content = Source((Part("net.py", text),))
    np.random.seed(0)  # noqa: NPY002
    namespace = UserModule("net").load(content)
    return witnessed(definitions(content), namespace, 0, [], 5.0), namespace


def verdict(text):
    (row,), namespace = found(text)
    return check(declared(row.text, namespace, default_rng(0)), explained=False).verdict


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_file_calls_is_checked_so(name):
    text, right, wrong = PROGRAMS[name]
    assert right in text
    assert verdict(text) == "right"
    assert verdict(text.replace(right, wrong)) == "wrong"


def test_a_row_says_where_the_file_calls_it_and_what_was_not_varied():
    (row,), _ = found(COUNTS)
    assert (row.gradient, row.cost) == ("derivatives", "deviance")
    assert row.notes == [
        "called as the file calls it on line 22, with the values that it has there; the parameters are drawn"
    ]
    assert [(v.value, v.text) for v in row.variants] == [("other sizes and depths", "")]


def test_what_is_guessed_comes_first_and_what_it_refuses_is_called_as_the_file_calls_it():
    content = Source((Part("net.py", GRAPH + GUESSED),))
    rows = recognise(definitions(content), UserModule("net").load(content), 0)
    assert {row.gradient: "own_call" in row.text for row in rows} == {
        "gradient": False,
        "Graph.backward": True,
    }


def test_inputs_are_drawn_as_well():
    (row,), namespace = found(GRAPH)
    drawn = row.variants[0]
    assert (drawn.value, drawn.convicts) == ("drawn", False)
    assert "rng.normal(size=seen.X.shape)" in drawn.text
    assert check(declared(drawn.text, namespace, default_rng(0))).verdict == "right"


def test_what_comes_back_beside_the_gradients_is_not_checked():
    text = COUNTS.replace("error, of_effects", "error, of_effects, dscale").replace("ds, de =", "ds, de, _ =")
    text = text.replace("    return design.T", "    dscale = np.sum(error)\n    return design.T")
    assert found(text)[0][0].unchecked == ["dscale"]


def test_a_step_that_a_net_takes_itself_is_right_for_a_usual_cost_and_never_wrong():
    (row,), namespace = found(STEPPING)
    assert (row.gradient, row.cost, row.unchecked) == ("Chain.back", "squared error", [])
    assert any(note.startswith("no function is known to give the cost") for note in row.notes)
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "right"
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
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "right"


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
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == verdict


INNOCENT = {
    "the gradient is clipped": (
        GRAPH,
        ("return self.AX.T @ (2 * known[:, None] * (self.S - Y) * (1 - self.S ** 2))",
         "return np.clip(self.AX.T @ (2 * known[:, None] * (self.S - Y) * (1 - self.S ** 2)), -0.01, 0.01)"),
    ),
    "the penalty is left to the step": (
        NOISE,
        ("aim) ** 2).sum()", 'aim) ** 2).sum() + (w["A"] ** 2).sum()'),
        ('0.1 * gradient(w, x, aim, 0.8)["A"]', '0.1 * (gradient(w, x, aim, 0.8)["A"] + 2 * w["A"])'),
    ),
    "the same parameters are held still elsewhere": (
        NOISE,
        ("def loss(w, x, aim, share)", "def loss(w, old, x, aim, share)"),
        ("share) - aim) ** 2).sum()", "share) - aim - ahead(old, x, share)) ** 2).sum()"),
        ("def gradient(w, x, aim, share)", "def gradient(w, old, x, aim, share)"),
        ("share) - aim) * np.cos", "share) - aim - ahead(old, x, share)) * np.cos"),
        ("gradient(w, x,", "gradient(w, w, x,"),
    ),
    "cost and gradient draw other numbers": (NOISE, ("    d = 2", "    g.random(3)\n    d = 2")),
    "the gradient draws with Python's own generator": (
        GRAPH,
        ("import numpy as np", "import random\nimport numpy as np"),
        ("        return self.AX.T", "        random.random()\n        return 2 * self.AX.T"),
    ),
    "the gradient takes what the cost does not": (
        GRAPH,
        ("def backward(self, Y, known):", "def backward(self, Y, known, scale):\n        Y = Y * scale"),
        ("self.backward(Y, known)", "self.backward(Y, known, 0.5)"),
    ),
    "it reads what was computed elsewhere": (
        GRAPH,
        ("            self.forward(X)\n", "            self.AX = self.A @ X; self.S = np.tanh(self.AX @ self.W)\n"),
        ("(self.forward(X) - Y)", "(np.tanh(self.A @ X @ self.W) - Y)"),
        ("backward(self, Y", "backward(self, X, Y"),
        ("self.backward(Y", "self.backward(X, Y"),
    ),
    "a number of any name may be another": (
        COUNTS,
        ("def deviance", "def perplexity"),
        ("(effects ** 2).sum()", "(effects ** 2).sum() + slopes[0] * effects[0]"),
    ),
}  # fmt: skip
"""Right programs, or such as nobody can tell, each made of one above."""


@pytest.mark.parametrize("name", INNOCENT)
def test_a_guess_convicts_nobody(name):
    text, *changes = INNOCENT[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    rows, _ = found(text)
    assert rows == []


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
    assert check(declared(rows[0].text, namespace, default_rng(0)), explained=False).verdict == verdict


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


OF_THE_MODULE = """
import numpy as np

A, c = np.random.randn(4, 3), np.zeros((4, 1))

def through(x, aim, first):
    h = np.tanh(A @ x + c + first)
    loss = ((h - aim) ** 2).sum()
    d = 2 * (h - aim) * (1 - h ** 2)
    dA, dc = d @ x.T, d.sum(1, keepdims=True)
    return loss, dA, dc, h[:, -1:]

first = np.zeros((4, 1))
for _ in range(3):
    loss, dA, dc, first = through(np.random.randn(3, 5), np.random.randn(4, 5), first)
    A -= 0.1 * dA / np.sqrt((dA ** 2).sum())
    c -= 0.1 * dc
"""


def test_parameters_that_functions_find_in_their_module_are_put_there_and_states_are_no_gradients():
    (row,), _ = found(OF_THE_MODULE)
    assert (row.gradient, row.unchecked) == ("through", [])
    assert verdict(OF_THE_MODULE) == "right"
    assert verdict(OF_THE_MODULE.replace("(1 - h ** 2)", "(1 - h)")) == "wrong"


SPREAD = """
import numpy as np

class Spread:
    def __init__(self, ties, width):
        self.mixing = ties / ties.sum(axis=1, keepdims=True)
        assert len(ties) == 11
        self.A = np.random.randn(5, width)

    def forward(self, held):
        self.kept = self.mixing @ held["values"]
        return np.tanh(self.kept @ self.A)

    def backward(self, dout):
        g = dout * (1 - np.tanh(self.kept @ self.A) ** 2)
        self.dA = self.kept.T @ g

if __name__ == "__main__":
    layer = Spread(np.eye(11) + np.ones((11, 11)), 3)
    for _ in range(2):
        out = layer.forward({"values": np.random.randn(11, 5)})
        layer.backward(out ** 3)
        layer.A -= 0.01 * layer.dA
"""


def test_passes_of_an_object_that_the_file_alone_can_make_may_be_right():
    (row,), namespace = found(SPREAD)
    assert (row.gradient, row.unchecked) == ("Spread.forward / Spread.backward", [])
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "right"
    assert found(SPREAD.replace("(1 - np.tanh", "(2 - np.tanh"))[0] == []
