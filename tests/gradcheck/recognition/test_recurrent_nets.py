"""Recurrent nets as different people write them: each is right as it is, and wrong with each mistake made in it."""

import pytest

from support.recognising import row_and_check
from support.samples import one_in

FUNCTIONS = """
import numpy as np

def softmax(o):
    e = np.exp(o - o.max(axis=0))
    return e / e.sum(axis=0)

def forward(X, h0, U, W, V, b, c):
    H, P = np.zeros((W.shape[0], X.shape[1] + 1)), np.zeros((V.shape[0], X.shape[1]))
    H[:, [0]] = h0
    for t in range(X.shape[1]):
        H[:, [t + 1]] = np.tanh(W @ H[:, [t]] + U @ X[:, [t]] + b)
        P[:, [t]] = softmax(V @ H[:, [t + 1]] + c)
    return P, H

def compute_loss(X, Y, h0, U, W, V, b, c):
    P, H = forward(X, h0, U, W, V, b, c)
    return -np.sum(np.log(np.sum(Y * P, axis=0)))

def compute_gradients(X, Y, h0, U, W, V, b, c):
    P, H = forward(X, h0, U, W, V, b, c)
    dU, dW, dV, db, dc = (np.zeros_like(p) for p in (U, W, V, b, c))
    da = np.zeros_like(h0)
    for t in reversed(range(X.shape[1])):
        g = P[:, [t]] - Y[:, [t]]
        dV += g @ H[:, [t + 1]].T
        dc += g
        dh = V.T @ g + W.T @ da
        da = dh * (1 - H[:, [t + 1]] ** 2)
        dW += da @ H[:, [t]].T
        dU += da @ X[:, [t]].T
        db += da
    return [np.clip(g, -5, 5) for g in (dU, dW, dV, db, dc)]
"""
MODULE = """
import numpy as np

text = open("book.txt").read()
chars = sorted(set(text))
vocab_size, hidden_size = len(chars), 100
Wxh = np.random.randn(hidden_size, vocab_size) * 0.01
Whh = np.random.randn(hidden_size, hidden_size) * 0.01
Why = np.random.randn(vocab_size, hidden_size) * 0.01
bh, by = np.zeros((hidden_size, 1)), np.zeros((vocab_size, 1))

def lossFun(inputs, targets, hprev):
    xs, hs, ps, loss = {}, {-1: np.copy(hprev)}, {}, 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((vocab_size, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1] + bh)
        e = np.exp(Why @ hs[t] + by)
        ps[t] = e / e.sum()
        loss -= np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby, dhnext = np.zeros_like(bh), np.zeros_like(by), np.zeros_like(hprev)
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        draw = (1 - hs[t] * hs[t]) * (Why.T @ dy + dhnext)
        dbh += draw
        dWxh += draw @ xs[t].T
        dWhh += draw @ hs[t - 1].T
        dhnext = Whh.T @ draw
    for d in (dWxh, dWhh, dWhy, dbh, dby):
        np.clip(d, -5, 5, out=d)
    return loss, dWxh, dWhh, dWhy, dbh, dby, hs[len(inputs) - 1]
"""
ATTRIBUTES = """
import numpy as np

class RNN:
    def __init__(self, vocabulary, m=100, eta=0.1, seq_length=25):
        self.vocabulary, self.m, self.eta, self.seq_length = vocabulary, m, eta, seq_length
        self.K = vocabulary.size()
        self.U, self.W = np.random.randn(m, self.K) * 0.01, np.random.randn(m, m) * 0.01
        self.V, self.b, self.c = np.random.randn(self.K, m) * 0.01, np.zeros((m, 1)), np.zeros((self.K, 1))
        self.hprev = np.zeros((m, 1))

    def forward(self, X, Y):
        h, loss, H, P = self.hprev, 0, [self.hprev], []
        for t in range(self.seq_length):
            h = np.tanh(self.W @ h + self.U @ X[:, [t]] + self.b)
            e = np.exp(self.V @ h + self.c)
            H.append(h)
            P.append(e / e.sum())
            loss += -np.log(Y[:, [t]].T @ P[-1])[0, 0]
        self.hprev = h
        return loss, P, H

    def backward(self, X, Y, P, H):
        self.grad_U, self.grad_W, self.grad_V = (np.zeros_like(p) for p in (self.U, self.W, self.V))
        self.grad_b, self.grad_c = np.zeros_like(self.b), np.zeros_like(self.c)
        da = np.zeros((self.m, 1))
        for t in range(self.seq_length - 1, -1, -1):
            g = P[t] - Y[:, [t]]
            dh = self.V.T @ g + self.W.T @ da
            da = np.diag(1 - H[t + 1][:, 0] ** 2) @ dh
            self.grad_V += g @ H[t + 1].T
            self.grad_c += g
            self.grad_W += da @ H[t].T
            self.grad_U += da @ X[:, [t]].T
            self.grad_b += da
"""
DICTIONARY = """
import numpy as np

class CharRNN:
    def __init__(self, K, m):
        self.weights = dict(U=np.ones((m, K)), W=np.ones((m, m)), V=np.ones((K, m)), b=np.ones(m), c=np.ones(K))

    def forward(self, X, h0):
        p, states = self.weights, [h0]
        for x in X.T:
            states.append(np.tanh(self.weights["W"] @ states[-1] + self.weights["U"] @ x + self.weights["b"]))
        states = np.array(states)
        scores = states[1:] @ self.weights["V"].T + self.weights["c"]
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True), states

    def compute_cost(self, X, Y, h0):
        P, states = self.forward(X, h0)
        return -np.log((P * Y.T).sum(axis=1)).sum()

    def compute_gradients(self, X, Y, h0):
        P, states = self.forward(X, h0)
        G, A = P - Y.T, np.zeros_like(states)
        for t in reversed(range(len(G))):
            dh = self.weights["V"].T @ G[t] + (A[t + 1] @ self.weights["W"] if t + 1 < len(G) else 0)
            A[t] = dh * (1 - states[t + 1] ** 2)
        A = A[:-1]
        grads = {"V": G.T @ states[1:], "c": G.sum(axis=0), "U": A.T @ X.T, "W": A.T @ states[:-1]}
        grads["b"] = A.sum(axis=0)
        return {key: np.maximum(np.minimum(g, 5), -5) for key, g in grads.items()}
"""
RECORD = """
from dataclasses import dataclass
import numpy as np

@dataclass
class Parameters:
    W_xh: np.ndarray
    W_hh: np.ndarray
    W_hy: np.ndarray
    b_h: np.ndarray
    b_y: np.ndarray

def forward(rnn, inputs, h_prev):
    H, probs = [h_prev], []
    for x in inputs:
        H.append(np.tanh(x @ rnn.W_xh + H[-1] @ rnn.W_hh + rnn.b_h))
        e = np.exp(H[-1] @ rnn.W_hy + rnn.b_y)
        probs.append(e / e.sum())
    return np.array(probs), np.array(H)

def loss(rnn, inputs, targets, h_prev):
    probs, H = forward(rnn, inputs, h_prev)
    return -np.mean(np.log(probs[np.arange(len(targets)), targets]))

def backward(rnn, inputs, targets, h_prev):
    probs, H = forward(rnn, inputs, h_prev)
    G = probs.copy()
    G[np.arange(len(targets)), targets] -= 1
    G /= len(targets)
    da, D = np.zeros_like(h_prev), np.zeros((len(G), len(h_prev)))
    for t in range(len(G))[::-1]:
        da = D[t] = (rnn.W_hy @ G[t] + rnn.W_hh @ da) * (1 - H[t + 1] ** 2)
    return Parameters(inputs.T @ D, H[:-1].T @ D, H[1:].T @ G, D.sum(axis=0), G.sum(axis=0))
"""
LEAVES = """
import numpy as np

class VanillaRNN:
    def __init__(self, vocab, state_size, init_weights, init_bias):
        self.state_size, self.vocab_size = state_size, vocab.size
        self.U = init_weights.new((state_size, vocab.size))
        self.W = init_weights.new((state_size, state_size))
        self.V = init_weights.new((vocab.size, state_size))
        self.b, self.c = init_bias.new((state_size, 1)), init_bias.new((vocab.size, 1))
        self.grads = {}

    def forward(self, sequence, state0):
        self.inputs, self.hs, self.ps = sequence, {-1: state0}, {}
        for t in range(sequence.shape[1]):
            self.hs[t] = np.tanh(self.W @ self.hs[t - 1] + self.U @ sequence[:, [t]] + self.b)
            e = np.exp(self.V @ self.hs[t] + self.c)
            self.ps[t] = e / e.sum()
        return self.ps

    def loss(self, targets):
        return -sum(np.log(self.ps[t][:, 0] @ targets[:, t]) for t in self.ps)

    def backward(self, targets):
        for name in ("U", "W", "V", "b", "c"):
            self.grads[name] = np.zeros_like(getattr(self, name))
        da = np.zeros((self.state_size, 1))
        for t in reversed(range(targets.shape[1])):
            g = self.ps[t] - targets[:, [t]]
            self.grads["V"] += g @ self.hs[t].T
            self.grads["c"] += g
            da = (self.V.T @ g + self.W.T @ da) * (1 - self.hs[t] ** 2)
            self.grads["U"] += da @ self.inputs[:, [t]].T
            self.grads["W"] += da @ self.hs[t - 1].T
            self.grads["b"] += da
        for name in self.grads:
            self.grads[name] = np.clip(self.grads[name], -5, 5)
"""
LOADS = """
import numpy as np

class RNN:
    def __init__(self, m=100, fn="book.txt"):
        self.chars = sorted(set(open("../texts/" + fn).read()))
        self.nChars, self.m = len(self.chars), m

    def loss(self, X, Y, ph):
        l, x, h, p = 0, {}, {-1: ph}, {}
        for t in range(len(X)):
            x[t] = np.zeros((self.nChars, 1))
            x[t][X[t]] = 1
            h[t] = np.tanh(self.W @ h[t - 1] + self.U @ x[t] + self.b)
            e = np.exp(self.V @ h[t] + self.c)
            p[t] = e / e.sum()
            l -= np.log(p[t][Y[t], 0])
        return l, x, h, p

    def gradients(self, X, Y, ph):
        l, x, h, p = self.loss(X, Y, ph)
        g = {name: np.zeros_like(getattr(self, name)) for name in ("W", "U", "V", "b", "c")}
        dhn = np.zeros_like(ph)
        for t in range(len(X) - 1, -1, -1):
            do = p[t].copy()
            do[Y[t]] -= 1
            da = (self.V.T @ do + dhn) * (1 - h[t] ** 2)
            g["V"], g["c"], g["b"] = g["V"] + do @ h[t].T, g["c"] + do, g["b"] + da
            g["U"] += da @ x[t].T
            g["W"] += da @ h[t - 1].T
            dhn = self.W.T @ da
        return l, g, h[len(X) - 1]
"""
LSTM = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def forward(inputs, targets, h_prev, C_prev, params):
    H, C, cache, loss = [h_prev], [C_prev], [], 0
    for t in range(len(inputs)):
        x = np.zeros((params["Wy"].shape[0], 1))
        x[inputs[t]] = 1
        z = np.vstack((H[-1], x))
        f = sigmoid(params["Wf"] @ z + params["bf"])
        i = sigmoid(params["Wi"] @ z + params["bi"])
        o = sigmoid(params["Wo"] @ z + params["bo"])
        g = np.tanh(params["Wc"] @ z + params["bc"])
        C.append(f * C[-1] + i * g)
        H.append(o * np.tanh(C[-1]))
        e = np.exp(params["Wy"] @ H[-1] + params["by"])
        cache.append((z, f, i, o, g, e / e.sum()))
        loss -= np.log(cache[-1][-1][targets[t], 0])
    return loss, cache, H, C

def backward(targets, cache, H, C, params):
    grads = {key: np.zeros_like(value) for key, value in params.items()}
    dh, dC = np.zeros_like(H[0]), np.zeros_like(C[0])
    for t in reversed(range(len(targets))):
        z, f, i, o, g, p = cache[t]
        dy = p.copy()
        dy[targets[t]] -= 1
        grads["Wy"] += dy @ H[t + 1].T
        grads["by"] += dy
        dh = params["Wy"].T @ dy + dh
        dC = dC + dh * o * (1 - np.tanh(C[t + 1]) ** 2)
        gates = dict(f=dC * C[t] * f * (1 - f), i=dC * g * i * (1 - i), c=dC * i * (1 - g**2))
        gates["o"] = dh * np.tanh(C[t + 1]) * o * (1 - o)
        dz = 0
        for gate, da in gates.items():
            grads["W" + gate] += da @ z.T
            grads["b" + gate] += da
            dz = dz + params["W" + gate].T @ da
        dh, dC = dz[: len(dh)], dC * f
    return grads

def train(inputs, targets, h, C, params):
    loss, cache, H, C = forward(inputs, targets, h, C, params)
    return backward(targets, cache, H, C, params)
"""
GRU = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def step(x, h, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh):
    z, r = sigmoid(Wz @ x + Uz @ h + bz), sigmoid(Wr @ x + Ur @ h + br)
    new = np.tanh(Wh @ x + Uh @ (r * h) + bh)
    return z, r, new, z * h + (1 - z) * new

def loss(inputs, targets, h_prev, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, Wy, by):
    h, total = h_prev, 0
    for x, y in zip(inputs, targets):
        *_, h = step(x, h, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh)
        s = Wy @ h + by
        total += np.log(np.exp(s).sum()) - s[y]
    return total

def gradients(inputs, targets, h_prev, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, Wy, by):
    H, seen = [h_prev], []
    for x in inputs:
        seen.append(step(x, H[-1], Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh))
        H.append(seen[-1][-1])
    dWz, dUz, dbz, dWr, dUr, dbr, dWh, dUh, dbh, dWy, dby = (
        np.zeros_like(a) for a in (Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, Wy, by)
    )
    dh = np.zeros_like(h_prev)
    for t in reversed(range(len(inputs))):
        x, (z, r, new, h) = inputs[t], seen[t]
        e = np.exp(Wy @ h + by)
        g = e / e.sum()
        g[targets[t]] -= 1
        dWy += np.outer(g, h)
        dby += g
        dh = dh + Wy.T @ g
        a = dh * (1 - z) * (1 - new**2)
        u = dh * (H[t] - new) * z * (1 - z)
        drh = Uh.T @ a
        v = drh * H[t] * r * (1 - r)
        dWh += np.outer(a, x); dUh += np.outer(a, r * H[t]); dbh += a
        dWz += np.outer(u, x); dUz += np.outer(u, H[t]); dbz += u
        dWr += np.outer(v, x); dUr += np.outer(v, H[t]); dbr += v
        dh = dh * z + drh * r + Uz.T @ u + Ur.T @ v
    return dWz, dUz, dbz, dWr, dUr, dbr, dWh, dUh, dbh, dWy, dby
"""
CALLED_SO = {
    FUNCTIONS: "cost compute_loss(X, Y, h0, U, W, V, b, c); gradient compute_gradients(X, Y, h0, U, W, V, b, c)",
    MODULE: "cost lossFun(inputs, targets, hprev)[0]; gradient lossFun(inputs, targets, hprev)[1:6]",
    ATTRIBUTES: "cost net.forward(X, Y)[0]",
    DICTIONARY: "cost net.compute_cost(X, Y, h0); gradient net.compute_gradients(X, Y, h0)",
    LEAVES: "cost net.loss(targets); gradient (net.backward(targets), net.grads)[1]",
    LSTM: "cost forward(inputs, targets, h_prev, C_prev, params)[0]",
    GRU: "cost loss(inputs, targets, h_prev, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh, Wy, by)",
    LOADS: "cost net.loss(X, Y, ph); gradient net.gradients(X, Y, ph)[1]",
    RECORD: "cost loss(rnn, inputs, targets, h_prev); gradient backward(rnn, inputs, targets, h_prev)",
}
WRONG = [
    (FUNCTIONS, "(1 - H[:, [t + 1]] ** 2)", "(1 - H[:, [t]] ** 2)"),
    (FUNCTIONS, "V.T @ g + W.T @ da", "V.T @ g"),
    (FUNCTIONS, "db += da", "db = da"),
    (MODULE, "(1 - hs[t] * hs[t])", "(1 - hs[t - 1] * hs[t - 1])"),
    (MODULE, " + dhnext)", ")"),
    (MODULE, "dbh += draw", "dbh[:] = draw"),
    (ATTRIBUTES, "self.grad_b += da", "self.grad_b = da"),
    (DICTIONARY, '(A[t + 1] @ self.weights["W"] if t + 1 < len(G) else 0)', "0"),
    (DICTIONARY, "A.sum(axis=0)", "A[-1]"),
    (LEAVES, "self.hs[t - 1].T", "self.hs[t].T"),
    (LEAVES, " + self.W.T @ da", ""),
    (LSTM, "dC * f\n", "dC * i\n"),
    (LSTM, "dC * i * (1 - g**2)", "dC * (1 - g**2)"),
    (LSTM, "dz[: len(dh)]", "dz[-len(dh) :]"),
    (GRU, "drh * r + ", ""),
    (GRU, "dUh += np.outer(a, r * H[t])", "dUh += np.outer(a, H[t])"),
    (LOADS, "dhn = self.W.T @ da", "dhn = self.W @ da"),
    (LOADS, "do[Y[t]] -= 1", "do[X[t]] -= 1"),
    (RECORD, "(1 - H[t + 1] ** 2)", "(1 - H[t] ** 2)"),
]


@pytest.mark.parametrize(("text", "called"), CALLED_SO.items(), ids=range(len(CALLED_SO)))
def test_a_right_one_is_right_in_every_style(text, called):
    row, outcome = row_and_check(text)
    assert any(called in note for note in row.notes)
    assert any("clipped to [-5, 5]" in note for note in row.notes) is ("clip(" in text or "minimum(" in text)
    assert outcome.right


@pytest.mark.parametrize(("text", "right", "wrong"), one_in(3, WRONG))
def test_a_mistake_on_the_way_back_through_time_is_wrong(text, right, wrong):
    assert text.count(right) == 1
    _, outcome = row_and_check(text.replace(right, wrong))
    assert outcome.verdict == "wrong"
