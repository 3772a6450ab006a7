"""Answers the checker itself: in the place of the process that it runs in, with frames of its own, or with none."""

import json
import os
import stat
import struct
import sys
import time

END = "^(?!right$)"
ENDS = {"an_exception_of_the_checkers_files": r"^net\.py: the gradient is right$"}
BRIEF = ("half_a_frame_and_no_more", "a_byte_now_and_then", "a_request_of_others")
STEERING = "\x1b[2J\x1b]0;right\x07\u202e<script>alert(1)</script>|=cmd()\n\ud800"
STARTED = {"Answer": [{"Started": [{"list": []}, "", {"list": []}]}]}


def _channels():
    """The two ends of the channel: what requests come from, and what replies go to."""
    pipes = [d for d in range(3, 256) if _is_pipe(d)]
    return pipes[0], pipes[-1]


def _is_pipe(descriptor):
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def _write(data):
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(_channels()[1], rest) :]


def _reply(text, arrays=b"", size=None, length=None):
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    text += b" " * (-len(text) % 16)
    total = len(text) + len(arrays)
    _write(struct.pack(">QQ", total if size is None else size, len(text) if length is None else length))
    _write(text + arrays)


def _forging(**changes):
    """Changes what the process answers to requests of a name; its gradient is a wrong one from then on."""
    frame = sys._getframe()
    while "session" not in frame.f_locals:
        frame = frame.f_back
    kind = type(frame.f_locals["session"])
    honest = kind.ask

    def ask(self, method, *arguments):
        given = honest(self, method, *arguments)
        if method == "gradient":
            given = given._replace(arrays=[2 * array for array in given.arrays])
        return changes[method](given) if method in changes else given

    kind.ask = ask


def a_start_ahead():
    """Says that it has started, before it has."""
    _reply(STARTED)


def all_answers_ahead():
    """Sends a thousand costs before it is asked."""
    _reply(STARTED)
    for _ in range(1000):
        _reply({"Answer": [0.0]})


def words_in_every_descriptor():
    """Writes a verdict to whatever is open."""
    for descriptor in range(256):
        try:
            os.write(descriptor, b"right\n" * 1000)
        except OSError:
            continue


def a_frame_of_all_bytes_there_are():
    """Says that a frame follows that is larger than any memory."""
    _reply(b"{}", size=2**64 - 1)


def a_frame_within_the_bounds():
    """Sends 250 MB of nothing."""
    _reply(STARTED, bytes(250 * 2**20))


def more_text_than_frame():
    """Says that there is more text in a frame than there is frame."""
    _reply(STARTED, length=2**40)


def a_frame_of_nothing():
    """Sends an empty one."""
    _reply(b"", size=0, length=0)


def a_deep_text():
    """Sends brackets, a million deep."""
    _reply(b'{"list":[' * 10**6)


def a_text_of_many_things():
    """Sends as many lists as a text has place for."""
    item = b'{"list":[]},'
    _reply(b'{"list":[' + item * (2 * 2**20 // len(item)) + b"0]}")


def a_text_of_64_mb():
    """Sends a longer text than is read."""
    _reply(b'{"list":[' + b"0," * (32 * 2**20) + b"0]}")


def bytes_that_are_no_text():
    """Sends bytes that are no text, and text that is no JSON."""
    _reply(b"\xff\xfe{]")


def a_number_of_many_digits():
    """Sends a number of a million digits."""
    _reply(b'{"Answer":[' + b"9" * 10**6 + b"]}")


def text_with_half_characters():
    """Says in what steers a terminal what it has assumed."""
    _reply({"Answer": [{"Started": [{"list": [STEERING] * 1000}, STEERING, {"list": [STEERING]}]}]})


def an_array_of_objects():
    """Sends an array of addresses."""
    _reply({"Answer": [{"array": ["|O8", [2]]}]}, struct.pack("QQ", 16, 16))


def an_array_of_records():
    """Sends arrays of kinds that are made of others."""
    _reply({"Answer": [{"array": ["f8,O", [1]]}]}, bytes(16))


def an_array_larger_than_its_bytes():
    """Sends shapes whose product overflows, or is negative."""
    _reply(
        {"Answer": [{"list": [{"array": ["<f8", [2**32, 2**32]]}, {"array": ["<f8", [-1, -8]]}]}]}, bytes(64)
    )


def an_array_of_no_size():
    """Sends an empty array of the largest shape there is."""
    _reply({"Answer": [{"array": ["<f8", [0, 2**62, 2**62]]}]})


def a_class_of_the_checkers():
    """Names classes and functions of the checker, and of Python, as kinds."""
    _reply({"Answer": [{"Check": ["right"]}, {"eval": ["1"]}, {"__class__": []}]})


def a_record_of_other_fields():
    """Sends records with fields that are missing, too many, or records themselves."""
    _reply({"Answer": [{"Raised": [{"Raised": [1, 2, 3]}, None, 3, [], "", "", ""]}]})


def problems_that_are_none():
    """Says that it cannot be checked, and not why."""
    _reply({"Problems": [{"list": []}, ""]})


def countless_problems():
    """Says ten thousand times why it cannot be checked."""
    _reply({"Problems": [{"list": [STEERING] * 10_000}, STEERING]})


def an_exception_that_was_not_raised():
    """Says that an exception was raised, at a place that is none."""
    _reply(
        {
            "Raised": [
                STEERING,
                f"right\n{STEERING}",
                "/etc/passwd",
                2**40,
                STEERING,
                STEERING,
                STEERING * 10**4,
            ]
        }
    )


def an_exception_of_the_checkers_files():
    """Says that the checker's own code has raised something."""
    _reply(
        {"Raised": ["CheckError", "the gradient is right", sys.executable, 1, "check", "", "right\n" * 10**5]}
    )


def half_a_frame():
    """Ends within a frame."""
    _write(struct.pack(">QQ", 1000, 500) + b'{"Answer"')
    os._exit(0)


def half_a_frame_and_no_more():
    """Waits within a frame."""
    _write(struct.pack(">QQ", 1000, 500) + b'{"Answer"')
    time.sleep(10**6)


def a_byte_now_and_then():
    """Sends a frame byte by byte, slowly."""
    _write(struct.pack(">QQ", 1000, 500))
    while True:
        _write(b" ")
        time.sleep(0.05)


def a_request_of_others():
    """Takes the requests that are meant for its process."""
    _reply(STARTED)
    while True:
        os.read(_channels()[0], 1000)


def no_more_replies():
    """Closes what replies go to."""
    os.close(_channels()[1])


def no_more_requests():
    """Closes what requests come from."""
    os.close(_channels()[0])


def other_costs_than_were_asked_for():
    """Answers with fewer costs, more, and none."""
    _forging(costs=lambda given: given[:-1], along=lambda given: given[:0])


def costs_that_are_no_numbers():
    """Answers with NaN for each cost."""
    _forging(cost=lambda given: float("nan"), costs=lambda given: given * float("nan"))


def gradients_without_names():
    """Answers with more arrays than names."""
    _forging(gradient=lambda given: given._replace(names=given.names[:1]))


def gradients_of_no_parameter():
    """Answers with gradients of parameters that there are not, of a kind that steers a terminal."""
    _forging(gradient=lambda given: given._replace(names=[STEERING, STEERING * 100], kind=STEERING, after=[]))


def gradients_with_the_parameters_gone():
    """Answers that the parameters were others after the call."""
    _forging(gradient=lambda given: given._replace(after=[a[:0] for a in given.after] * 3))


def a_description_of_nothing():
    """Says that there are no parameters."""
    _forging(describe=lambda given: given._replace(names=[], arrays=[]))


def a_description_of_countless_parameters():
    """Says that there are twenty thousand, of which all but one are empty."""
    _forging(
        describe=lambda given: given._replace(
            names=["W"] * 20_000, arrays=[given.arrays[0], *[given.arrays[0][:0]] * 19_999]
        )
    )


def a_description_of_functions_that_are_none():
    """Says that there is an update and a numeric gradient, and data of other names."""
    _forging(
        describe=lambda given: given._replace(
            has_numeric=True,
            has_update=True,
            data_names=[STEERING] * 7,
            data=[*given.data, STEERING, None, {}],
        )
    )


def another_description_each_time():
    """Says something else each time."""
    _forging(describe=lambda given: given._replace(names=[os.urandom(4).hex() for _ in given.names]))


def lines_of_other_files():
    """Says that its values were formed in files that steer a terminal, at lines that are none."""
    _forging(
        trace=lambda given: [
            value._replace(site=STEERING, line=value.line._replace(file=STEERING, number=0, text=STEERING))
            for value in given
        ]
    )


def lines_without_end():
    """Says that twenty thousand values were formed."""
    _forging(trace=lambda given: given * (20_000 // max(len(given), 1)))


def values_of_other_shapes():
    """Says that its values are of other shapes and kinds."""
    _forging(trace=lambda given: [value._replace(array=value.array[..., None] != 0) for value in given])


def a_mutation_that_was_none():
    """Says where the parameters were changed, which they were not, and how often the cost was called."""
    _forging(
        first_mutation=lambda given: ("/etc/passwd", 3, STEERING),
        cost_calls=lambda given: 2**31 - 1,
        gradient=lambda given: given._replace(after=[a + 1 for a in given.after]),
    )
