"""A text that is not there is drawn; nothing else is made up."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.loading import drawn_files
from chainrule.gradcheck.loading.drawn_files import LETTERS, opened, told
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise

CHARACTERS = """
import numpy as np

class Book:
    def __init__(self, book_fname):
        self.text = open(book_fname, encoding="utf-8").read()
        self.letters = sorted(set(self.text))

    def column(self, place):
        return np.eye(len(self.letters))[place]

class RNN:
    def __init__(self, book_fname, hidden_size=100, sig=0.01):
        self.book = Book(book_fname)
        self.K = len(self.book.letters)
        self.U = np.random.randn(hidden_size, self.K) * sig
        self.W = np.random.randn(hidden_size, hidden_size) * sig
        self.V = np.random.randn(self.K, hidden_size) * sig
        self.b, self.c = np.zeros(hidden_size), np.zeros(self.K)

    def forward(self, inputs, hprev):
        xs, hs, ps = {}, {-1: np.copy(hprev)}, {}
        for t, place in enumerate(inputs):
            xs[t] = self.book.column(place)
            hs[t] = np.tanh(self.U @ xs[t] + self.W @ hs[t - 1] + self.b)
            s = np.exp(self.V @ hs[t] + self.c)
            ps[t] = s / s.sum()
        return xs, hs, ps

    def loss(self, ps, targets):
        return sum(-np.log(ps[t][target]) for t, target in enumerate(targets))

    def backward(self, xs, hs, ps, targets):
        dU, dW, dV = np.zeros_like(self.U), np.zeros_like(self.W), np.zeros_like(self.V)
        db, dc, dh = np.zeros_like(self.b), np.zeros_like(self.c), np.zeros_like(hs[0])
        for t in reversed(range(len(targets))):
            dy = np.copy(ps[t])
            dy[targets[t]] -= 1
            dV += np.outer(dy, hs[t])
            dc += dy
            da = (1 - hs[t] ** 2) * (self.V.T @ dy + dh)
            db += da
            dU += np.outer(da, xs[t])
            dW += np.outer(da, hs[t - 1])
            dh = self.W.T @ da
        return dU, dW, dV, db, dc

    def train(self, inputs, targets, hprev):
        xs, hs, ps = self.forward(inputs, hprev)
        return self.loss(ps, targets), self.backward(xs, hs, ps, targets)
"""


@pytest.fixture(autouse=True)
def nothing_drawn(monkeypatch):
    monkeypatch.setattr(drawn_files, "_drawn", {})


def test_a_text_that_is_not_there_is_drawn_and_told(tmp_path):
    text = opened(tmp_path / "book.txt", "r", encoding="utf-8").read()
    assert sorted({*text}) == [*LETTERS]
    assert opened("C:\\books\\book.txt").read() == text
    with opened(tmp_path / "other.TXT", "rb") as file:
        assert file.read().decode() == text
    assert told() == [
        "book.txt is not there: a text of 4 letters stands in",
        "other.TXT is not there: a text of 4 letters stands in",
    ]


def test_one_that_is_there_is_read(tmp_path):
    (tmp_path / "book.txt").write_text("its own")
    with opened(tmp_path / "book.txt") as file:
        assert file.read() == "its own"
    assert told() == []


@pytest.mark.parametrize(
    ("name", "mode"), [("batch.npy", "rb"), ("data", "r"), ("no/book.txt", "w"), (1000, "r")]
)
def test_nothing_else_is_made_up(tmp_path, name, mode):
    with pytest.raises(OSError, match=r"Errno"):
        opened(name if isinstance(name, int) else tmp_path / name, mode)
    assert told() == []


@pytest.mark.parametrize(
    ("line", "other", "right"), [("", "", True), ("dh = self.W.T @ da", "dh = self.W @ da", False)]
)
def test_a_net_is_made_whose_constructor_reads_a_book_that_is_not_there(line, other, right):
    content = Source((Part("net.py", CHARACTERS.replace(line, other)),))
    namespace = UserModule("net").load(content)
    (row,) = recognise(definitions(content), namespace, seed=0)
    program = declared(row.text, namespace, np.random.default_rng(0))
    given = program.describe()
    taken = program.gradient(given.arrays, given.data).arrays
    step = [np.random.default_rng(1).normal(size=a.shape) for a in given.arrays]
    ahead, behind = program.along(given.arrays, given.data, step, np.array([1e-6, -1e-6]))
    slope = sum(float((v * g).sum()) for v, g in zip(step, taken, strict=True))
    assert (abs(slope - float(np.real(ahead - behind)) / 2e-6) < 1e-5) is right
