"""What picks entries of arrays."""

import ast

import pytest

from chainrule.gradcheck.program.records import picking_in, records_in


def function(body):
    (node,) = ast.parse(f"def f(P, data, words, n):\n    {body}").body
    return node


@pytest.mark.parametrize(
    ("loop", "parts"),
    [
        ("for u, i, r in data: P[u] += r * P[i]", ("index", "index", "number")),
        ("for k, (u, r) in enumerate(data): P[u] += r", ("index", "number")),
        ("return sum(P[c] @ P[o] for c, o in data)", ("index", "index")),
        ("for u, near in data: [P[u] @ P[i] for i in near]", ("index", "indices")),
    ],
)
def test_parts_of_tuples_are_told_by_their_use(loop, parts):
    assert records_in(function(loop)) == {"data": parts}


@pytest.mark.parametrize(
    "loop", ["for x, y in data: x @ P - y", "for u in data: P[u]", "for (u, *r) in data: P[u]"]
)
def test_lists_of_anything_else_are_none(loop):
    assert records_in(function(loop)) == {}


def test_indices_pick_entries_and_bounds_of_slices_do_not():
    assert picking_in(function("return P[words[:, 0]][:n]")) == {"words"}
    assert picking_in(function("return P[range(n), data]")) == {"data"}
