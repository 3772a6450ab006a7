"""A cause whose line is found last of all."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.diagnosis.finding import Finding
from chainrule.gradcheck.result import Cause, Line

HALF = Cause("half", ("W1",), 0.9, "W1: half of it", "leave out the 2")


@pytest.mark.parametrize(
    ("line", "evidence"),
    [
        (Line("net.py", 14, "dW1 = 0"), "line 14, W1: half of it"),
        (Line("net.ipynb", 2, "dW1 = 0", 3), "cell 3, line 2, W1: half of it"),
    ],
)
def test_a_line_stands_in_the_cause_and_in_front_of_its_evidence(line, evidence):
    located = Finding(HALF, "gradient", lambda: line).located()
    assert located == Cause("half", ("W1",), 0.9, evidence, "leave out the 2", line)


def test_without_a_line_the_cause_stands_as_it_is():
    assert Finding(HALF, "gradient", lambda: None).located() is HALF


def test_the_line_is_not_looked_for_before_it_is_asked_for_and_then_once():
    asked = []
    finding = Finding(HALF, "cost", lambda: asked.append("asked"))
    assert asked == []
    finding.located()
    assert asked == ["asked"]
    assert finding.cause is HALF


def test_what_makes_a_line_right_is_its_repair():
    line = Line("net.py", 14, "dW1 = 0", right="dW1 = 1")
    located = Finding(HALF, "gradient", lambda: line).located()
    assert located.repair == "write dW1 = 1: with it the gradient is right, wherever it was compared"


def test_a_cause_that_says_its_line_says_its_repair():
    line = Line("net.py", 14, "dW1 = 0", right="dW1 = 1")
    located = Finding(
        replace(HALF, line=line, repair="with both lines changed"), "gradient", lambda: None
    ).located()
    assert located.repair == "with both lines changed"
