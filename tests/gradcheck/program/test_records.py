"""What picks entries of arrays."""

import ast

import pytest

from chainrule.gradcheck.program.records import counting_in, picking_in, records_in


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


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        ("return (words * P).sum()", True),
        ("return np.where(words[:, None], P, 0)", True),
        ("P[~words] = 0", True),
        ("return P[words]", True),
        ("return (P @ words) * P", False),
        ("return words.T @ (words * P)", False),
        ("return (words * P) + np.dot(P, words)", False),
        ("return words * P + dot(P, words)", False),
        ("return words.sum() * P", False),
        ("return words.reshape(-1, 1) * P", True),
        ("return P + words", False),
    ],
)
def test_what_says_which_entries_count_is_in_no_product_of_matrices(body, counts):
    assert ("words" in counting_in(function(body))) is counts
