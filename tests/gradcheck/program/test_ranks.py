"""How many axes code asks for."""

import ast

import pytest

from chainrule.gradcheck.program.ranks import ranks


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("x.ndim == 4", {4}),
        ("np.ndim(x) in (2, 3)", {2, 3}),
        ("len(x.shape) != 2", {1, 3, 4}),
        ("x.ndim > 2", {3, 4}),
        ("x.ndim >= 2", {2, 3, 4}),
        ("x.ndim < 2", {1}),
        ("x.ndim <= 2", {1, 2}),
        ("len(self.kernel_shape) == 2", {2, 3, 4}),
        ("x.ndim == y.ndim", set()),
        ("len(layers) == 2", set()),
        ("1 < x.ndim < 4", set()),
    ],
)
def test_what_a_comparison_picks_out(text, picked):
    assert set(ranks(ast.parse(text))) == picked
