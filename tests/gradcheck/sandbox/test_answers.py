"""What a user's process answers is believed only as far as it is what was asked for."""

import numpy as np
import pytest

from chainrule.gradcheck.program.interface import Program, Returned, SourceLine
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.sandbox import answers
from chainrule.gradcheck.sandbox.codec import FrameError


def test_what_can_be_asked_is_what_a_program_answers():
    own = {name for name in vars(LocalProgram) if not name.startswith("_")}
    assert own == set(answers.REQUESTS) == {name for name in vars(Program) if not name.startswith("_")}


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (answers.number, float("nan")),
        (answers.number, "1"),
        (answers.number, None),
        (lambda value: answers.answer("costs", [np.zeros(2)], value), np.zeros(3)),
        (answers.numbers, np.array([0.0, np.nan])),
        (answers.numbers, np.zeros((2, 1))),
        (answers.numbers, [0.0, 1.0]),
        (answers.arrays, [1.0]),
        (answers.arrays, np.zeros(3)),
        (answers.texts, "text"),
        (answers.texts, [1]),
        (answers.count, "1"),
        (answers.count, True),
        (answers.returned, Returned(["W"], [], [], "list")),
        (answers.returned, (["W"], [np.zeros(3)], [], "list")),
        (answers.description, {"names": []}),
        (answers.watched_values, [SourceLine("net.py", 1, "")]),
        (answers.watched_values, {}),
        (answers.line_or_none, SourceLine("net.py", "1", "")),
    ],
)
def test_answers_of_another_kind_are_refused(check, value):
    with pytest.raises(FrameError):
        check(value)


def test_text_cannot_steer_a_terminal_or_fill_it():
    assert answers.text("a\x1b[31m\n\u202eb") == r"a\x1b[31m\n\u202eb"
    assert answers.traceback("a\n\x07") == "a\n\\x07"
    assert len(answers.text("x" * 10**6)) == 2000
