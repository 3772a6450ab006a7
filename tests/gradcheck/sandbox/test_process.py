"""The process of a user's file: its time and its output are limited, and why it ended is said."""

from __future__ import annotations

import sys

import pytest

from chainrule.errors import CheckError, TimeUpError
from chainrule.gradcheck.sandbox.codec import FrameError, decode, encode
from chainrule.gradcheck.sandbox.process import Process
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from chainrule.gradcheck.sandbox.replies import Problems
from support.handed_in import LIMITS, ROWS, first, refusal, runs

GRADIENT_STARTS = "def compute_gradients(X, y, W, b, reg):\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits that this system does not have")


@pytest.mark.parametrize("place", ["before", "in the gradient"])
def test_an_endless_loop_is_ended_and_its_line_is_named(write, place):
    loop = "while True:\n        pass\n"
    where = {"before": first("while True:\n    pass"), "in the gradient": ROWS.replace(
        GRADIENT_STARTS, f"{GRADIENT_STARTS}    {loop}")}[place]  # fmt: skip
    path = write(where)
    number = 1 + next(i for i, line in enumerate(path.read_text().splitlines()) if "while True" in line)
    said = str(refusal(path, seconds=1.5))
    assert "still runs after 1.5 s (in line" in said
    assert "--time SECONDS" in said
    assert any(f"in line {n} of net.py" in said for n in (number, number + 1))


def test_a_process_whose_time_is_over_before_it_has_begun_is_said_to_be_slow(write):
    assert "still runs after 0.01 s; if it is no endless loop" in str(refusal(write(ROWS), seconds=0.01))


def test_a_loop_in_native_code_is_ended_too(write):
    path = write(first("import re\nre.match('(a+)+$', 'a' * 60 + 'b')"))
    assert "in line 3 of net.py" in str(refusal(path, seconds=1.5))


def test_what_is_printed_is_passed_over(write):
    printing = f"{GRADIENT_STARTS}    print('x' * 1000)\n"
    runs(write(ROWS.replace(GRADIENT_STARTS, printing)))


def test_what_is_printed_is_limited(write):
    path = write(first("while True:\n    print('x' * 10**6)"))
    assert "prints more than 1 MB; take the prints out" in str(refusal(path, output=1))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os\nos._exit(3)", "its process ended by itself (code 3)"),
        ("import faulthandler\nfaulthandler._sigsegv()", "crashed outside of Python (SIGSEGV)"),
        ("import os\nos.closerange(3, 400)", "its process ended by itself"),
    ],
)
def test_why_a_process_ended_is_said_in_one_line(write, code, said):
    path = write(first(code))
    before = path.read_text()
    assert said in str(refusal(path))
    assert path.read_text() == before


def test_the_last_that_it_printed_is_said_where_it_ended_by_itself(write):
    code = "import os\nprint('before')\nprint('no more room', flush=True)\nos._exit(4)\n"
    assert str(refusal(write(first(code)))).endswith("its process ended by itself (code 4): no more room")


def test_whatever_is_asked_after_its_end_gets_the_same_answer(write):
    path = write(ROWS.replace(GRADIENT_STARTS, f"{GRADIENT_STARTS}    import os; os._exit(3)\n"))
    with RemoteProgram(path, LIMITS) as program:
        given = program.describe()
        with pytest.raises(CheckError, match=r"net\.py: its process ended by itself \(code 3\)") as ended:
            program.gradient(given.arrays, given.data)
        for _ in range(2):
            with pytest.raises(CheckError) as again:
                program.cost(given.arrays, given.data)
            assert again.value.problems == ended.value.problems


def test_a_process_answers_frames_until_it_is_closed(write):
    process = Process(write(ROWS), LIMITS)
    try:
        for _ in range(2):
            reply = decode(*process.exchange(encode(["nothing"])))
            assert reply == Problems(["there is no request 'nothing'"], "")
    finally:
        process.close()
    with pytest.raises(CheckError, match="has been closed"):
        process.exchange(encode(["nothing"]))


def test_what_is_no_answer_ends_it(write):
    process = Process(write(ROWS), LIMITS)
    try:
        for _ in range(2):
            with pytest.raises(CheckError, match=r"net\.py: sends 3 bytes, which is no answer"):
                process.reject(FrameError("3 bytes"))
    finally:
        process.close()


def test_time_that_is_spent_on_this_side_counts(write):
    with RemoteProgram(write(ROWS), LIMITS) as program:
        program.describe()
        process = program._process
        process._latest = process._latest - LIMITS.seconds
        for _ in range(2):
            with pytest.raises(TimeUpError, match="still runs after 60 s"):
                program.describe()


def test_a_turn_that_is_over_ends_no_process(write):
    remote = RemoteProgram(write(ROWS), LIMITS)
    with remote as program:
        remote.take_turn(0.0)
        with pytest.raises(TimeUpError, match="its part of"):
            program.describe()
        remote.take_turn(1.0)
        assert program.describe().names
