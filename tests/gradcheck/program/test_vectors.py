"""Vectors of all parameters, and what says how they are taken apart."""

import ast

import pytest

from chainrule.gradcheck.program.vectors import taken_apart_as_vector


@pytest.mark.parametrize(
    ("body", "sizes"),
    [
        ("return p[:a * b].reshape(a, b), p[a * b:]", {"a", "b"}),
        ("n = a * b\n    return np.reshape(p[0:n], (b, a), order='F')", {"a", "b"}),
        ("for i in range(b): p[i * a:i * a + a].reshape(1, a) @ x", {"a", "b"}),
    ],
)
def test_a_vector_is_cut_and_put_into_shapes_by_sizes(body, sizes):
    found = taken_apart_as_vector(ast.parse(f"def f(p, a, b, x):\n    {body}").body[0])
    assert found.vectors == {"p"}
    assert found.sizes == sizes


@pytest.mark.parametrize(
    "body", ["return x[:a] @ p.reshape(a, b)", "return p[:, :a].reshape(-1)", "return p[a:] @ x"]
)
def test_what_is_cut_and_put_into_no_shape_is_none(body):
    assert not taken_apart_as_vector(ast.parse(f"def f(p, a, b, x):\n    {body}").body[0]).vectors


def test_what_is_handed_on_stands_in_its_place():
    found = taken_apart_as_vector(ast.parse("def f(p, a): return unpack(p, 3, a), g(1)").body[0])
    assert found.handed == (("unpack", ("p", "", "a")),)
