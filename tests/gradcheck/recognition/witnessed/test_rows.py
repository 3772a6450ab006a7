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

TOGETHER = """
import numpy as np

class Speaker:
    def __init__(self, letters, units):
        self.letters = letters
        self.A, self.B = np.random.randn(units, units) / 9, np.random.randn(units, letters) / 9
        self.C, self.s = np.random.randn(letters, units) / 9, np.zeros((units, 1))
        self.t = np.zeros((letters, 1))
        self.squares = [np.zeros_like(p) for p in (self.A, self.B, self.C, self.s, self.t)]

    def slopes(self, said, next_said, before):
        x, h, p, loss = {}, {-1: np.copy(before)}, {}, 0
        for i in range(len(said)):
            x[i] = np.zeros((self.letters, 1))
            x[i][said[i]] = 1
            h[i] = np.tanh(self.A @ h[i - 1] + self.B @ x[i] + self.s)
            e = np.exp(self.C @ h[i] + self.t)
            p[i] = e / e.sum()
            loss += -np.log(p[i][next_said[i], 0])
        gA, gB, gC = np.zeros_like(self.A), np.zeros_like(self.B), np.zeros_like(self.C)
        gs, gt, back = np.zeros_like(self.s), np.zeros_like(self.t), np.zeros_like(before)
        for i in reversed(range(len(said))):
            d = p[i].copy()
            d[next_said[i]] -= 1
            gC += d @ h[i].T
            gt += d
            back = (self.C.T @ d + self.A.T @ back) * (1 - h[i] ** 2)
            gA += back @ h[i - 1].T
            gB += back @ x[i].T
            gs += back
        gA, gB, gC, gs, gt = (np.clip(g, -5, 5) for g in (gA, gB, gC, gs, gt))
        return (gA, gB, gC, gs, gt), loss, h[len(said) - 1]

    def learn(self, text, length):
        number = {letter: place for place, letter in enumerate(sorted(set(text)))}
        before = np.zeros_like(self.s)
        for start in range(0, len(text) - length, length):
            said = [number[c] for c in text[start:start + length]]
            following = [number[c] for c in text[start + 1:start + length + 1]]
            g, loss, before = self.slopes(said, following, before)
            for q, p, d in zip(self.squares, (self.A, self.B, self.C, self.s, self.t), g):
                q += d ** 2
                p -= 0.1 * d / np.sqrt(q + 1e-8)
        return loss

book = open("tale.txt").read()
speaker = Speaker(len(set(book)), 6)
speaker.learn(book, 12)
"""
HANDED_ON = """
import numpy as np

class Memory:
    def __init__(self, letters, units):
        self.h = np.zeros((units, 1))
        self.W, self.U = np.random.randn(units, units) / 9, np.random.randn(units, letters) / 9
        self.V, self.b, self.c = np.random.randn(letters, units) / 9, np.zeros((units, 1)), np.zeros((letters, 1))

def ahead(X, Y, memory):
    H, P, loss = {-1: memory.h}, {}, 0
    for t in range(X.shape[1]):
        H[t] = np.tanh(memory.W @ H[t - 1] + memory.U @ X[:, [t]] + memory.b)
        e = np.exp(memory.V @ H[t] + memory.c)
        P[t] = e / e.sum()
        loss = loss - np.log(Y[:, t] @ P[t])
    return P, H, loss

def back(P, H, X, Y, memory):
    dW, dU, dV = np.zeros_like(memory.W), np.zeros_like(memory.U), np.zeros_like(memory.V)
    db, dc, da = np.zeros_like(memory.b), np.zeros_like(memory.c), np.zeros_like(memory.h)
    for t in reversed(range(X.shape[1])):
        g = P[t] - Y[:, [t]]
        dV += g @ H[t].T
        dc += g
        da = (memory.V.T @ g + memory.W.T @ da) * (1 - H[t] ** 2)
        dW += da @ H[t - 1].T
        dU += da @ X[:, [t]].T
        db += da
        dW, dU, dV, db, dc = (np.maximum(np.minimum(d, 5), -5) for d in (dW, dU, dV, db, dc))
    return dW, dU, dV, db, dc, H[X.shape[1] - 1]

def main():
    lines = open("tale.txt").readlines()
    book = "".join(lines)
    letters = sorted(set(book))
    memory = Memory(len(letters), 6)
    squares = [0 * p for p in (memory.W, memory.U, memory.V, memory.b, memory.c)]
    for e in range(0, 60, 12):
        X = np.array([[float(c == l) for c in book[e:e + 12]] for l in letters])
        Y = np.array([[float(c == l) for c in book[e + 1:e + 13]] for l in letters])
        P, H, loss = ahead(X, Y, memory)
        *gradients, memory.h = back(P, H, X, Y, memory)
        for m, p, g in zip(squares, (memory.W, memory.U, memory.V, memory.b, memory.c), gradients):
            m += g ** 2
            p -= 0.1 * g / np.sqrt(m + 1e-8)

main()
"""
WRITTEN_SIZE = """
import numpy as np

units, letters = 4, 24
length = 6

class Shapes:
    def __init__(self):
        self.a, self.h = np.zeros((units, length)), np.zeros((units, length))
        self.p = np.zeros((letters, length))
        self.first = np.zeros((units, 1))

class Weights:
    def __init__(self, W, U, V, b):
        self.W, self.U, self.V, self.b = W, U, V, b

    def run(self, shapes, X):
        h = shapes.first
        for t in range(length):
            shapes.a[:, [t]] = self.W @ h + self.U @ X[:, [t]] + self.b
            h = np.tanh(shapes.a[:, [t]])
            shapes.h[:, [t]] = h
            e = np.exp(self.V @ h)
            shapes.p[:, [t]] = e / e.sum()
        return shapes

    def compute_loss(self, shapes, Y):
        return -np.sum(Y * np.log(shapes.p))

    def compute_gradient(self, slopes, shapes, X, Y):
        slopes.grad_p = shapes.p - Y
        slopes.grad_h = np.zeros((units, 1))
        slopes.grad_V = slopes.grad_p @ shapes.h.T
        for t in reversed(range(length)):
            before = shapes.h[:, [t - 1]] if t else shapes.first
            back = (self.V.T @ slopes.grad_p[:, [t]] + slopes.grad_h) * (1 - np.tanh(shapes.a[:, [t]]) ** 2)
            slopes.grad_W = slopes.grad_W + back @ before.T
            slopes.grad_U = slopes.grad_U + back @ X[:, [t]].T
            slopes.grad_b = slopes.grad_b + back
            slopes.grad_h = self.W.T @ back
        return slopes

class Slopes:
    def __init__(self, weights, shapes):
        self.grad_W, self.grad_U = np.zeros_like(weights.W), np.zeros_like(weights.U)
        self.grad_V, self.grad_b = np.zeros_like(weights.V), np.zeros_like(weights.b)
        self.grad_p, self.grad_h = np.zeros_like(shapes.p), 0

with open("tale.txt") as file:
    tale = file.read()
number = {c: n for n, c in enumerate(sorted(set(tale)))}
one_hot = np.zeros((len(number), len(tale)))
for place, c in enumerate(tale):
    one_hot[number[c], place] = 1
shapes = Shapes()
r = np.random.default_rng(0)
W, U, V = (r.normal(size=size) / 9 for size in [(units, units), (units, letters), (letters, units)])
weights = Weights(W, U, V, np.zeros((units, 1)))
for e in range(0, 100, length):
    X, Y = one_hot[:, e:e + length], one_hot[:, e + 1:e + length + 1]
    shapes = weights.run(shapes, X)
    loss = weights.compute_loss(shapes, Y)
    slopes = Slopes(weights, shapes)
    slopes = weights.compute_gradient(slopes, shapes, X, Y)
    for name in "WUVb":
        setattr(weights, name, getattr(weights, name) - 0.01 * getattr(slopes, "grad_" + name))
"""
LEFT_BEHIND = """
import numpy as np

class Teller:
    def __init__(self, letters, units):
        self.letters = letters
        r = np.random.RandomState(0)
        self.params = {"U": r.randn(units, letters) / 9, "W": r.randn(units, units) / 9}
        self.params |= {"V": r.randn(letters, units) / 9, "b": np.zeros((units, 1))}
        self.memory = {k: np.zeros_like(v) for k, v in self.params.items()}
        self.prev = np.zeros((units, 1))

    def forward(self, said, aims, state):
        h, self.kept, loss = state, [], 0.0
        for i, aim in zip(said, aims):
            before, x = h, np.eye(self.letters)[:, [i]]
            h = np.tanh(self.params["W"] @ h + self.params["U"] @ x + self.params["b"])
            e = np.exp(self.params["V"] @ h)
            self.kept.append((x, before, h, e / e.sum()))
            loss -= np.log(self.kept[-1][3][aim, 0])
        return self.kept, loss

    def backward(self, inputs, targets, h0):
        kept, loss = self.forward(inputs, targets, state=h0)
        self.grads = {k: np.zeros_like(v) for k, v in self.params.items()}
        self.grads["h"] = np.zeros_like(h0)
        for (x, before, h, p), aim in zip(kept[::-1], targets[::-1]):
            d = p.copy()
            d[aim] -= 1
            self.grads["V"] += d @ h.T
            back = (self.params["V"].T @ d + self.grads["h"]) * (1 - h ** 2)
            self.grads["W"] += back @ before.T
            self.grads["U"] += back @ x.T
            self.grads["b"] += back
            self.grads["h"] = self.params["W"].T @ back
        return loss, kept[-1][2]

    def adagrad(self):
        for k in self.params:
            self.memory[k] += self.grads[k] ** 2
            self.params[k] -= 0.1 * self.grads[k] / np.sqrt(self.memory[k] + 1e-8)

    def fit(self, book):
        number = {c: n for n, c in enumerate(sorted(set(book)))}
        smooth = None
        for e in range(0, len(book) - 11, 10):
            X = [number[c] for c in book[e:e + 10]]
            Y = [number[c] for c in book[e + 1:e + 11]]
            loss, self.prev = self.backward(X, Y, self.prev)
            smooth = loss if smooth is None else 0.999 * smooth + 0.001 * loss
            self.adagrad()

text = open("tale.txt").read()
Teller(len(set(text)), 8).fit(text)
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
    # Each reads a text that is not there, and goes on from the state that the last sequence ended with.
    "gradients come back together, beside the state": (TOGETHER, " + self.A.T @ back)", ")"),
    "the net is handed to functions": (HANDED_ON, " + memory.W.T @ da)", ")"),
    "the number of letters is written down": (
        WRITTEN_SIZE,
        "slopes.grad_p @ shapes.h.T",
        "slopes.grad_p @ shapes.h.T / 2",
    ),
    "gradients stay behind, beside the loss": (LEFT_BEHIND, ' + self.grads["h"])', ")"),
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


GROWING = """
import numpy as np

class Recorder:
    def __init__(self, letters, units):
        r = np.random.RandomState(1)
        self.W, self.U = r.randn(units, units) / 9, r.randn(units, letters) / 9
        self.V, self.letters = r.randn(letters, units) / 9, letters
        self.state, self.steps = np.zeros((units, 1)), []

    def loss(self, said, aims, h):
        total = 0.0
        for i, aim in zip(said, aims):
            h = np.tanh(self.W @ h + self.U[:, [i]])
            e = np.exp(self.V @ h)
            total -= np.log(e[aim, 0] / e.sum())
        return total

    def run(self, said):
        h = self.state
        for i in said:
            before, h = h, np.tanh(self.W @ h + self.U[:, [i]])
            e = np.exp(self.V @ h)
            self.steps.append((before, h, e / e.sum()))

    def backward(self, said, aims):
        self.dW, self.dU, self.dV = (np.zeros_like(p) for p in (self.W, self.U, self.V))
        back = np.zeros_like(self.state)
        for t in reversed(range(len(said))):
            before, h, p = self.steps[t]
            d = p - np.eye(self.letters)[:, [aims[t]]]
            self.dV += d @ h.T
            back = (self.V.T @ d + self.W.T @ back) * (1 - h ** 2)
            self.dW += back @ before.T
            self.dU[:, [said[t]]] += back

    def fit(self, said):
        for e in range(0, 12, 6):
            X, Y = said[e:e + 6], said[e + 1:e + 7]
            self.run(X)
            self.backward(X, Y)
            self.W -= 0.1 * self.dW
            self.U -= 0.1 * self.dU
            self.V -= 0.1 * self.dV
            loss = self.loss(X, Y, self.state)
            self.state, self.steps = self.steps[-1][1], []

Recorder(3, 4).fit([0, 1, 2, 2, 1, 0, 0, 2, 1, 1, 0, 2, 1])
"""


def test_what_grows_from_call_to_call_is_as_it_was_before_and_a_state_is_not_0():
    (row,), _ = found(GROWING)
    assert "since='Recorder.run'" in row.text
    assert "states=['self.state']" in row.text
    assert verdict(GROWING) == "right"
    # As long as the state is 0, that is right.
    assert verdict(GROWING.replace("back @ before.T", "back @ (before.T if t else 0 * before.T)")) == "wrong"


def test_what_fails_on_the_way_is_left_out_and_makes_nobody_wrong():
    text = GRAPH.replace(
        "        for _ in range(3):\n", "        self.curve = plotted(X)\n        for _ in range(3):\n"
    )
    (row,), namespace = found(text)
    assert "what fails before that call was left out" in row.notes
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "right"
    assert found(text.replace("2 * known[:, None]", "known[:, None]"))[0] == []


def test_large_data_that_an_object_holds_are_not_copied():
    text = GRAPH.replace("self.W =", "self.images = np.zeros((3, 1_000_000))\n        self.W =")
    (row,), namespace = found(text)
    assert check(declared(row.text, namespace, default_rng(0)), explained=False).verdict == "right"


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
