"""Plain values survive the way through bytes; bytes that are no frame are refused, whatever they are."""

from __future__ import annotations

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.errors import CheckError
from chainrule.gradcheck.program.interface import Description
from chainrule.gradcheck.sandbox.codec import PREFIX, FrameError, decode, encode
from chainrule.gradcheck.sandbox.replies import Answer

scalars = st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False)
numbers = st.complex_numbers(allow_nan=False)
arrays = hnp.arrays(
    st.sampled_from(["f8", "f4", "i8", "u1", "?", "c16"]), hnp.array_shapes(min_dims=0, min_side=0)
)
values = st.recursive(
    scalars | numbers | arrays,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def through(value: object) -> object:
    frame = encode(value)
    size, json_length = PREFIX.unpack(frame[: PREFIX.size])
    body = bytearray(frame[PREFIX.size :])
    assert len(body) == size
    return decode(body, json_length)


def same(a: object, b: object) -> bool:
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and a.tobytes() == b.tobytes()
        )
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and a == b


@settings(deadline=None)
@given(values)
def test_plain_values_come_back_as_they_were(value):
    assert same(value, through(value))


def test_arrays_can_be_written_to_and_keep_their_order():
    turned = np.arange(6.0).reshape(2, 3).T
    back = through([turned, np.float64(1.5), np.int64(3), np.bool_(True), float("nan")])
    back[0][0, 0] = 9.0
    assert back[0].tolist() == [[9.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    assert back[1:4] == [1.5, 3, True]
    assert math.isnan(back[4])


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ([1, object()], r"data\[1\]: is object"),
        ({"net": print}, r"data\['net'\]: is builtin_function_or_method"),
        ({1: 2}, "keys that are no text"),
        (np.array([None]), "an array of object"),
        (np.array(["a"]), "an array of <U1"),
    ],
)
def test_what_cannot_be_handed_on_is_named(value, named):
    with pytest.raises(CheckError, match=named):
        encode(value, "data")


def body(tree: object, rest: bytes = b"") -> tuple[bytearray, int]:
    text = json.dumps(tree).encode()
    return bytearray(text + rest), len(text)


@pytest.mark.parametrize(
    "frame",
    [
        (bytearray(b"{}"), 3),
        (bytearray(b""), 0),
        (bytearray(b"{nonsense"), 9),
        (bytearray(b"[" * 100_000), 100_000),
        body([1, 2]),
        body({}),
        body({"list": [], "tuple": []}),
        body({"list": 3}),
        body({"pickle": "cos\nsystem"}),
        body({"complex": [1, 2, 3]}),
        body({"array": ["O", [1]]}, b"12345678"),
        body({"array": ["<f8", [2**62, 2**62]]}),
        body({"array": ["<f8", [-1]]}, b"12345678"),
        body({"array": ["<f8", ["1"]]}, b"12345678"),
        body({"array": ["<f8", [1.0]]}, b"12345678"),
        body({"array": ["<f8", [1] * 64]}, b"12345678"),
        body({"array": ["<f8", [4]]}, b"12345678"),
        body({"array": "<f8"}),
        body(3, b"left over here!!"),
    ],
)
def test_bytes_that_are_no_frame_are_refused(frame):
    with pytest.raises(FrameError):
        decode(*frame)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_bytes_do_anything_else(data, json_length):
    with contextlib.suppress(FrameError):
        decode(bytearray(data), json_length)


def test_what_cannot_be_handed_on_is_named_by_the_fields_of_its_record():
    given = Description(["W"], [np.zeros(2)], [1.0, object()], [], False, False, None)
    with pytest.raises(CheckError, match=r"^the answer\['value'\]\['data'\]\[1\]: is object, which cannot"):
        encode(Answer(given), "the answer")
