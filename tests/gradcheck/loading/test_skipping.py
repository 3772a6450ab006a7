"""Statements that fail are left out, and what sees to its own failures is not touched."""

import ast
import textwrap

import pytest

from chainrule.gradcheck.loading.skipping import skipping

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
