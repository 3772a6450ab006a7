"""Nets whose own sizes take too long are looked at with small ones."""

from chainrule.gradcheck.recognition.witnessed import rows
from chainrule.gradcheck.recognition.witnessed.small_sizes import small_sizes
from support.witnessing import found, verdict_of

WIDE = """
import numpy as np

class Wide:
    def __init__(self, inputs, answers, widths=(60, 50), step=0.1):
        sizes = [inputs, *widths, answers]
        self.step = step
        self.weights = [np.random.randn(b, a) / a for a, b in zip(sizes, sizes[1:])]

    def forward(self, X):
        self.held = [X]
        for W in self.weights[:-1]:
            self.held.append(np.tanh(W @ self.held[-1]))
        e = np.exp(self.weights[-1] @ self.held[-1])
        return e / e.sum(0)

    def compute_cost(self, X, Y):
        return -np.log((Y * self.forward(X)).sum(0)).mean()

    def compute_gradients(self, X, Y):
        G = (self.forward(X) - Y) / X.shape[1]
        grads = []
        for W, A in zip(self.weights[::-1], self.held[::-1]):
            grads.insert(0, G @ A.T)
            G = (W.T @ G) * (1 - A ** 2)
        return grads

    def train(self, X, Y):
        for _ in range(3):
            for W, grad in zip(self.weights, self.compute_gradients(X, Y)):
                W -= self.step * grad
            print(self.compute_cost(X, Y))

X, Y = np.random.randn(7, 11), np.eye(3)[np.arange(11) % 3].T
Wide(7, 3).train(X, Y)
"""


def _first(text, monkeypatch):
    monkeypatch.setattr(rows, "_SLOW", 0.0)
    (row,), namespace = found(text)
    return row, verdict_of(row, namespace)


def test_what_takes_long_is_checked_with_small_sizes(monkeypatch):
    row, verdict = _first(WIDE, monkeypatch)
    assert "with_small_sizes(run_rest)" in row.text
    assert verdict == "right"
    assert _first(WIDE.replace("(1 - A ** 2)", "(1 - A)"), monkeypatch)[1] == "wrong"


def test_what_takes_little_keeps_its_own():
    (row,), _ = found(WIDE)
    assert "with_small_sizes" not in row.text


def test_small_sizes_are_no_others_and_are_gone_afterwards():
    class Net:
        def __init__(self, widths=(50, 5, 50, 4), rate=0.1, *, batch=100): ...

    with small_sizes({"Net": Net}) as are_others:
        assert are_others
        assert Net.__init__.__defaults__ == ((6, 5, 6, 4), 0.1)
        assert Net.__init__.__kwdefaults__ == {"batch": 7}
    assert Net.__init__.__defaults__ == ((50, 5, 50, 4), 0.1)

    class Small:
        def __init__(self, width=5): ...

    with small_sizes({"Small": Small}) as are_others:
        assert not are_others
