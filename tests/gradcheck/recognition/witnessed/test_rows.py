"""Functions that nobody can guess how to call are called as the file calls them; and a guess convicts nobody."""

import pytest

from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.recognise import recognise
from support.witnessing import found, verdict, verdict_of

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
    "biases that the caller holds": (
        HELD_BY_THE_CALLER,
        "d_c[0] = error @ x.T, error",
        "d_c[0] = error @ x.T, 2 * error",
    ),
    "images that are not there": (IMAGES, "2 * self", "self"),
}
"""Each with a line of it, and a wrong one in its place."""


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
    assert verdict_of(drawn, namespace) == "right"


def test_what_comes_back_beside_the_gradients_is_not_checked():
    text = COUNTS.replace("error, of_effects", "error, of_effects, dscale").replace("ds, de =", "ds, de, _ =")
    text = text.replace("    return design.T", "    dscale = np.sum(error)\n    return design.T")
    assert found(text)[0][0].unchecked == ["dscale"]


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


def test_what_fails_on_the_way_is_left_out_and_makes_nobody_wrong():
    text = GRAPH.replace(
        "        for _ in range(3):\n", "        self.curve = plotted(X)\n        for _ in range(3):\n"
    )
    (row,), namespace = found(text)
    assert "what fails before that call was left out" in row.notes
    assert verdict_of(row, namespace) == "right"
    assert found(text.replace("2 * known[:, None]", "known[:, None]"))[0] == []


def test_large_data_that_an_object_holds_are_not_copied():
    text = GRAPH.replace("self.W =", "self.images = np.zeros((3, 1_000_000))\n        self.W =")
    (row,), namespace = found(text)
    assert verdict_of(row, namespace) == "right"
