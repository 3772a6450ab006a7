"""The outcome of a check."""

import json
from dataclasses import replace

import pytest

from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.result import Cause, Tensor
from support.outcomes import DOUBLE, HALF, LESS, RIGHT, WRONG

VERDICTS = ("right", "suspect", "wrong")


def test_the_headline_says_what_is_wrong():
    assert WRONG.headline == "the gradient is wrong: regulariser-half"
    assert Check("wrong", "cost", (), (LESS,)).headline == "the cost is wrong: unknown"
    assert (
        Check("wrong", "cost or gradient", (), (LESS,)).headline == "the cost or gradient is wrong: unknown"
    )
    assert Check("suspect", "gradient", ()).headline == "the gradient is suspect"
    assert Check("suspect", None, (), name="backward pass").headline == "the backward pass is suspect"


def test_the_headline_of_a_right_gradient_counts_its_kinks():
    assert RIGHT.headline == "the gradient is right"
    at_kinks = Check(
        "right", None, (Tensor("a", (2,), "right", 0, 0, kinks=2), Tensor("b", (1,), "right", 0, 0, kinks=1))
    )
    assert at_kinks.headline == "the gradient is right (3 entries at kinks)"


def test_a_check_is_plain_data():
    data = json.loads(json.dumps(WRONG.as_dict()))
    assert (data["verdict"], data["fault"], data["right"]) == ("wrong", "gradient", False)
    assert data["ties"] == ["double-batch-mean"]
    assert data["tensors"][0]["worst"][0] == {"index": [2, 3], "analytic": 0.5, "numeric": 0.625}
    assert data["causes"][0]["line"] == {
        "file": "net.py", "number": 14, "text": "    dW1 = G @ X.T + lam * W1", "cell": None, "right": "",
    }  # fmt: skip
    assert json.loads(json.dumps(RIGHT.as_dict()))["right"] is True
    assert RIGHT.as_dict()["ties"] == []


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


def test_the_same_findings_are_the_same_check():
    again = replace(WRONG, causes=(*WRONG.causes[:2], Cause(*vars(LESS).values())))
    assert again == WRONG
    assert hash(again) == hash(WRONG)
    assert again != replace(WRONG, notes=())


def test_words_and_html_are_those_of_the_rendering():
    assert str(RIGHT).splitlines()[0] == "the gradient is right"
    assert RIGHT._repr_html_().startswith("<")
