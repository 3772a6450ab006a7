"""Attributes that hold the arrays of others."""

import ast

import pytest

from chainrule.gradcheck.program.shared_attributes import shared_attributes, sharings


def of(body: str) -> dict[str, str]:
    (node,) = ast.parse(f"def __init__(self, W, b=None):\n    {body}").body
    assert isinstance(node, ast.FunctionDef)
    return shared_attributes([*sharings(node, "self")])


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
        ("self.all = {'W': self.W, 'b': self.b}; self.W = 2 * self.W", {"all": "{**all, 'b': b}"}),
        ("self.all = {'W': self.W, 'b': self.b}; self.all['W'] = 0 * W", {"all": "{**all, 'b': b}"}),
        ("self.W = W; self.all = [self.W]; self.W *= 2; self.W[0] = 1; self.W.sort()", {"all": "[W]"}),
        ("self.W = self.p['W']; self.b = self.p['b']; self.p['b'] = b", {"W": "p['W']"}),
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
        "self.all = [self.W]; self.W = 2 * W",
        "self.all = [self.W]; self.all[0] = W",
        "self.all = [self.W]; self.W, self.b = W, b",
        "self.all = {'W': self.W}; self.all.update(W=W)",
        "self.all = {'W': self.W}; self.all[b] = W",
        "self.W = self.p['W']; self.p = {}",
        "self.all = [self.W]; setattr(self, b, W)",
        "self.all = [self.W]; vars(self).update(W=W)",
        "self.all = [self.W]; self.__dict__['W'] = W",
        "self.all = [self.W]; super().__init__()",
        "if b: self.all = [self.W]",
        "self.all = []",
        "self.all = {**self.others}",
    ],
)
def test_copies_and_what_may_not_be_there_hold_none(body):
    assert of(body) == {}


def test_methods_count_where_they_are_called():
    methods = {"start": [("W", "")], "hold": [("all", "[W]")], "again": [("again", "")]}
    assert shared_attributes([("start", ""), ("hold", ""), ("again", "")], methods.get) == {"all": "[W]"}
    assert shared_attributes([("hold", ""), ("start", "")], methods.get) == {}
