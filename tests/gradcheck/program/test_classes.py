"""What the classes of a file come to."""

import ast

import pytest

from chainrule.gradcheck.program.classes import held_functions, inherited_methods, of_fields, record
from chainrule.gradcheck.program.described import described
from support.adapters import defined


def function(text, owner=""):
    return described(ast.parse(text).body[0], owner)


@pytest.mark.parametrize("text", ['P = namedtuple("P", ["W", "b"])', 'P = namedtuple("P", "W b")'])
def test_a_named_tuple_is_made_of_its_fields(text):
    made = record(ast.parse(text).body[0])
    assert (made.owner, [a.name for a in made.arguments]) == ("P", ["W", "b"])
    assert record(ast.parse("P = tuple(W)").body[0]) is None


def test_a_dataclass_is_made_of_its_fields_and_another_class_of_none():
    text = "@dataclass\nclass Net:\n    W: Array\n    lam: float = 0.1"
    (made,) = of_fields(ast.parse(text).body[0])
    assert [(a.name, a.required) for a in made.arguments] == [("W", True), ("lam", False)]
    assert of_fields(ast.parse(text.removeprefix("@dataclass\n")).body[0]) == []


def test_a_method_of_a_base_is_that_of_a_class_whose_own_it_comes_to():
    functions = {
        ("Base", "loss"): function("def loss(self, X): return self.forward(X)", "Base"),
        ("Base", "size"): function("def size(self): return self.n", "Base"),
        ("Net", "forward"): function("def forward(self, X): return X", "Net"),
    }
    every = inherited_methods(functions, {"Net": ("Base",)}, {"Base": {"forward"}})
    assert {*every} == {("Net", "loss"), ("Net", "forward"), ("Base", "size")}


def test_a_function_that_an_object_holds_is_called_like_a_method():
    functions = {("", "mse"): function("def mse(p, y): return p - y")}
    constructor = function("def __init__(self):\n    self.cost = mse", "Net")
    held = held_functions(functions, {"Net": constructor})
    assert [(place, f.name, f.owner) for place, f in held.items()] == [(("Net", "cost"), "cost", "Net")]


BASE = "class Base:\n    def __init__(self, size, act=None): self.size, self.act = size, act"
HANDED = {
    "by name": "def __init__(self, n, f): super().__init__(size=n, act=f)",
    "by place": "def __init__(self, n, f): Base.__init__(self, n, f)",
    "as they come": "def __init__(self, n, **kwargs): super().__init__(n, **kwargs)",
}


@pytest.mark.parametrize("way", HANDED)
def test_what_a_base_keeps_of_what_a_class_is_given_the_class_keeps(way):
    made = defined(f"{BASE}\nclass Layer(Base):\n    {HANDED[way]}").constructors["Layer"]
    given = "act" if way == "as they come" else "f"
    assert made.attributes.kept == (("size", "n"), ("act", given))
