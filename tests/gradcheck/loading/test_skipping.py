"""Statements that fail are left out, and what sees to its own failures is not touched."""

import ast
import textwrap

import pytest

from chainrule.gradcheck.loading.skipping import SlowNumeric, skipping, slow_numeric, without

TEXT = textwrap.dedent("""
    def trains(seen):
        seen.append("begun")
        missing()
        for i in range(2):
            seen.append(i)
            1 / 0
            seen.append("gone on")
        try:
            missing()
        except NameError:
            seen.append("its own")
        return seen

    class Net:
        def fit(self):
            missing()
            self.done = True

        @staticmethod
        def stops():
            missing()
""")


@pytest.fixture
def names():
    defined = {}
    exec(compile(TEXT, "net.py", "exec"), defined)
    return defined


def test_what_fails_is_left_out(names):
    with skipping({"trains", "Net.fit"}, ast.parse(TEXT).body, names):
        assert names["trains"]([]) == ["begun", 0, "gone on", 1, "gone on", "its own"]
        net = names["Net"]()
        net.fit()
        assert net.done
        with pytest.raises(NameError):
            net.stops()


def test_afterwards_everything_fails_as_before(names):
    with skipping({"trains", "Net.stops"}, ast.parse(TEXT).body, names):
        names["Net"].stops()
    with pytest.raises(NameError):
        names["trains"]([])
    with pytest.raises(NameError):
        names["Net"].stops()


SLOW = textwrap.dedent("""
    def compute_grads_num(seen):
        '''Forward differences.'''
        while True:
            seen.append("slow")
            if len(seen) > 5:
                raise TimeoutError

    def checks(seen):
        num = compute_grads_num(seen)
        seen.append("checked")
        missing()
""")


def test_a_numeric_gradient_in_which_time_ran_out_is_left_out_and_nothing_else():
    names, seen = {}, []
    exec(compile(SLOW, "net.py", "exec"), names)
    with pytest.raises(TimeoutError) as caught:
        names["checks"](seen)
    slow = slow_numeric("net.py", caught.value)
    assert slow == SlowNumeric("compute_grads_num", frozenset({"checks"}))
    assert slow_numeric("other.py", caught.value) is None
    seen.clear()
    with without(slow, ast.parse(SLOW).body, names), pytest.raises(NameError, match="missing"):
        names["checks"](seen)
    assert seen == ["checked"]
    with pytest.raises(TimeoutError):
        names["checks"](seen)
