"""What a file defines to be run and does not run."""

import numpy as np
import pytest

from chainrule.gradcheck.check import check
from chainrule.gradcheck.loading.importer import UserModule
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.witnessed.own_runs import own_runs
from chainrule.gradcheck.recognition.witnessed.rows import witnessed
from support.adapters import defined

NET = """
import numpy as np
class Net:
    def __init__(self, quirk): self.W = np.random.randn(3, quirk[0])
    def fit(self, X, Y): return compute_gradients(X, Y, self)
def compute_cost(X, Y, own): return np.sum((own.W @ X - Y) ** 2)
def compute_gradients(X, Y, own): return 2 * (own.W @ X - Y) @ X.T
"""
ASKS_FOR_NOTHING = """
def run_net(size=(6, 4), rate=0.1):
    net = Net(size)
    X, Y = np.random.randn(6, 4), np.random.randn(3, 4)
    compute_cost(X, Y, net)
    return net.fit(X, Y)
"""
TESTS = """
import unittest
class Tests(unittest.TestCase):
    def test_gradient(self):
        net = Net((6, 4))
        X, Y = np.random.randn(6, 4), np.random.randn(3, 4)
        self.assertTrue(compute_cost(X, Y, net) > 0)
        self.assertTrue(net.fit(X, Y) is None)
"""


@pytest.mark.parametrize(
    ("text", "run", "found"),
    [
        (NET + ASKS_FOR_NOTHING, [], ["run_net()"]),
        (NET + ASKS_FOR_NOTHING, ["run_net"], []),
        (NET + ASKS_FOR_NOTHING.replace("net.fit(X, Y)", "net"), [], []),
        (NET + ASKS_FOR_NOTHING.replace("=0.1", ""), [], []),
        (NET, [], []),
    ],
)
def test_functions_that_ask_for_nothing_and_come_to_a_gradient(text, run, found):
    assert own_runs(defined(text), run) == found


def test_tests_are_run_as_such():
    (text,) = own_runs(defined(NET + TESTS), [])
    assert "loadTestsFromTestCase(Tests)" in text


def witnessed_in(text):
    content = Source((Part("net.py", text),))
    namespace = UserModule("net").load(content)
    return witnessed(definitions(content), namespace, 0, [], 8.0), namespace


@pytest.mark.parametrize(("text", "begun"), [(ASKS_FOR_NOTHING, "run_net()"), (TESTS, "(Tests)")])
def test_a_gradient_is_checked_as_such_a_run_calls_it(text, begun):
    (row,), namespace = witnessed_in(NET + text)
    assert begun in row.text
    assert check(declared(row.text, namespace, np.random.default_rng(0)), explained=False).right
    assert witnessed_in(NET.replace("@ X.T", "@ X.T / 2") + text)[0] == []
