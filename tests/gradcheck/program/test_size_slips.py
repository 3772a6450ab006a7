"""Other numbers of entries."""

import ast

from chainrule.gradcheck.program.scope import known_in
from chainrule.gradcheck.program.size_slips import other_sizes

FUNCTION = ast.parse("def f(x, y):\n  N, C, H = x.shape\n  m = N\n  return y / m").body[0]


def products(text: str) -> set[str]:
    known = known_in(FUNCTION, FUNCTION)
    return {ast.unparse(size) for size in other_sizes(ast.parse(text, mode="eval").body, known)}


def test_a_size_may_be_a_product_of_others_in_their_order():
    assert {"N * H", "N * C * H", "C"} <= products("N")
    assert "N" in products("N * H")


def test_what_is_no_size_is_left_alone():
    assert products("y") == products("N * y") == products("N + H") == set()
