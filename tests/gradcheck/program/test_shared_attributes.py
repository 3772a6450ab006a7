"""Attributes that hold the arrays of others."""

import ast

import pytest

from chainrule.gradcheck.program.shared_attributes import shared_attributes


def of(body: str) -> dict[str, str]:
    (node,) = ast.parse(f"def __init__(self, W, b=None):\n    {body}").body
    assert isinstance(node, ast.FunctionDef)
    return shared_attributes(node, "self")


@pytest.mark.parametrize(
    ("body", "shared"),
    [
        ("self.all = {'W': self.W, 'b': self.b}", {"all": "{'W': W, 'b': b}"}),
        ("self.all = dict(W=self.W)", {"all": "{'W': W}"}),
        ("self.all = [self.W, (self.b,)]", {"all": "[W, (b,)]"}),
        ("self.weights = self.W", {"weights": "W"}),
        ("self.W = self.params['W']", {"W": "params['W']"}),
        ("self.all = {'W': self.W, 'rate': 0.1}", {"all": "{**all, 'W': W}"}),
        ("self.all = {}; self.all['W'] = self.W; self.all['b'] = self.b", {"all": "{**all, 'W': W, 'b': b}"}),
    ],
)
def test_what_is_made_of_other_attributes_holds_their_arrays(body, shared):
    assert of(body) == shared


@pytest.mark.parametrize(
    "body",
    [
        "self.W = W",
        "self.all = {'W': self.W.copy()}",
        "self.all = [np.zeros_like(self.W)]",
        "self.all = [self.W]; self.all = None",
        "if b: self.all = [self.W]",
        "self.all = []",
        "self.all = {**self.others}",
    ],
)
def test_copies_and_what_may_not_be_there_hold_none(body):
    assert of(body) == {}
