"""What a definition says of how to call its function."""

import ast

import pytest

from chainrule.gradcheck.program.described import described
from chainrule.gradcheck.program.signatures import Argument


def function(text):
    (only,) = ast.parse(text).body
    return described(only)


@pytest.mark.parametrize(
    ("spec", "arguments"),
    [
        ("", []),
        ("X, W", [Argument("X"), Argument("W")]),
        ("X, lam=0.1", [Argument("X"), Argument("lam", False, False, "0.1")]),
        ("X, /, W", [Argument("X"), Argument("W")]),
        ("X, *others, lam, h=1", [
            Argument("X"), Argument("lam", keyword_only=True), Argument("h", False, True, "1"),
        ]),
        ("X, **options", [Argument("X")]),
    ],
)  # fmt: skip
def test_arguments_are_required_unless_they_have_a_default(spec, arguments):
    assert list(function(f"def f({spec}): ...").arguments) == arguments


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ('return p["W"] + p["b"] + p["W"]', {"p": ("W", "b")}),
        ('return p[i]["W"]', {"p[]": ("W",)}),
        ('return p["W" + str(i)]', {"p": ("W#",)}),
        ('return p[f"W{i}"]', {"p": ("W#",)}),
        ('return p[f"{i}"], p[0], p[i], p[:1]', {}),
        ('return net.p["W"]', {}),
    ],
)
def test_keys_by_which_an_argument_is_looked_up_are_known(body, keys):
    assert function(f"def f(p, i):\n    {body}").keys == keys


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ("return dW[::-1], np.array(db), list(dg), P[1:]", ("dW", "db", "dg", "")),
        ("return dW, db", ("dW", "db")), ("return [dW, db]", ("dW", "db")), ("return 2 * dW, db", ("", "db")),
        ("return dW", ()), ("return", ()), ("pass", ()),
        ("if X: return a, b\n    return c, d", ("c", "d")),
    ],
)  # fmt: skip
def test_names_of_what_is_returned_last_are_known(body, returns):
    assert function(f"def f(X):\n    {body}").returns == returns


def test_names_that_are_read_and_not_set_are_used():
    uses = function("def f(X):\n    s = W @ X + b\n    return s + W").uses
    assert sorted(uses) == ["W", "b"]


def test_a_function_gives_something_where_it_returns_something():
    gives = [function(text).gives for text in ("def f(): return 1", "def g(): return None", "def h(): pass")]
    assert gives == [True, False, False]


def test_what_stands_in_one_of_several_values_that_are_returned():
    assert function("def f(x):\n    return loss, (dx, dy[::-1]), {'dw': 1}").returns_inside == (
        "dx",
        "dy",
        "dw",
    )


def test_arguments_that_are_compared():
    assert function("def f(a, b, c):\n    return a != b or c == 2").compared == {frozenset("ab")}


def test_arguments_that_are_added():
    assert function("def f(a, b, c):\n    return (a + b) * c").added == {frozenset("ab")}


def test_gradients_that_are_turned_round_keep_their_names():
    text = "def f(W):\n    return reversed(dW), list(reversed(db)), dg[::-1]\n"
    assert function(text).returns == ("dW", "db", "dg")


def test_what_only_gives_what_it_finds_computes_nothing():
    getter = "def f(self):\n    out = []\n    for layer in self.layers:\n        {}\n    return out"
    texts = ("out.append((layer.dW, layer.db))", "out.append(2 * layer.dW)", "out.append(np.sum(layer.dW))")
    assert [function(getter.format(text)).computes for text in texts] == [False, True, True]
