"""Functions that others define and give."""

import ast

from chainrule.gradcheck.program.inner_functions import makes_together, pullback


def node(text):
    return ast.parse(text).body[0]


def test_functions_that_are_given_together_take_what_their_maker_takes():
    made = list(
        makes_together(
            node("def make(X):\n    def cost(W): ...\n    def slope(W): ...\n    return cost, slope")
        )
    )
    assert [(f.name, [a.name for a in f.arguments], f.maker.place) for f in made] == [
        ("cost", ["W", "X"], 0), ("slope", ["W", "X"], 1),
    ]  # fmt: skip


def test_the_only_function_beside_a_value_is_a_backward_pass():
    (back,) = pullback(node("def dense(x):\n    def back(dy): return dy\n    return x, back")).values()
    assert (back.name, back.maker.name, back.maker.place) == ("back", "dense", 1)
    assert not pullback(node("def both():\n    def f(): ...\n    def g(): ...\n    return f, g"))
    assert not pullback(node("def alone():\n    def f(): ...\n    return f"))
