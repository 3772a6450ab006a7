"""A method that makes the parameters it trains, as a function."""

import ast

import pytest

from chainrule.gradcheck.program.fitting_methods import as_function

FIT = """
def fit(self, X, y):
    self.w = self.start(X)
    self.w -= self.lr * self.slope(X, y) + self.lam * self.w
"""


MODEL = ast.parse("class Model:\n    def __init__(self, size): ...").body[0]


def function(text, owner=MODEL):
    return ast.unparse(as_function(ast.parse(text).body[0], owner))


@pytest.mark.parametrize(
    ("constructor", "made"),
    [
        ("def __init__(self): ...", "Model()"),
        ("def __init__(self, lr=0.1, *, delta=1): ...", "Model()"),
        ("def __init__(self, *, delta): ...", "Model.__new__(Model)"),
        ("x = 3", "Model.__new__(Model)"),
    ],
)
def test_an_object_has_the_settings_of_its_defaults(constructor, made):
    owner = ast.parse(f"class Model:\n    {constructor}").body[0]
    assert f"self = {made}\n" in function(FIT, owner)


def test_parameters_rates_and_l2_get_names_of_their_own():
    assert function(FIT) == (
        "def fit(X, y, lam, lr):\n    self = Model.__new__(Model)\n"
        "    w = (vars(self).update(lam=lam), self)[1].start(X)\n"
        "    w -= lr * (vars(self).update(lam=lam, w=w), self)[1].slope(X, y) + lam * w"
    )


def test_a_method_that_leaves_something_on_the_object_is_called_before_this_is_read():
    text = "def fit(self, X, y):\n    self.w = 3\n    self.forward(X)\n    self.w -= self.lr * (self.out - y)"
    assert "self = ((vars(self).update(w=w), self)[1].forward(X), self)[1]\n" in function(text)


@pytest.mark.parametrize("text", [FIT.replace("self.w =", "w =").replace("self.w -=", "w -="),
                                  FIT.replace("fit", "__init__"), "def fit(): w = 3"])  # fmt: skip
def test_a_method_that_makes_no_parameters_becomes_nothing(text):
    assert function(text).endswith("pass")


def test_the_method_stays_as_it_was_and_the_statements_on_their_lines():
    tree = ast.parse(FIT)
    before = ast.unparse(tree)
    made = as_function(tree.body[0], MODEL)
    assert ast.unparse(tree) == before
    assert [node.lineno for node in made.body] == [3, 3, 4]


def test_a_method_with_a_name_of_its_own_that_is_on_the_object_too_becomes_nothing():
    assert function("def fit(self, X, y):\n    self.w = 3\n    w = self.w * 2\n    self.w -= w").endswith(
        "pass"
    )


def test_a_method_finds_what_it_reads_or_what_it_calls_reads_and_no_more():
    owner = ast.parse(
        "class Model:\n    def __init__(self): ...\n    def slope(self, X): return self.out(X) * 2\n"
        "    def out(self, X): return X @ self.w"
    ).body[0]
    text = "def fit(self, X, y):\n    self.w, self.b = 1, 2\n    self.w -= self.lr * self.slope(X) + self.lam"
    assert "(vars(self).update(w=w), self)[1].slope(X)" in function(text, owner)


def test_a_parameter_that_the_constructor_makes_is_handed_over():
    made = function(FIT + "    self.b -= self.lr * self.slope(X, self.b)\n")
    assert made.startswith("def fit(X, y, b, lam, lr):")
    assert "b -= lr * (vars(self).update(b=b, lam=lam, w=w), self)[1].slope(X, b)" in made
    assert function("def fit(self, X, y):\n    self.b -= self.lr * self.slope(X, y)").endswith("pass")
