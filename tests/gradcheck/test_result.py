"""What a check found, as plain data."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.result import Cause, Check, Line, Tensor, worst
from support.outcomes import DOUBLE, HALF, LESS, LINE, RIGHT, WRONG

VERDICTS = ("right", "suspect", "wrong")


def test_a_line_in_a_notebook_names_its_cell():
    assert str(Line("net.ipynb", 2, "x", cell=3)) == "net.ipynb, cell 3, line 2"
    assert str(LINE) == "net.py, line 14"
    assert str(Line("", 4, "x")) == "line 4"


def test_a_check_is_plain_data():
    data = json.loads(json.dumps(WRONG.as_dict()))
    assert (data["verdict"], data["fault"], data["right"]) == ("wrong", "gradient", False)
    assert data["ties"] == ["double-batch-mean"]
    assert data["tensors"][0]["worst"][0] == {"index": [2, 3], "analytic": 0.5, "numeric": 0.625}
    assert data["causes"][0]["line"] == {
        "file": "net.py", "number": 14, "text": "    dW1 = G @ X.T + lam * W1", "cell": None,
    }  # fmt: skip
    assert json.loads(json.dumps(RIGHT.as_dict()))["right"] is True
    assert RIGHT.as_dict()["ties"] == []


@given(st.lists(st.sampled_from(VERDICTS), min_size=1))
def test_the_worst_verdict_is_that_of_the_whole(verdicts):
    tensors = [Tensor("W", (), verdict, 0.0, 0.0) for verdict in verdicts]
    assert worst(iter(tensors)) == VERDICTS[max(map(VERDICTS.index, verdicts))]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_only_a_right_check_is_true(verdict):
    check = Check(verdict, None, ())
    assert check.right is bool(check) is (verdict == "right")


@pytest.mark.parametrize(
    ("causes", "tied"),
    [
        ((), ()), ((HALF,), (HALF,)), ((HALF, DOUBLE, LESS), (HALF, DOUBLE)), ((HALF, LESS), (HALF,)),
        ((HALF, LESS, DOUBLE), (HALF, DOUBLE)),
    ],
)  # fmt: skip
def test_causes_as_likely_as_the_first_are_tied_with_it(causes, tied):
    check = replace(WRONG, causes=causes)
    assert check.tied == tied
    assert check.as_dict()["ties"] == [cause.name for cause in tied[1:]]


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


def test_the_same_findings_are_the_same_check():
    again = replace(WRONG, causes=(*WRONG.causes[:2], Cause(*vars(LESS).values())))
    assert again == WRONG
    assert hash(again) == hash(WRONG)
    assert again != replace(WRONG, notes=())


def test_words_and_html_are_those_of_the_rendering():
    assert str(RIGHT).splitlines()[0] == "the gradient is right"
    assert RIGHT._repr_html_().startswith("<")
