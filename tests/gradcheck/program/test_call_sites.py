"""What a file hands to its own functions is read from its calls."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.call_sites import HandedOn, call_sites, joined, switched_sites

ARGUMENTS = {"forward": ("X", "net"), "backward": ("X", "P", "kind"), "loss": ("P",)}
WHOLE, SECOND = HandedOn("forward"), HandedOn("forward", 1)


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        ("P = forward(X, net)\nbackward(X, P)", WHOLE),
        ("backward(X, forward(X, net))", WHOLE),
        ("H, P = forward(X, net)\nbackward(X, P)", SECOND),
        ("backward(X, forward(X, net)[1])", SECOND),
        ("out = forward(X, net)\nbackward(X, out[1])", SECOND),
        ("self.P = self.forward(X, net)\nself.backward(X, self.P)", WHOLE),
        ("backward(X, P=forward(X, net))", WHOLE),
        ("def train():\n    for i in range(3):\n        P = forward(X, net)\n        backward(X, P)", WHOLE),
        (
            "class Net:\n    def fit(self, X):\n        P = self.forward(X)\n        self.backward(X, P)",
            WHOLE,
        ),
        ("backward(X, 'relu')", HandedOn(constant="'relu'")),
        ("backward(X, 3)", HandedOn(constant="3")),
    ],
)
def test_what_an_argument_is_at_a_call(text, handed):
    assert call_sites(ast.parse(text).body, ARGUMENTS)["backward", "P"] == (handed,)


@pytest.mark.parametrize(
    "text", ["backward(X, P)", "backward(*both)", "def f(P):\n    backward(X, P)",
             "P = backward(X, P)\nbackward(X, P)", "other(X, forward(X))"])  # fmt: skip
def test_what_comes_from_elsewhere_is_not_known(text):
    assert ("backward", "P") not in call_sites(ast.parse(text).body, ARGUMENTS)


def test_every_way_is_given_once_in_order():
    text = "backward(X, 'a')\nbackward(X, forward(X))\nbackward(X, 'a')"
    assert call_sites(ast.parse(text).body, ARGUMENTS)["backward", "P"] == (HandedOn(constant="'a'"), WHOLE)


@pytest.mark.parametrize(
    ("text", "expression", "names", "free"),
    [
        ("P = softmax(X + b)\nbackward(X, P)", "softmax(X + b)", {}, ["softmax", "X", "b"]),
        ("s = X + b\nbackward(X, s - 1)", "s - 1", {"s": "X + b"}, ["X", "b"]),
        ("P = X + b\nP -= 1\nbackward(X, P * 2)", "P * 2", {}, ["P"]),
        ("P = X + b\nP[0] = 1\nbackward(X, P * 2)", "P * 2", {}, ["P"]),
        ("for i in range(3):\n    h = h + b\n    backward(X, h * 2)", "h * 2", {"h": "h + b"}, ["h", "b"]),
    ],
)
def test_what_is_computed_is_known_with_the_names_that_are_made_once(text, expression, names, free):
    (handed,) = call_sites(ast.parse(text).body, ARGUMENTS)["backward", "P"]
    assert handed.expression == expression
    assert {name: made.expression for name, made in handed.names} == names
    assert sorted(handed.free) == sorted(free)


def test_a_list_that_is_written_down_is_a_constant():
    assert call_sites(ast.parse("backward(X, [50, 30])").body, ARGUMENTS)["backward", "P"] == (
        HandedOn(constant="[50, 30]"),
    )


def test_what_an_argument_is_depends_on_the_switches_of_a_call():
    text = "backward(X, None, kind=True)\nbackward(X, forward(X), kind=False)"
    switched = switched_sites(ast.parse(text).body, ARGUMENTS)
    assert switched["backward", "P", "kind", "True"] == (HandedOn(constant="None"),)
    assert switched["backward", "P", "kind", "False"] == (WHOLE,)


@pytest.mark.parametrize(
    ("first", "second"),
    [("P = forward(X)", "H, P = forward(X, net=True)"), ("H, P = forward(X, net=True)", "P = forward(X)")],
)
def test_of_several_that_give_a_name_its_value_those_are_meant_that_set_a_switch_so(first, second):
    text = f"{first}\n{second}\nloss(P, net=True)\nloss(P, net=False)"
    switched = switched_sites(ast.parse(text).body, ARGUMENTS | {"loss": ("P", "net")})
    assert switched["loss", "P", "net", "True"] == (SECOND,)
    assert switched["loss", "P", "net", "False"] == (WHOLE,)


def test_what_two_files_hand_on_is_joined_the_first_before_the_second():
    first, second = (
        {("backward", "P"): (WHOLE,)},
        {("backward", "P"): (SECOND, WHOLE), ("loss", "P"): (WHOLE,)},
    )
    assert joined(first, second) == {("backward", "P"): (WHOLE, SECOND), ("loss", "P"): (WHOLE,)}


def test_an_array_that_is_filled_with_two_parts_is_computed_from_them():
    text = "H = forward(X)\nA = np.zeros(H.shape)\nA[:, 0] = h0\nA[:, 1:] = H[:, :-1]\nbackward(X, A)"
    (handed,) = call_sites(ast.parse(text).body, ARGUMENTS)["backward", "P"]
    assert handed.expression == "np.column_stack([h0, H[:, :-1]])"
    assert handed.names == (("H", WHOLE),)
