"""The fixture that pytest gives to every test."""

import subprocess
import sys

import pytest

from chainrule.gradcheck import assert_gradient as the_assertion
from support.plain_nets import SMALL, squares, twice


def test_the_fixture_is_the_assertion(assert_gradient):
    assert assert_gradient is the_assertion
    assert_gradient(squares, twice, SMALL)


def test_it_fails_with_the_diagnosis(assert_gradient):
    with pytest.raises(AssertionError, match="the gradient is wrong: wrong-sign"):
        assert_gradient(squares, lambda p: {name: -2 * a for name, a in p.items()}, SMALL)


TESTS = """
import numpy as np


def cost(w, x):
    return (x @ w) ** 2 / 2


def test_right(assert_gradient):
    assert_gradient(cost, lambda w, x: (x @ w) * x, np.ones(2), np.array([1.0, 2.0]))


def test_wrong(assert_gradient):
    assert_gradient(cost, lambda w, x: -(x @ w) * x, np.ones(2), np.array([1.0, 2.0]))
"""


def test_tests_elsewhere_ask_for_it_by_name_alone(tmp_path):
    (tmp_path / "test_net.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        ".",
        "test_net.py",
    ]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in run.stdout, run.stdout + run.stderr
    assert "the gradient is wrong: wrong-sign" in run.stdout


def test_a_run_of_pytest_that_asks_for_nothing_waits_for_nothing():
    loaded = "import sys, chainrule.pytest_plugin; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
