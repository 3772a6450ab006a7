"""What a statement is made of is what it reads, by whatever name it gets there."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.diagnosis.dataflow import Dataflow
from chainrule.gradcheck.diagnosis.nodes import Node
from support.points import point_of
from support.scaled_layer import DOUT, PARAMETERS, forward, right, turned, turned_back

X = np.random.default_rng(5).normal(size=(4, 3)) + 2
H = {"h": np.array([0.3, -0.2, 0.5])}


class Layer:
    def forward(self, x):
        self.x = x
        self.cache = {"half": x / 2}
        return np.sin(self.cache["half"])

    def backward(self, dout):
        slope = np.cos(self.cache["half"])
        dx = np.zeros_like(self.x)
        dx += dout * slope
        return dx / 2


LAYER = Layer()


def of_object(p, dout):
    return (LAYER.forward(p["x"]) * dout).sum()


def of_object_back(p, dout):
    return {"x": LAYER.backward(dout)}


def flow(cost, gradient, parameters, data, *, once=False) -> tuple[list[Node], list[Node]]:
    point = point_of(cost, gradient, parameters, data)
    own = Dataflow(point.program.statements(), dict(zip(point.names, point.arrays, strict=True)), once=once)
    watched = [point.program.trace(point.arrays, point.data, name, True) for name in ("cost", "gradient")]
    return own.follow(watched[0]), own.follow(watched[1], watched[0])


def told(nodes: list[Node]) -> dict[str, list[str]]:
    return {node.name: [source.name for source in node.sources] for node in nodes}


def test_values_are_made_of_what_their_statements_read():
    there, back = flow(forward, right, PARAMETERS, (DOUT,))
    assert told(there) == {
        "x": [], "w": [], "b": [], "z": ["x", "w", "b"], "bent": ["z"], "out": ["bent"], "dout": [],
        "forward()": ["out", "dout"],
    }  # fmt: skip
    # It computes z again, which is no new value.
    assert told(back) == {"dz": ["dout", "z"], "dx": ["dz", "w"], "dw": ["x", "dz"], "b": ["dz"]}


def test_values_are_found_again_in_caches_and_attributes():
    there, back = flow(of_object, of_object_back, {"x": PARAMETERS["x"]}, (PARAMETERS["x"] + 1,))
    half = "self.cache['half']"
    assert told(there) == {
        "x": [], half: ["x"], "forward()": [half], "dout": [], "of_object()": ["forward()", "dout"],
    }  # fmt: skip
    # What returns dx / 2 is called x where it goes on.
    assert told(back) == {"slope": [half], "dx": ["dx", "dout", "slope"], "x": ["dx"]}


def test_a_loop_is_told_once_with_its_turns():
    there, back = flow(turned, lambda p, x: turned_back(p, x, wrong=False), H, (X,))
    (h,) = (node for node in there if node.name == "h" and node.statement)
    assert len(h.values) == 4
    dh = [node for node in back if node.name == "dh"]
    assert [len(node.values) for node in dh] == [1, 4]
    assert told(back)["dh"] == ["da", "scale"]


def squared(v):
    return v * v


def two_calls(p):
    first = squared(p["x"])
    second = squared(first)
    return second.sum()


def test_a_function_that_is_called_twice_is_told_twice_or_once_where_that_is_wanted():
    def gradient(p):
        return {"x": 4 * p["x"] ** 3}

    there, _ = flow(two_calls, gradient, {"x": PARAMETERS["x"]}, ())
    assert [node.name for node in there] == ["x", "first", "second", "two_calls()"]
    assert told(there)["second"] == ["first"]
    there, _ = flow(two_calls, gradient, {"x": PARAMETERS["x"]}, (), once=True)
    assert [len(node.values) for node in there] == [1, 2, 1]


def tall(p):
    y = p["x"] / p["x"].shape[0]
    return (
        y
        * 3
    ).sum()  # fmt: skip


def test_a_shape_is_not_what_a_value_is_made_of_but_a_statement_on_several_lines_has_all():
    def gradient(p):
        d = np.ones_like(p["x"]) * 3
        return {"x": d / 5}

    there, back = flow(tall, gradient, {"x": PARAMETERS["x"]}, ())
    assert told(there)["tall()"] == ["y"]
    assert told(back)["d"] == []


def test_what_a_process_says_of_its_lines_costs_nothing():
    (first, *_) = (s for s in point_of(forward, right, PARAMETERS, (DOUT,)).program.statements())
    own = Dataflow([first._replace(first=1, last=2**31 - 1)], {}, once=False)
    assert own.follow([]) == []


def bent(v):
    return np.maximum(v, 0.1), v


def through(p):
    y, _ = bent(p["x"])
    return (y * y).sum()


def through_back(p):
    y, x = bent(p["x"])
    dy = 2 * y
    return {"x": dy * (x > 0.1)}


def test_what_is_computed_again_stays_what_it_was():
    there, back = flow(through, through_back, {"x": PARAMETERS["x"]}, ())
    assert told(there) == {"x": [], "bent()": ["x"], "through()": ["bent()"]}
    assert told(back) == {"dy": ["bent()"], "x": ["dy", "x"]}
