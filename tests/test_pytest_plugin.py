"""The fixture that pytest gives to every test."""

import re
import subprocess
import sys

import pytest

from chainrule.gradcheck import assert_gradient as the_assertion
from support.plain_nets import SMALL, squares, twice

pytest_plugins = ["pytester"]


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


def broken(w, x):
    return x / (1 // 0)


def test_broken(assert_gradient):
    assert_gradient(cost, broken, np.ones(2), np.array([1.0, 2.0]))
"""


@pytest.fixture
def run(pytester):
    """The lines that pytest prints of tests elsewhere."""
    pytester.makepyfile(test_net=TESTS)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist")


def test_tests_elsewhere_ask_for_it_by_name_alone(run):
    run.assert_outcomes(passed=1, failed=2)


def test_what_a_failed_test_shows_is_the_diagnosis_and_the_test_alone(run):
    said = [line.removeprefix("E").strip() for line in run.outlines if line.startswith("E")]
    assert said[:2] == ["AssertionError: the gradient is wrong: wrong-sign", ""]
    assert "against complex step; cost 4.5" in said
    places = [line.partition(":")[0] for line in run.outlines if re.match(r"[\w./]+\.py:\d+: ", line)]
    assert places == ["test_net.py"] * 3


def test_an_error_of_the_users_code_is_shown_where_it_is(run):
    assert any(re.fullmatch(r"test_net.py:\d+: ZeroDivisionError", line) for line in run.outlines)
    assert not any("chainrule/gradcheck" in line for line in run.outlines)


def test_a_run_of_pytest_that_asks_for_nothing_waits_for_nothing():
    loaded = "import sys, chainrule.pytest_plugin; print('numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
