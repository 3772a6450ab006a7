"""Which of what comes back is the gradient of which input."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.passes.calls import Passes
from chainrule.gradcheck.passes.gradients import (
    InputLeaf,
    comes_in_another_order,
    in_order,
    is_unclear,
    require_matching,
)
from chainrule.gradcheck.recognition.layers import places

X, W, B = np.ones((5, 3)), np.ones((3, 2)), np.ones(2)
ARRAYS = {
    "x": InputLeaf(0, "parameters", X),
    "W": InputLeaf(1, "parameters", W),
    "b": InputLeaf(2, "parameters", B),
}
NESTED = {"x": InputLeaf(0, "parameters", X), "W": InputLeaf(1, "W", W), "b": InputLeaf(1, "b", B)}


def found(given, inputs=ARRAYS, values=(X, W, B), names=()):
    passes = Passes(lambda x, W, b: x, lambda dout: dout, list(values))
    return in_order(given, places.returned(given, "g", names), inputs, passes)


def test_gradients_come_in_the_order_of_the_inputs_whatever_their_shapes():
    assert found((X, W, B)) == found((W, B, X)) == {"x": "g[0]", "W": "g[1]", "b": "g[2]"}


def test_names_that_all_have_go_before_the_order():
    by_name = found((W, B, X), names=("dW", "db", "dx"))
    assert by_name == {"x": "g[2]", "W": "g[0]", "b": "g[1]"}
    assert comes_in_another_order((W, B, X), by_name)
    assert found((X, W, B), names=("dx", "db", "db")) == found((X, W, B))
    assert not comes_in_another_order((X, W, B), found((X, W, B)))
    assert found({"db": B, "dW": W, "dx": X})["x"] == "g['dx']"


def test_a_nest_is_taken_apart_as_the_input_is():
    values = X, {"W": W, "b": B}
    passes = Passes(lambda x, params: x, lambda dout: dout, list(values))

    def of_nest(given):
        return in_order(given, places.returned(given, "g"), NESTED, passes)

    assert of_nest((X, {"db": B, "dW": W})) == {"x": "g[0]", "W": "g[1]['dW']", "b": "g[1]['db']"}
    assert of_nest((X, [W, B])) == {"x": "g[0]", "W": "g[1][0]", "b": "g[1][1]"}
    assert of_nest((X, W, B)) == {"x": "g[0]", "W": "g[1]", "b": "g[2]"}
    assert of_nest([W, B]) == {"W": "g[0]", "b": "g[1]"}


def test_what_needs_no_gradient_may_have_none_or_nothing_in_its_place():
    labels = np.array([0, 1])
    assert found((X, None, B), {name: ARRAYS[name] for name in ("x", "b")}, (X, labels, B))["b"] == "g[2]"
    masked = {"q": ARRAYS["x"], "mask": ARRAYS["W"]}
    passes = Passes(lambda q, mask: q, lambda dout: dout, [X, W])
    assert in_order((X,), places.returned((X,), "g"), masked, passes) == {"q": "g[0]"}


def test_a_single_array_is_that_of_the_only_input_of_its_shape():
    assert found(W) == {"W": "g"}
    assert found(np.ones(7)) == {}


def test_too_few_without_names_are_unclear_and_refused():
    given = X, W
    assert found(given) == {}
    assert is_unclear(places.returned(given, "g"), {}, ["x", "W", "b"])
    assert not is_unclear(places.returned(given, "g"), {"x": "g[0]", "W": "g[1]"}, ["b"])
    with pytest.raises(CheckError, match=r"^the gradient: returns 2 arrays"):
        require_matching({"x": X, "W": W, "b": B}, given)
    with pytest.raises(CheckError, match=r"^the backward pass: leaves no gradient"):
        require_matching({}, None)
