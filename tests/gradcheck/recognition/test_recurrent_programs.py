"""Recurrent nets whose file does not run as a whole, or whose parameters are reached in a roundabout way: the text read
is not there, a dictionary of any name or another object holds them, a pass must run first."""

import pytest

from support.recognising import row_and_check

NO_FILE = """
import numpy as np

class TextNet:
    def __init__(self, hidden_size=100, path="data/book.txt", std=0.01):
        with open(path) as file:
            text = file.read()
        self.chars = sorted(set(text))
        self.char_to_ix = {c: i for i, c in enumerate(self.chars)}
        self.vocab_size = len(self.chars)
        self.hidden_size = hidden_size
        self.Wxh = np.random.randn(hidden_size, self.vocab_size) * std
        self.Whh = np.random.randn(hidden_size, hidden_size) * std
        self.Why = np.random.randn(self.vocab_size, hidden_size) * std
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((self.vocab_size, 1))

    def forward(self, inputs, targets, ph):
        xs, hs, ps, L = {}, {-1: ph}, {}, 0.0
        for t in range(len(inputs)):
            xs[t] = np.zeros((self.vocab_size, 1))
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(self.Wxh @ xs[t] + self.Whh @ hs[t - 1] + self.bh)
            o = self.Why @ hs[t] + self.by
            ps[t] = np.exp(o) / np.sum(np.exp(o))
            L += float(-np.log(ps[t][targets[t]]))
        return L, xs, hs, ps

    def backward(self, inputs, targets, ph):
        L, xs, hs, ps = self.forward(inputs, targets, ph)
        dWxh, dWhh, dWhy = np.zeros_like(self.Wxh), np.zeros_like(self.Whh), np.zeros_like(self.Why)
        dbh, dby = np.zeros_like(self.bh), np.zeros_like(self.by)
        dnext = np.zeros_like(ph)
        for t in reversed(range(len(inputs))):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            dWhy += dy @ hs[t].T
            dby += dy
            dh = self.Why.T @ dy + dnext
            draw = (1 - hs[t] ** 2) * dh
            dbh += draw
            dWxh += draw @ xs[t].T
            dWhh += draw @ hs[t - 1].T
            dnext = self.Whh.T @ draw
        return dWxh, dWhh, dWhy, dbh, dby

net = TextNet()
"""
KEYS = """
import numpy as np

def step(x, h, store):
    h = np.tanh(x @ store["Wxh"] + h @ store["Whh"] + store["bh"])
    o = h @ store["Why"] + store["by"]
    e = np.exp(o - o.max())
    return h, e / e.sum()

def forward(sequence, h0, store):
    hs, ps = [h0], []
    for x in sequence:
        h, p = step(x, hs[-1], store)
        hs.append(h)
        ps.append(p)
    return np.array(hs), np.array(ps)

def cross_entropy(ps, targets):
    return -np.sum(targets * np.log(ps))

def backward(sequence, targets, hs, ps, store):
    grads = {k: np.zeros_like(v) for k, v in store.items()}
    dnext = np.zeros(hs.shape[1])
    for t in reversed(range(len(sequence))):
        do = ps[t] - targets[t]
        grads["Why"] += np.outer(hs[t + 1], do)
        grads["by"] += do
        da = (store["Why"] @ do + dnext) * (1 - hs[t + 1] ** 2)
        grads["Wxh"] += np.outer(sequence[t], da)
        grads["Whh"] += np.outer(hs[t], da)
        grads["bh"] += da
        dnext = store["Whh"] @ da
    return grads

def train(store, X, Y, h0):
    hs, ps = forward(X, h0, store)
    loss = cross_entropy(ps, Y)
    grads = backward(X, Y, hs, ps, store)
    for k in store:
        store[k] -= 0.1 * grads[k]
    return loss
"""
LEAVING = """
import numpy as np

class VanillaRNN:
    def __init__(self, n_in, n_state, n_out, init):
        self.n_in, self.state_dim, self.n_out = n_in, n_state, n_out
        self.W_xh = init.sample((n_in, n_state))
        self.W_hh = init.sample((n_state, n_state))
        self.W_hy = init.sample((n_state, n_out))
        self.b_h = init.sample((n_state,))
        self.b_y = init.sample((n_out,))

    def forward(self, text, init_state):
        assert text.shape[1] == self.n_in
        self.text = text
        self.hs = np.zeros((len(text) + 1, self.state_dim))
        self.probs = np.zeros((len(text), self.n_out))
        self.hs[0] = init_state
        for t, x in enumerate(text):
            self.hs[t + 1] = np.tanh(x @ self.W_xh + self.hs[t] @ self.W_hh + self.b_h)
            scores = self.hs[t + 1] @ self.W_hy + self.b_y
            self.probs[t] = np.exp(scores) / np.exp(scores).sum()
        return self.probs

    def loss(self, targets):
        return -np.sum(np.log(np.sum(self.probs * targets, axis=1)))

    def backward(self, targets):
        G = self.probs - targets
        self.dW_hy = self.hs[1:].T @ G
        self.db_y = G.sum(axis=0)
        self.dW_xh = np.zeros_like(self.W_xh)
        self.dW_hh = np.zeros_like(self.W_hh)
        self.db_h = np.zeros_like(self.b_h)
        back = np.zeros(self.state_dim)
        for t in range(len(G) - 1, -1, -1):
            da = (self.W_hy @ G[t] + back) * (1 - self.hs[t + 1] ** 2)
            self.dW_xh += np.outer(self.text[t], da)
            self.dW_hh += np.outer(self.hs[t], da)
            self.db_h += da
            back = self.W_hh @ da
"""
HELD = """
import numpy as np

class Reader:
    def __init__(self, path="input.txt"):
        self.text = open(path).read()
        self.chars = sorted(set(self.text))
        self.vocab_size = len(self.chars)
        self.char_to_ix = {c: i for i, c in enumerate(self.chars)}

class Network:
    def __init__(self, vocab_size, hidden_size=100):
        self.hidden_size = hidden_size
        self.Wxh = np.random.randn(hidden_size, vocab_size) * 0.1
        self.Whh = np.random.randn(hidden_size, hidden_size) * 0.1
        self.Why = np.random.randn(vocab_size, hidden_size) * 0.1
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((vocab_size, 1))
        self.dWxh = np.zeros_like(self.Wxh)
        self.dWhh = np.zeros_like(self.Whh)
        self.dWhy = np.zeros_like(self.Why)
        self.dbh = np.zeros_like(self.bh)
        self.dby = np.zeros_like(self.by)

class Trainer:
    def __init__(self, network, reader):
        self.network = network
        self.reader = reader

    def forward(self, inputs, targets, hprev):
        xs, hs, ps = {}, {-1: hprev}, {}
        loss = 0
        for t in range(len(inputs)):
            xs[t] = np.zeros((self.reader.vocab_size, 1))
            xs[t][inputs[t]] = 1
            hs[t] = np.tanh(self.network.Wxh @ xs[t] + self.network.Whh @ hs[t - 1] + self.network.bh)
            y = self.network.Why @ hs[t] + self.network.by
            ps[t] = np.exp(y) / np.sum(np.exp(y))
            loss += -np.log(ps[t][targets[t], 0])
        return loss, xs, hs, ps

    def backward(self, inputs, targets, hprev):
        loss, xs, hs, ps = self.forward(inputs, targets, hprev)
        for name in ("dWxh", "dWhh", "dWhy", "dbh", "dby"):
            setattr(self.network, name, np.zeros_like(getattr(self.network, name)))
        dnext = np.zeros((self.network.hidden_size, 1))
        for t in reversed(range(len(inputs))):
            dy = ps[t].copy()
            dy[targets[t]] -= 1
            self.network.dWhy += dy @ hs[t].T
            self.network.dby += dy
            draw = (self.network.Why.T @ dy + dnext) * (1 - hs[t] ** 2)
            self.network.dbh += draw
            self.network.dWxh += draw @ xs[t].T
            self.network.dWhh += draw @ hs[t - 1].T
            dnext = self.network.Whh.T @ draw

    def run(self, seq_length=25):
        h = np.zeros((self.network.hidden_size, 1))
        for i in range(0, len(self.reader.text) - seq_length - 1, seq_length):
            X = [self.reader.char_to_ix[c] for c in self.reader.text[i:i + seq_length]]
            Y = [self.reader.char_to_ix[c] for c in self.reader.text[i + 1:i + seq_length + 1]]
            loss, _, hs, _ = self.forward(X, Y, h)
            self.backward(X, Y, h)
            h = hs[len(X) - 1]

if __name__ == "__main__":
    network = Network(Reader().vocab_size)
    Trainer(network, Reader("x.txt")).run()
"""
CARRIED = """
import numpy as np

class Writer:
    h = None

    def __init__(self, K, m=100):
        self.weights = {"b": np.zeros((m, 1)), "c": np.zeros((K, 1))}
        self.weights["U"] = np.random.randn(m, K) * 0.01
        self.weights["W"] = np.random.randn(m, m) * 0.01
        self.weights["V"] = np.random.randn(K, m) * 0.01
        self.gradients = {k: np.zeros_like(v) for k, v in self.weights.items()}
        self.begin()

    def begin(self):
        self.h = np.zeros((self.weights["W"].shape[0], 1))

    def forward_pass(self, X):
        P, H = [], [self.h]
        for t in range(X.shape[1]):
            self.h = np.tanh(self.weights["W"] @ self.h + self.weights["U"] @ X[:, [t]] + self.weights["b"])
            H.append(self.h)
            s = np.exp(self.weights["V"] @ self.h + self.weights["c"])
            P.append(s / s.sum())
        return np.hstack(P), np.hstack(H)

    def loss(self, Y, P):
        return -np.sum(np.log(np.sum(Y * P, axis=0)))

    def update_gradients(self, X, Y):
        P, H = self.forward_pass(X)
        self.last_loss = self.loss(Y, P)
        G, A = P - Y, np.zeros((len(self.h), X.shape[1]))
        back = np.zeros_like(self.h)
        for t in reversed(range(X.shape[1])):
            A[:, [t]] = (self.weights["V"].T @ G[:, [t]] + back) * (1 - H[:, [t + 1]] ** 2)
            back = self.weights["W"].T @ A[:, [t]]
        self.gradients["V"] = G @ H[:, 1:].T
        self.gradients["c"] = G.sum(axis=1, keepdims=True)
        self.gradients["W"] = A @ H[:, :-1].T
        self.gradients["U"] = A @ X.T
        self.gradients["b"] = A.sum(axis=1, keepdims=True)

    def update_weights(self, eta):
        for k in self.weights:
            self.weights[k] -= eta * np.clip(self.gradients[k], -5, 5)
"""
CALLED_SO = {
    NO_FILE: "cost net.forward(inputs, targets, ph); gradient net.backward(inputs, targets, ph)",
    KEYS: "cost cross_entropy(forward(sequence, hs, store)[1], targets)",
    LEAVING: "cost net.loss(targets); gradient (net.backward(targets), dict(W_xh=net.dW_xh,",
    HELD: "cost net.forward(inputs, targets, hprev)[0]; gradient net.backward(inputs, targets, hprev)",
    CARRIED: "cost net.loss(Y, net.forward_pass(X)[0]); gradient (net.update_gradients(X, Y), net.gradients)[1]",
}
WRONG = [
    (NO_FILE, "dnext = self.Whh.T", "dnext = self.Whh"),
    (NO_FILE, "dbh += draw", "dbh = draw"),
    (KEYS, 'dnext = store["Whh"]', 'dnext = store["Whh"].T'),
    (KEYS, "np.outer(hs[t], da)", "np.outer(hs[t + 1], da)"),
    (LEAVING, "back = self.W_hh", "back = self.W_hh.T"),
    (LEAVING, "self.db_h += da", "self.db_h = da"),
    (HELD, "dnext = self.network.Whh.T", "dnext = self.network.Whh"),
    (HELD, "self.network.dbh += draw", "self.network.dbh = draw"),
    (CARRIED, '["W"].T @ A', '["W"] @ A'),
    (CARRIED, "A @ H[:, :-1].T", "A @ H[:, 1:].T"),
]


@pytest.mark.parametrize(("text", "called"), CALLED_SO.items(), ids=range(len(CALLED_SO)))
def test_a_right_one_is_right(text, called):
    row, outcome = row_and_check(text)
    assert any(called in note for note in row.notes)
    assert outcome.right


@pytest.mark.parametrize(("text", "right", "wrong"), WRONG)
def test_a_mistake_is_wrong(text, right, wrong):
    assert text.count(right) == 1
    _, outcome = row_and_check(text.replace(right, wrong))
    assert outcome.verdict == "wrong"
