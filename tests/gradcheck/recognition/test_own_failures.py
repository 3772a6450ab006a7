"""A failure of the checker, in whichever search, costs the row that it concerns; the rest of the file is checked."""

from pathlib import Path

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.files import file_check
from chainrule.gradcheck.files.conditions import Conditions
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch
from chainrule.gradcheck.recognition.layers import initial, operation_trials, reading
from chainrule.gradcheck.recognition.layers.search import LayerSearch
from chainrule.gradcheck.recognition.made_sizes import size_of
from chainrule.gradcheck.recognition.own_failures import failed_on, up_to_failure
from chainrule.gradcheck.recognition.recognised import Recognised
from chainrule.gradcheck.recognition.witnessed import begun_trainings, telling
from chainrule.gradcheck.recognition.witnessed import rows as witnessed_rows
from chainrule.gradcheck.recognition.witnessed.recording import CallRecorder
from chainrule.gradcheck.sandbox import child
from chainrule.gradcheck.sandbox.process import Limits
from support.engines import TENSORS
from support.layer_programs import AFFINE, RELU
from support.layers import read
from support.recognising import rows

PAIRS = """
import numpy as np

def compute_cost(X, Y, W):
    return np.sum((W @ X - Y) ** 2)

def compute_gradients(X, Y, W):
    return 2 * (W @ X - Y) @ X.T

def compute_cost_fourth(X, Y, W):
    return np.sum((W @ X - Y) ** 4)

def compute_gradients_fourth(X, Y, W):
    return 4 * (W @ X - Y) ** 3 @ X.T
"""
CALLED = """
import numpy as np

def gap(slope, x, y):
    return ((slope * x - y) ** 2).sum()

def tilt(slope, x, y):
    return 2 * ((slope * x - y) * x).sum(0)

def bumps(height, z):
    return np.sin(height * z).sum()

def steepness(height, z):
    return (np.cos(height * z) * z).sum(0)

if __name__ == "__main__":
    slope, height = np.ones(3), np.ones(4)
    x, y, z = np.random.randn(6, 3), np.random.randn(6, 3), np.random.randn(6, 4)
    for _ in range(3):
        gap(slope, x, y)
        slope = slope - 0.1 * tilt(slope, x, y)
        bumps(height, z)
        height = height - 0.1 * steepness(height, z)
"""
FAILED = "the checker failed on it: KeyError: 'W1'"


def failing_for(is_meant, search):
    """A search that fails as ours might, where it is for what is meant."""

    def searched(*arguments, **options):
        if is_meant(*arguments, **options):
            raise KeyError("W1")
        return search(*arguments, **options)

    return searched


def told(found):
    """By its name, why each row is not checked; empty where it is."""
    return {row.gradient: row.doubt.partition(";")[0] for row in found}


def witnessed(text):
    content = Source((Part("net.py", text),))
    np.random.seed(0)  # noqa: NPY002
    names = UserModule("net").load(content)
    return witnessed_rows.witnessed(definitions(content), names, 0, [], 8.0)


def test_a_refusal_speaks_for_itself_and_what_was_found_before_stays():
    assert failed_on(CheckError("no loss")) == "no loss"
    assert [*up_to_failure((1 // (2 - i) for i in range(9)), len)][:2] == [0, 1]


def test_a_net(monkeypatch):
    is_fourth = lambda self, every, *seconds: every[0].shown.endswith("fourth")  # noqa: E731
    monkeypatch.setattr(AdapterSearch, "best", failing_for(is_fourth, AdapterSearch.best))
    as_layer = {"compute_gradients": "", "compute_cost_fourth / compute_gradients_fourth": ""}
    assert told(rows(PAIRS)) == as_layer
    is_any = lambda self, seconds: True  # noqa: E731
    monkeypatch.setattr(LayerSearch, "best", failing_for(is_any, LayerSearch.best))
    assert told(rows(PAIRS)) == {"compute_gradients": "", "compute_gradients_fourth": FAILED}


def test_a_layer(monkeypatch):
    is_relu = lambda self, seconds: "relu" in self.layer.label  # noqa: E731
    monkeypatch.setattr(LayerSearch, "best", failing_for(is_relu, LayerSearch.best))
    readings, _ = read(AFFINE + RELU)
    why = {r.label.partition(" ")[0]: r.why.partition(";")[0] for r in readings}
    assert why == {"affine_forward": "", "relu": FAILED}


def test_what_makes_parameters(monkeypatch):
    monkeypatch.setattr(initial, "likeliest_arguments", failing_for(lambda *_: True, None))
    text = "def init_params(n):\n    return {'W': np.ones((n, n))}\n"
    readings, _ = read(text + AFFINE)
    assert [reading.why for reading in readings] == [""]


def test_an_operation_of_an_engine(monkeypatch):
    trials = operation_trials._Trials
    is_relu = lambda self, operation: operation.function.name == "relu"  # noqa: E731
    monkeypatch.setattr(trials, "_checked", failing_for(is_relu, trials._checked))
    readings, _ = read(TENSORS)
    assert [r.label for r in readings if r.why] == ["Tensor.relu / Tensor.backward"]
    assert [r.why.partition(";")[0] for r in readings if r.why] == [FAILED]


def test_an_engine(monkeypatch):
    monkeypatch.setattr(reading, "engines", failing_for(lambda *_: True, None))
    readings, _ = read(AFFINE)
    assert [r.why.partition(";")[0] for r in readings] == [FAILED, ""]


def test_a_run_that_is_watched(monkeypatch):
    is_tilt = lambda self, call: call.function == "tilt"  # noqa: E731
    monkeypatch.setattr(CallRecorder, "_see", failing_for(is_tilt, CallRecorder._see))
    assert told(witnessed(CALLED)) == {"steepness": ""}


def test_a_pair_that_is_called(monkeypatch):
    is_tilt = lambda gradient, *_: gradient.name == "tilt"  # noqa: E731
    monkeypatch.setattr(witnessed_rows, "pairs_of", failing_for(is_tilt, witnessed_rows.pairs_of))
    assert told(witnessed(CALLED)) == {"steepness": ""}


def test_what_is_told_of_a_pair_that_is_called(monkeypatch):
    is_tilt = lambda fit, *_: fit.pair.gradient.name == "tilt"  # noqa: E731
    monkeypatch.setattr(telling, "_row", failing_for(is_tilt, telling._row))
    assert told(witnessed(CALLED)) == {"tilt": FAILED, "steepness": ""}


def test_all_calls_of_the_file(monkeypatch):
    monkeypatch.setattr(witnessed_rows, "own_calls", failing_for(lambda *_: True, None))
    content = Source((Part("net.py", CALLED),))
    names = UserModule("net").load(content)
    known = Recognised("g", "c", "an adapter", "", [], [], "", [])
    found = witnessed_rows.with_witnessed([known], definitions(content), names, 0, 0.0)
    assert told(found) == {"g": "", "what the file calls itself": FAILED}


def test_a_way_to_begin_a_training(monkeypatch):
    text = """
import numpy as np

class Line:
    def __init__(self, n_inputs, n_outputs):
        self.W = np.random.randn(n_inputs, n_outputs)

    def train_step(self, x, y, lr):
        off = x @ self.W - y
        loss = (off ** 2).sum()
        self.W -= lr * 2 * x.T @ off
        return loss

def train(net, x, y):
    return net.train_step(x, y, 0.1)
"""
    is_train = lambda function, *_: function.shown == "train"  # noqa: E731
    monkeypatch.setattr(begun_trainings, "_makers", failing_for(is_train, begun_trainings._makers))
    assert told(witnessed(text)) == {"Line.train_step": ""}


class SourceOf:
    path, caller = Path("net.py"), None

    def __init__(self, gradients):
        self.gradients = gradients

    def choose(self, number, variant=None):
        """Any will do."""

    def take_turn(self, part):
        """As long as it likes."""


def test_the_reading_of_a_file():
    with pytest.raises(CheckError, match=r"^the checker failed on it: KeyError: 'no size'; .*say how they"):
        child._recognised(lambda: size_of("no size"), UserModule("net").load(Source(())), 0)


@pytest.mark.parametrize("is_explained", [False, True])
def test_the_check_of_a_gradient(monkeypatch, is_explained):
    asked = []

    def check(program, *, explained, **terms):
        asked.append(explained)
        if explained or (len(asked) == 1 and not is_explained):
            raise KeyError("W1")
        return Check("wrong", "gradient", ())

    monkeypatch.setattr(file_check, "check", check)
    source = SourceOf([Recognised(name, "c", "an adapter", "", [], [], "", []) for name in "gh"])
    conditions = Conditions(Limits(seconds=120), untrusted=False, explained=is_explained)
    first, second = file_check.rows_of_all(source, None, conditions).rows
    if is_explained:
        assert first.verdict == second.verdict == "wrong"
        assert "its causes were not looked for: " + FAILED in first.check.notes[-1]
    else:
        assert first.reason.startswith(f"net.py: {FAILED}")
        assert second.verdict == "wrong"
