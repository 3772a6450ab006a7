"""How a file fills its own objects is read from the calls after their constructors."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.building import Building, buildings, composed

ARGUMENTS = {"Net": ("n_inputs", "lr"), "add": ("n_units", "kind"), "set_input": ("size",)}
FILLED = Building("Net", "Net(4)", ("add(3, 'relu')", "add(2)"))


def built(text):
    return list(buildings(ast.parse(text).body, {"Net", "Dense"}, ARGUMENTS))


@pytest.mark.parametrize(
    "text",
    [
        "net = Net(4)\nnet.add(3, 'relu')\nnet.add(2)",
        "def main():\n    net = Net(4)\n    net.add(3, 'relu')\n    net.add(2)",
        "if __name__ == '__main__':\n    net = Net(4)\n    X = load()\n    net.add(3, 'relu')\n    net.add(2)",
        "self.net = Net(4)\nself.net.add(3, 'relu')\nself.net.add(2)\nself.net.summary()",
        "net = Net(4)\nnet.add(3, 'relu')\nnet.add(2)\nnet.train(100)\nnet.add(7)",
        "net = Net(4)\nnet.add(3, 'relu')\nnet.add(2)\nnet.use(X)\nnet.add(7)",
        "net = Net(4)\nnet.add(3, 'relu')\nnet.add(2)\nfor i in range(3):\n    net.add(7)",
    ],
)
def test_calls_with_constants_that_follow_fill_an_object(text):
    assert built(text) == [FILLED]


def test_objects_made_of_constants_are_given_as_they_are_written():
    assert built("net = Net(lr=0.1)\nnet.add(Dense(4, 3))") == [
        Building("Net", "Net(lr=0.1)", ("add(Dense(4, 3))",))
    ]


def test_a_constructor_that_is_given_more_than_constants_and_sizes_is_left_out():
    assert built("net = Net(4, rate)\nnet.add(3)") == [Building("Net", "", ("add(3)",))]


def test_sizes_that_are_computed_stand_as_numbers_of_their_own():
    text = "net = Net(X.shape[1])\nnet.set_input(X.shape[1])\nnet.add(hidden)\nnet.add(len(names), 'relu')"
    assert built(text) == [
        Building("Net", "Net(10001)", ("set_input(10001)", "add(10002)", "add(10003, 'relu')"))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "net = Net(4)",
        "net = Other(4)\nnet.add(3)",
        "net = Net(4)\nnet.fit(5)",
        "net = Net(4)\nnet.add(4, kind)",
    ],
)
def test_nothing_else_fills_an_object(text):
    assert built(text) == []


def test_classes_are_composed_of_those_whose_objects_they_are_handed():
    tree = ast.parse("def run():\n    return Skip(Dense(4, 4), Drop(0.1))\nChain(Skip(), other(Dense(1, 2)))")
    made = composed(tree.body, {"Skip", "Dense", "Drop", "Chain"})
    assert made == {"Skip": {"Dense", "Drop"}, "Chain": {"Skip", "Dense"}, "Dense": set(), "Drop": set()}


def test_what_completes_a_filled_object_is_called_as_well_and_what_prints_it_is_not():
    text = "net = Net(4)\nnet.add(3)\nnet.summary()\nnet.build()\nnet.fit(X)"
    assert built(text) == [Building("Net", "Net(4)", ("add(3)", "build()"))]
    assert built("net = Net(4)\nnet.build()\nnet.fit(X)") == []
