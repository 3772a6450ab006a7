"""What a file calls its functions with is seen once, before anything is changed, and whatever the file does then."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.witnessed import recording
from chainrule.gradcheck.recognition.witnessed.copying import copies
from chainrule.gradcheck.recognition.witnessed.own_calls import OwnCalls
from support.witnessing import found, verdict_of

HEAD = "import numpy as np\nW = np.ones((2, 3))\nx = np.arange(2.0)\n"
DEFINED = """
def made(a): return a @ W, [a]
def used(out, kept, rate): out += rate
def trained(data):
    while True:
        out, kept = made(data)
        used(out, kept, 0.5)
        W[:] = 7
"""


def own_calls(rest):
    names = UserModule("net").load(Source((Part("net.py", f"{HEAD}{DEFINED}{rest}"),)))
    return OwnCalls(names, names.run_rest)


def test_values_are_those_before_the_call():
    seen, _, _ = own_calls("trained(x)\n")("used")
    assert np.array_equal(seen.out, [1.0, 1.0, 1.0])
    assert np.array_equal(seen.W, np.ones((2, 3)))
    assert np.array_equal(seen.data, [0.0, 1.0])


def test_what_trains_for_ever_is_stopped_and_what_comes_from_earlier_calls_is_known(monkeypatch):
    monkeypatch.setattr(recording, "_QUIET_SECONDS", 0.05)
    call = own_calls("trained(x)\n").every()["used"]
    assert call.place == "line 10"
    assert [earlier.function for earlier in call.earlier] == ["made"]
    assert {name: source.given for name, source in call.sources.items()} == {
        "out": "out0[0]",
        "kept": "out0[1]",
        "rate": "",
    }
    assert np.array_equal(call.later["out"], [7.0, 7.0, 7.0])


SPREAD = """
class Pair:
    def __init__(self): self.F, self.G = np.ones((2, 3)), np.ones((3, 2))
    def banded(self, F): return F @ F.T
    def of_one(self, x): return x
    def compute_gradients(self, A, B): return A, B
    def train(self):
        A = self.banded(self.F)
        B = self.banded(self.G)
        every = [self.of_one(x) for _ in range(40)]
        self.compute_gradients(A, B)
"""


def test_what_the_same_function_gives_at_several_places_is_known_behind_a_loop_over_all_samples():
    call = own_calls(f"{SPREAD}Pair().train()\n").every()["Pair.compute_gradients"]
    assert [call.sources[name].given for name in "AB"] == ["out0", "out1"]
    first, second = (call.earlier[place].sources["F"] for place in (0, 1))
    assert (first.given, second.name) == ("own.self.F", "F")


def test_a_gradient_that_calls_others_for_long_is_awaited_twice(monkeypatch):
    monkeypatch.setattr(recording, "_QUIET_SECONDS", 0.0)
    defined = (
        "def step(x): return x\ndef compute_gradients(x):\n    for _ in range(300): step(x)\n    return x\n"
    )
    call = own_calls(f"{defined}for n in range(3): compute_gradients(x + n)\n").every()["compute_gradients"]
    assert np.array_equal(call.later["x"], [1.0, 2.0])


def test_a_failing_statement_ends_nothing_but_itself():
    seen, _, _ = own_calls("data = open('nowhere').read()\nmade(x)\n")("made")
    assert np.array_equal(seen.a, [0.0, 1.0])


def test_what_is_not_called_is_said():
    with pytest.raises(CheckError, match=r"own_call\('used'\): the file does not call it"):
        own_calls("made(x)\n")("used")


def test_parameters_are_put_wherever_they_are_referred_to():
    seen, drawn, holding = own_calls("both = [W, (W, x)]\nmade(x)\n")("made")
    parameters = drawn(np.random.default_rng(0), {"W": seen.W})
    own = holding(parameters, a=np.zeros(2))
    assert np.array_equal(own.both[0], parameters["W"])
    assert own.both[1][0] is own.both[0]
    assert not own.a.any()
    assert np.array_equal(seen.both[0], np.ones((2, 3)))


def test_what_holds_something_that_cannot_be_copied_leaves_no_part_of_itself():
    array = np.ones(2)
    held = {"layer": {"W": array, "log": (n for n in ())}}
    kept = copies({"first": held, "second": [held["layer"]], "third": array})
    assert kept.keys() == {"third"}


def test_what_is_computed_of_each_sample_in_front_of_a_training_is_waited_for(monkeypatch):
    monkeypatch.setattr(recording, "_QUIET_SECONDS", 0.0)
    rest = "def of_one(a): return a\ndef compute_gradients(a): return a\n"
    rest += "for _ in range(120):\n    of_one(x)\ncompute_gradients(x)\n"
    assert "compute_gradients" in own_calls(rest).every()


SLICED = """
import numpy as np

class Net:
    def __init__(self):
        self.W = np.random.randn(4, 3)
    def forward(self, x):
        self.x = x.reshape(len(x), -1)
        return self.x @ self.W
    def loss(self, scores, y):
        self.d = scores - y
        return 0.5 * np.sum(self.d ** 2)
    def backward(self):
        self.dW = self.x.T @ self.d
    def step(self, lr):
        self.W -= lr * self.dW
    def fit(self, X, y, n=3):
        for i in range(0, len(X), n):
            scores = self.forward(X[i:i + n])
            print(self.loss(scores, y[i:i + n]))
            self.backward()
            self.step(0.1)

Net().fit(np.random.randn(6, 2, 2), np.random.randn(6, 3))
"""


def test_what_is_handed_without_a_name_is_known_as_a_batch():
    ((row, *_), namespace) = found(SLICED)
    assert row.gradient == "Net.backward"
    assert "own.y_batch" in row.text
    assert verdict_of(row, namespace) == "right"
    ((row, *_), namespace) = found(SLICED.replace("self.x.T @ self.d", "2 * self.x.T @ self.d"))
    assert verdict_of(row, namespace) == "wrong"
