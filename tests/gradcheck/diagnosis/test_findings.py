"""All that is wrong with a program, in the order in which it is said."""

import pytest

from chainrule.gradcheck import check_gradient
from support.plain_nets import SMALL, named, squares, twice


def fourfold(p):
    return {name: 4 * array for name, array in p.items()}


@pytest.mark.parametrize(
    ("gradient", "beside", "causes"),
    [
        (fourfold, {"numeric": fourfold}, ["wrong-factor", "wrong-step"]),
        (twice, {"numeric": fourfold, "update": lambda p, g, rate: p}, ["wrong-step", "layer-not-updated"]),
        (twice, {"numeric": twice}, []),
    ],
)
def test_the_gradient_stands_before_what_was_handed_in_beside_it(gradient, beside, causes):
    assert named(check_gradient(squares, gradient, SMALL, **beside)) == causes
