"""A run that fails says which arguments met there."""

import numpy as np
import pytest

from chainrule.gradcheck.recognition.layers.tracing import traced, traced_as_made_anew

SHAPES = {"x": (2, 3), "w": (4, 5), "b": (7,), "h": (3, 4)}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x @ w", {"x", "w"}),
        ("x.dot(w)", {"x", "w"}),
        ("x @ h + b", {"x", "h", "b"}),
        ("np.concatenate([x, w])", {"x", "w"}),
        ("w.transpose(0, 2, 1)", {"w"}),
        ("w.reshape(3, 3)", {"w"}),
        ("[np.tanh(b), x.shape[2]]", {"b", "x"}),
        ("[len(h), np.zeros(x.shape[1]) + (h @ w)[0]]", {"x", "h", "w"}),
        # What picks nothing by its numbers is to blame alone.
        ("w[x]", {"x"}),
        ("w[:, h[:, 0]]", {"h"}),
    ],
)
def test_those_that_met_are_blamed(code, names):
    arrays, meeting = traced({name: np.ones(shape) for name, shape in SHAPES.items()})
    with pytest.raises((ValueError, IndexError)):
        eval(code, {"np": np, **arrays})  # noqa: S307
    assert meeting.blamed(SHAPES) == names


def test_what_an_object_was_computed_of_is_forgotten_but_not_its_sizes():
    arrays, meeting = traced({"w": np.ones((2, 3)), "b": np.ones(3)})
    np.zeros_like(arrays["w"])
    assert len(arrays["b"]) == 3
    meeting.is_made()
    assert meeting.touched == {"b"}
    assert meeting.blamed("wb") == {"b"}


@pytest.mark.parametrize("code", ["(np.asarray(w) == 0) + x", "np.array([b, b]) @ x"])
def test_arrays_that_are_made_anew_are_blamed_as_well(code):
    arrays, meeting = traced({name: np.ones(shape) for name, shape in SHAPES.items()})
    plain = np.asarray
    with pytest.raises(ValueError), traced_as_made_anew():  # noqa: PT011
        eval(code, {"np": np, **arrays})  # noqa: S307
    assert meeting.blamed(SHAPES) == {"x", "w" if "w" in code else "b"}
    assert np.asarray is plain


def test_numbers_stay_as_they_are():
    assert traced({"x": 3})[0] == {"x": 3}


def test_numbers_made_of_an_array_are_to_blame_as_well():
    arrays, meeting = traced({"a": np.ones(3), "b": np.ones((2, 3)), "c": np.ones(4)})
    factor = arrays["a"] @ np.ones(3)
    with pytest.raises(ValueError, match="broadcast"):
        _ = factor * arrays["b"] + arrays["c"]
    assert meeting.blamed("abc") == {"a", "b", "c"}


def test_an_argument_and_what_it_is_added_to_are_not_spread_over_each_other():
    arrays, meeting = traced(
        {"out": np.ones((7, 5)), "w": np.ones(5), "y": np.ones((7, 1)), "b": np.ones((1, 5))}
    )
    assert (arrays["out"] + arrays["b"]).shape == (7, 5)
    assert (arrays["w"][:, None] + arrays["w"][None]).shape == (5, 5)
    assert (arrays["out"][:, None] - np.ones((3, 5))).shape == (7, 3, 5)
    assert (np.ones((3, 1, 5)) - arrays["out"]).shape == (3, 7, 5)
    with pytest.raises(ValueError, match="spread over each other"):
        arrays["out"] @ arrays["w"] - arrays["y"]
    assert meeting.blamed("x") == {"out", "w", "y"}
