"""Recurrent nets are checked as their files call them: with the states and sequences that they have there."""

import pytest

from support.samples import one_in
from support.witnessing import found, verdict

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
    # Its loss is (1, 1), and beside it comes the last state, of which no gradient is given.
    "steps": (STEPS, "+ self.W.T @ back)", ")"),
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


@pytest.mark.parametrize("name", one_in(2, PROGRAMS))
def test_what_a_file_calls_is_checked_so(name):
    text, right, wrong = PROGRAMS[name]
    assert right in text
    assert verdict(text) == "right"
    assert verdict(text.replace(right, wrong)) == "wrong"


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
