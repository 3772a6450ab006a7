"""A gradient called from Python, and asserted in tests."""

import pytest

from chainrule.gradcheck import assert_gradient, check_gradient
from support.plain_nets import SMALL, X, Y, cost, drawn, gradient, squares, twice


def test_an_assertion_passes_for_a_right_gradient():
    assert_gradient(cost, gradient, drawn(), X, Y, 0.1)


def test_the_message_of_an_assertion_is_the_diagnosis():
    def wrong(p):
        return {name: 3 * a for name, a in p.items()}

    with pytest.raises(AssertionError) as failed:
        assert_gradient(squares, wrong, SMALL)
    assert str(failed.value) == str(check_gradient(squares, wrong, SMALL))
    assert str(failed.value).startswith("the gradient is wrong: ")


def test_an_assertion_also_checks_the_update_and_the_numeric_gradient():
    with pytest.raises(AssertionError, match="the update is wrong: layer-not-updated"):
        assert_gradient(squares, twice, SMALL, update=lambda p, g, rate: p)
    with pytest.raises(AssertionError, match="the numeric check is wrong: wrong-step"):
        assert_gradient(squares, twice, SMALL, numeric=lambda p: {name: 4 * a for name, a in p.items()})
