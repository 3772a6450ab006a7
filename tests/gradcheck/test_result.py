"""What a check found, as plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.result import Line, Tensor, worst
from support.outcomes import LINE

VERDICTS = ("right", "suspect", "wrong")


def test_a_line_in_a_notebook_names_its_cell():
    assert str(Line("net.ipynb", 2, "x", cell=3)) == "net.ipynb, cell 3, line 2"
    assert str(LINE) == "net.py, line 14"
    assert str(Line("", 4, "x")) == "line 4"


@given(st.lists(st.sampled_from(VERDICTS), min_size=1))
def test_the_worst_verdict_is_that_of_the_whole(verdicts):
    tensors = [Tensor("W", (), verdict, 0.0, 0.0) for verdict in verdicts]
    assert worst(iter(tensors)) == VERDICTS[max(map(VERDICTS.index, verdicts))]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("/home/ann/net.py", Line("net.py", 3, "x")),
        ("net.py", Line("net.py", 3, "x")),
        ("/home/ann/net.ipynb, cell 12", Line("net.ipynb", 3, "x", 12)),
        ("/home/a, cell 1/net.ipynb, cell 2", Line("net.ipynb", 3, "x", 2)),
        ("/home/ann/a, cell b.py", Line("a, cell b.py", 3, "x")),
        ("", Line("", 3, "x")),
    ],
)
def test_a_line_is_that_of_a_file_or_of_a_cell(file, line):
    assert Line.of_source(file, 3, "x") == line
