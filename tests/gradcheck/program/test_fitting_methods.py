"""A method that makes the parameters it trains, as a function."""

import ast

import pytest

from chainrule.gradcheck.program.fitting_methods import as_function

FIT = """
def fit(self, X, y):
    self.w = self.start(X)
    self.w -= self.lr * self.slope(X, y) + self.lam * self.w
"""


def function(text, owner="Model"):
    return ast.unparse(as_function(ast.parse(text).body[0], owner))


def test_parameters_rates_and_l2_get_names_of_their_own():
    assert function(FIT) == (
        "def fit(X, y, lam, lr):\n    self = Model.__new__(Model)\n    w = self.start(X)\n"
        "    w -= lr * self.slope(X, y) + lam * w"
    )


@pytest.mark.parametrize("text", [FIT.replace("self.w =", "w =").replace("self.w -=", "w -="),
                                  FIT.replace("fit", "__init__"), "def fit(): w = 3"])  # fmt: skip
def test_a_method_that_makes_no_parameters_becomes_nothing(text):
    assert function(text).endswith("pass")


def test_the_method_stays_as_it_was_and_the_statements_on_their_lines():
    tree = ast.parse(FIT)
    before = ast.unparse(tree)
    made = as_function(tree.body[0], "Model")
    assert ast.unparse(tree) == before
    assert [node.lineno for node in made.body] == [3, 3, 4]
