"""What a user's process answers is believed only as far as it is what was asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.program.interface import (
    Description,
    NamedStatement,
    Patch,
    Program,
    Returned,
    SourceLine,
    WatchedValue,
)
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.sandbox import validation
from chainrule.gradcheck.sandbox.codec import FrameError
from chainrule.gradcheck.sandbox.replies import Problems, Raised, Started


def test_a_small_change_passes_as_it_is():
    patch = Patch(3, "sign", SourceLine("net.py", 2, "d = a - b"), "d = a + b", 2)
    assert validation.patches([patch]) == [patch]


def test_what_can_be_asked_is_what_a_program_answers():
    own = {name for name in vars(LocalProgram) if not name.startswith("_")}
    # Functions that anybody calls are those of one's own process.
    own.remove("changed")
    assert own == {name for name in vars(Program) if not name.startswith("_")}
    # The source is read by whoever asks.
    assert own - {"quotient"} == set(validation.REQUESTS)


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (validation.number, float("nan")),
        (validation.number, "1"),
        (validation.number, None),
        (validation.number, True),
        (validation.number, 10**400),
        (validation.number, complex("inf")),
        (lambda value: validation.validated("costs", [np.zeros(2)], value), np.zeros(3)),
        (validation.numbers, np.array([0.0, np.nan])),
        (validation.numbers, np.zeros((2, 1))),
        (validation.numbers, [0.0, 1.0]),
        (validation.arrays, [1.0]),
        (validation.arrays, np.zeros(3)),
        (validation.texts, "text"),
        (validation.texts, [1]),
        (validation.count, "1"),
        (validation.count, True),
        (validation.count, -1),
        (validation.count, 2**31),
        (validation.problems, Problems([], "")),
        (validation.returned, Returned(["W"], [], [], "list")),
        (validation.returned, (["W"], [np.zeros(3)], [], "list")),
        (validation.description, {"names": []}),
        (validation.watched_values, [SourceLine("net.py", 1, "")]),
        (validation.watched_values, {}),
        (validation.watched_values, [WatchedValue("", 1, SourceLine("", 1, ""), "", "", np.zeros(0))] * 4001),
        (validation.statements, [NamedStatement(SourceLine("", 1, ""), 1, 1, "", "", "", 1, "", 1, False)]),
        (validation.line_or_none, SourceLine("net.py", "1", "")),
    ],
)
def test_answers_of_another_kind_are_refused(check, value):
    with pytest.raises(FrameError):
        check(value)


def test_text_cannot_steer_a_terminal_or_fill_it():
    assert validation.text("a\x1b[31m\n\u202eb") == r"a\x1b[31m \u202eb"
    assert validation.traceback("a\n\x07") == "a\n\\x07"
    assert len(validation.text("x" * 10**6)) == 2000


LINE = SourceLine("net.py", 3, "dW = 0")
W = np.zeros((2, 3))


@pytest.mark.parametrize(
    ("request_name", "arguments", "value"),
    [
        ("cost", [], 1.5), ("cost", [], 1 + 2j), ("costs", [np.zeros(2)], np.array([1.0, 2j])),
        ("along", [np.zeros(0)], np.zeros(0)), ("gradient", [], Returned(["W"], [W], [W], "dict")),
        ("update", [], [W]), ("update", [], []), ("cost_calls", [], 0), ("first_mutation", [], None),
        ("first_mutation", [], LINE), ("trace", [], [WatchedValue("net.py:1", 0, LINE, "alias", "W", W)]),
        ("describe", [], Description(["W"], [W], [W, 0.1, "text"], ["X"], True, False, LINE)),
    ],
)  # fmt: skip
def test_an_answer_of_the_right_kind_comes_through_as_it_is(request_name, arguments, value):
    np.testing.assert_equal(validation.validated(request_name, arguments, value), value)


@pytest.mark.parametrize(
    "change", [{"names": []}, {"data": ()}, {"has_update": 1}, {"numeric_step": "line 3"}]
)
def test_a_description_with_one_wrong_field_is_refused(change):
    given = Description(["W"], [W], [], [], False, False, None)
    with pytest.raises(FrameError):
        validation.description(given._replace(**change))


@given(st.text())
def test_text_is_printable_on_one_line_and_a_traceback_on_several(text):
    assert validation.text(text).isprintable()
    shown = validation.traceback(text)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert shown.count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=("C", "Z"))))
def test_text_without_anything_odd_is_as_it_was(text):
    assert validation.text(text) == validation.traceback(text) == text


def test_of_a_long_traceback_the_end_is_kept_and_of_a_long_text_the_start():
    assert validation.traceback("a" * 10**5 + "end").endswith("end")
    assert validation.text("start" + "a" * 10**5).startswith("start")


def test_of_many_problems_the_first_are_kept():
    assert validation.problems(Problems([str(n) for n in range(1000)], "m")) == (
        [str(n) for n in range(50)],
        "m",
    )


def test_every_text_of_a_reply_is_made_printable():
    bell = "\x07"
    replies = (
        validation.started(
            Started(
                [bell],
                [
                    Recognised(
                        bell,
                        bell,
                        bell,
                        bell,
                        [bell],
                        [Variant(bell, bell, bell, bell, bell, True)],
                        bell,
                        [bell],
                    )
                ],
                [bell],
            )
        ),
        validation.problems(Problems([bell], "")),
        validation.raised(Raised(bell, bell, bell, 1, bell, bell, bell)),
        validation.returned(Returned([bell], [W], [W], bell))._replace(arrays=[], after=[]),
        validation.line_or_none(SourceLine(bell, 1, bell)),
        validation.watched_values([WatchedValue(bell, 1, SourceLine(bell, 1, bell), bell, bell, W)])[
            0
        ]._replace(array=0),
    )
    assert bell not in str(replies)
    assert repr(replies).count("\\\\x07") == 30


def test_a_file_without_a_gradient_that_runs_is_refused_by_the_process_not_by_its_rows():
    nothing = Recognised.not_checked("gradient", "it is none")
    with pytest.raises(FrameError, match="without a gradient"):
        validation.started(Started([], [nothing], []))
    with pytest.raises(FrameError, match="51 of Recognised"):
        validation.started(Started([], [Recognised.by_own_adapter("a", "")] * 51, []))


def test_to_a_choice_there_is_nothing_to_say():
    assert validation.chosen(None) is None
    with pytest.raises(FrameError):
        validation.chosen(0)
