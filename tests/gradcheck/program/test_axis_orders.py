"""Axes in another order."""

from __future__ import annotations

import ast

import pytest

from chainrule.gradcheck.program.axis_orders import other_orders
from chainrule.gradcheck.program.places import expressions


def orders(statement):
    (tree,) = ast.parse(statement).body
    return {ast.unparse(new) for place in expressions(tree) for _, new in other_orders(place.get(), place)}


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("d = dout.reshape(-1, k)", "dout.transpose(0, 2, 3, 1)"),
        ("dx = cols.reshape(n, c, h, w)", "cols.reshape(n, h, w, c).transpose(0, 3, 1, 2)"),
        ("s = q.transpose(0, 1, 2)", "q.transpose(0, 2, 1)"),
        ("s = np.einsum('nij,nj->ni', A, b)", "'nij,jn->ni'"),
        ("s = q @ k", "k.swapaxes(-1, -2)"),
    ],
)
def test_what_may_have_been_meant(statement, other):
    assert other in orders(statement)


def test_what_has_its_own_shape_is_not_transposed_in_every_way():
    assert orders("d = dout + 1") == {"dout.swapaxes(-1, -2)"}
