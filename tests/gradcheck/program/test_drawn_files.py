"""A text that is not there is drawn; nothing else is made up."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.drawn_data import LETTERS
from chainrule.gradcheck.program.drawn_files import FileOpener, made, told
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


def read(opener, path, mode="r", **options):
    def content():
        with opener(path, mode, **options) as file:
            return file.read()

    return made(content, {"open": opener})


def test_a_text_that_is_not_there_is_drawn_and_told(tmp_path):
    opener = FileOpener()
    text = read(opener, tmp_path / "book.txt", encoding="utf-8")
    assert sorted({*text}) == [*LETTERS]
    assert read(opener, "C:\\books\\book.txt") == text
    assert read(opener, str(tmp_path / "other.TXT"), "rb").decode() == text
    assert told({"open": opener}) == [
        "book.txt is not there: in its place a text of 4 characters",
        "other.TXT is not there: in its place a text of 4 characters",
    ]


def test_one_that_is_there_is_read(tmp_path):
    (tmp_path / "book.txt").write_text("its own")
    opener = FileOpener()
    assert read(opener, tmp_path / "book.txt") == "its own"
    assert opener.told() == []


@pytest.mark.parametrize(
    ("name", "mode"), [("batch.npy", "rb"), ("data", "r"), ("no/book.txt", "w"), (1000, "r")]
)
def test_nothing_else_is_made_up(tmp_path, name, mode):
    opener = FileOpener()
    with pytest.raises(OSError, match=r"Errno"):
        read(opener, name if isinstance(name, int) else tmp_path / name, mode)
    assert opener.told() == []


def test_what_a_file_does_without_a_text_comes_first(tmp_path):
    opener = FileOpener()

    def rate():
        try:
            return float(opener(tmp_path / "settings.txt").read())
        except FileNotFoundError:
            return 0.1

    given = made(lambda: (rate(), opener(tmp_path / "book.txt").read()), {"open": opener})
    assert (given[0], len(given[1])) == (0.1, 400)
    assert opener.told() == ["book.txt is not there: in its place a text of 4 characters"]


def test_the_top_level_of_a_module_gets_none():
    text = 'try:\n    RATE = float(open("settings.txt").read())\nexcept OSError:\n    RATE = 0.1\n'
    namespace = UserModule("net").load(Source((Part("net.py", text),)))
    assert (namespace["RATE"], told(namespace)) == (0.1, [])


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


def test_what_numpy_reads_itself_is_drawn_too():
    opener = FileOpener()
    read = np.loadtxt
    with opener.drawing(len(LETTERS)):
        assert np.loadtxt("Data/Validation_Inds.txt", dtype=int).shape == (36,)
        with pytest.raises(FileNotFoundError):
            np.loadtxt("weights.csv")
    assert np.loadtxt is read
    assert opener.told() == ["Validation_Inds.txt is not there: in its place the numbers of some names"]
