"""What can be written of values."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from chainrule.gradcheck.program.value_forms import DIVIDING, WrittenForms

rng = np.random.default_rng(0)
A, B, V = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=3)


def name(text):
    return ast.Name(text, ast.Load())


def forms(**values):
    return WrittenForms(
        [(name(key), value if isinstance(value, tuple) else (value,)) for key, value in values.items()]
    )


def texts(known, *shapes):
    return {ast.unparse(each.node()): each.values for each in known.fitting(shapes)}


@pytest.mark.parametrize(
    "text",
    ["a", "v", "1 - a ** 2", "a > 0", "a.sum(axis=0)", "a.mean(axis=1, keepdims=True)",
     "(a * b).mean(axis=1, keepdims=True)", "a @ w"],
)  # fmt: skip
def test_what_can_stand_there_gives_what_it_says(text):
    W = rng.normal(size=(3, 3))
    made = texts(forms(a=A, b=B, v=V, w=W), A.shape)[text]
    right = eval(text, {"a": A, "b": B, "v": V, "w": W})  # noqa: S307
    np.testing.assert_allclose(made[0], right)


def test_what_has_another_shape_cannot_stand_there():
    made = texts(forms(a=A, b=B), A.shape)
    assert "a.T" not in made
    assert "a.sum(axis=1)" not in made
    assert "a.T" in texts(forms(a=A), A.T.shape)


def test_products_of_vectors():
    assert "np.outer(v, u)" in texts(forms(v=V, u=rng.normal(size=4)), (3, 4))


def test_numbers_are_those_of_every_turn():
    known = forms(a=(A, A[:2]), n=(5, 5), t=(0, 1))
    assert {ast.unparse(node): value for node, value in known.numbers} == {"n": 5.0, "a.shape[1]": 3.0}


def test_what_is_no_number_is_passed_over():
    assert (
        texts(forms(a=A, text=("x",), nothing=(None,), words=(np.array(["a"]),)), (4, 3)).keys()
        == texts(forms(a=A), (4, 3)).keys()
    )
    assert not list(forms(a=A).fitting(()))


def test_one_over_is_divided_by():
    form = next(each for each in forms(a=abs(A)).fitting([A.shape]) if each.form == "1 / {0}")
    below = form.below()
    assert below is not None
    assert ast.unparse(below) == "a"


def test_what_may_be_0_is_not_divided_by():
    assert not {each.form for each in forms(a=A).fitting([A.shape])} & DIVIDING
