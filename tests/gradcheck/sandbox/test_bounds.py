"""Replies that are too large, too deep, too late or cut off: one line, at once, whatever they hold."""

import time

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.sandbox.bounds import DEEPEST, LONGEST_TEXT, PLAIN, bound_of
from chainrule.gradcheck.sandbox.codec import FrameError, decode
from chainrule.gradcheck.sandbox.process import Limits
from chainrule.gradcheck.sandbox.remote import RemoteProgram
from support.handed_in import ROWS, first
from support.sending import SENDING


def raised(tmp_path, call: str, seconds: float = 20.0) -> tuple[str, float]:
    """What is said of a file that sends bytes of its own before it is checked, and how long that took."""
    started = time.monotonic()
    line = refused(tmp_path, f"{SENDING}\n{first(call)}", seconds)
    assert line.startswith("sender.py: ")
    return line.removeprefix("sender.py: "), time.monotonic() - started


def refused(tmp_path, text: str, seconds: float = 20.0) -> str:
    """What is said of a file with this text."""
    path = tmp_path / "sender.py"
    path.write_text(text)
    with pytest.raises(CheckError) as error, RemoteProgram(path, Limits(seconds=seconds)):
        pass
    (line,) = error.value.problems
    return line


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("send(b'[' * 64 * 2**20)", "sends 67108864 bytes where at most 1048576 can be meant"),
        (
            "send(b'', json_length=2**62, size=2**62)",
            f"sends {2**62} bytes where at most 1048576 can be meant",
        ),
        ("send(b'{}', bytes(2**20))", "sends 1048576 bytes where at most 0 can be meant"),
        ("send(b'{}', json_length=10)", "sends -8 bytes where at most 0 can be meant"),
        ("send(b'[' * 100000)", "sends a value in 50000 lists"),
        ("send(b'{\"list\":[' * 1000 + b']}' * 1000)", "sends a value in 1000 lists"),
        ("send(b'{\"Answer\":[' + b'9' * 400 + b']}')", "sends a number of 400 digits"),
        ("send(b'\\xff' * 100)", "sends "),
    ],
)
def test_a_reply_that_cannot_be_meant_is_refused(tmp_path, call, said):
    line, _ = raised(tmp_path, call)
    assert line.startswith(said)
    assert "which is no answer" in line


@pytest.mark.parametrize(
    "call", ["send(b'{}', json_length=9, size=9); import time; time.sleep(60)", "while True: pass"]
)
def test_a_reply_that_does_not_come_is_waited_for_as_long_as_the_file_may_run(tmp_path, call):
    line, seconds = raised(tmp_path, call, 1.5)
    assert line.startswith("still runs after 1.5 s")
    assert seconds < 10


def test_brackets_in_texts_are_no_lists():
    text = b'"' + b"[{" * 4 * DEEPEST + b'\\"]"'
    assert decode(bytearray(text), len(text)) == "[{" * 4 * DEEPEST + '"]'


def test_a_value_may_lie_as_deep_as_is_said():
    for depth, fits in ((DEEPEST, True), (DEEPEST + 1, False)):
        text = b'{"list":[' * depth + b"]}" * depth
        if fits:
            decode(bytearray(text), len(text))
        else:
            with pytest.raises(FrameError):
                decode(bytearray(text), len(text))


def test_the_bound_grows_with_what_is_asked():
    few, many = ([np.zeros((size, 3))] for size in (4, 40_000))
    steps = np.zeros(7)
    assert bound_of("cost", [few, []]) == bound_of("cost", [many, []]) == PLAIN
    assert (
        bound_of("costs", [many, [], 0, steps, steps]).arrays
        == bound_of("along", [few, [], few, steps]).arrays
    )
    assert 7 * 16 <= bound_of("costs", [few, [], 0, steps, steps]).arrays < 1000
    for request in ("gradient", "update"):
        bounds = [bound_of(request, [arrays, [np.zeros((5, 9))]]).arrays for arrays in (few, many)]
        assert 8 * (12 + 45) < bounds[0] < bounds[1]


def test_a_reply_at_its_bound_comes_through(tmp_path):
    path = tmp_path / "net.py"
    path.write_text(ROWS)
    with RemoteProgram(path, Limits(seconds=20)) as program:
        given = program.describe()
        steps = np.zeros(1000)
        assert len(program.costs(given.arrays, given.data, 0, np.zeros(1000, dtype=int), steps)) == 1000


@pytest.mark.parametrize(
    "text",
    [first('raise ValueError("x" * 10**7)'), "exec(\"raise ValueError('x' * 10**5)\")\n" * 100],
    ids=["of an exception", "of many exceptions"],
)
def test_long_texts_of_the_users_are_cut_where_they_are_made(tmp_path, text):
    line = refused(tmp_path, text)
    assert "ValueError: xxx" in line
    assert len(line) < 2 * LONGEST_TEXT
