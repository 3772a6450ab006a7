"""What a user's process can reply with."""

import pytest

from chainrule.gradcheck.recognition import recognised
from chainrule.gradcheck.recognition.recognised import Recognised, Variant
from chainrule.gradcheck.sandbox import replies
from chainrule.gradcheck.sandbox.codec import PREFIX, decode, encode
from chainrule.gradcheck.sandbox.replies import RECORDS, Answer, Problems, Raised, Started

EACH = (
    Answer([1.5, None]),
    Answer(Started(["left out"], [Recognised.by_own_adapter("chainrule_check", "")], [])),
    Started([], [], ["landlock"]),
    Recognised(
        "grads",
        "cost",
        "def",
        "",
        ["assumed"],
        [Variant("nets of depth {}", "2", "3", "def", "", True)],
        "",
        [],
    ),
    Variant("loss of {}", "'ce'", "'svm'", "", "it does not run", False),
    Problems(["first", "second"], "nosuch"),
    Raised("KeyError", "KeyError: 'W'", "net.py", 3, "cost", "", "Traceback"),
)


def test_every_reply_of_the_module_is_listed_as_one():
    defined = {
        value
        for module in (replies, recognised)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, tuple) and value.__module__ == module.__name__
    }
    assert set(RECORDS) == defined == {type(reply) for reply in EACH}


@pytest.mark.parametrize("reply", EACH, ids=lambda reply: type(reply).__name__)
def test_a_reply_comes_out_of_the_pipe_as_what_it_was(reply):
    frame = encode(reply)
    _, json_length = PREFIX.unpack(frame[: PREFIX.size])
    again = decode(bytearray(frame[PREFIX.size :]), json_length)
    assert again == reply
    assert type(again) is type(reply)


@pytest.mark.parametrize("reply", EACH, ids=lambda reply: type(reply).__name__)
def test_a_reply_with_a_field_too_many_is_none(reply):
    frame = encode([*reply, 0]).replace(b'"list"', f'"{type(reply).__name__}"'.encode(), 1)
    _, json_length = PREFIX.unpack(frame[: PREFIX.size])
    body = bytearray(frame[PREFIX.size :])
    with pytest.raises(ValueError, match="positional"):
        decode(body, json_length + len(type(reply).__name__) - len("list"))
