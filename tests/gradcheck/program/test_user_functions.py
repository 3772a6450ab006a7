"""The user's functions are called with copies of everything."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.binding import bind
from chainrule.gradcheck.program.nest import Nest
from chainrule.gradcheck.program.user_functions import UserFunction, UserFunctions

W = np.array([1.0, 2.0])


def functions_of(gradient, *, by_update=False):
    return UserFunctions(
        Nest(W), {"gradient": UserFunction(bind(gradient, W, 1, "it"), gradient)}, by_update=by_update
    )


def test_what_one_changes_is_not_changed_outside():
    def gradient(w, x):
        x += 1
        w *= 2
        return x

    data = np.zeros(2)
    returned, after = functions_of(gradient).called("gradient", [W], (data,))
    assert (returned.tolist(), after[0].tolist()) == ([1, 1], [2, 4])
    assert (W.tolist(), data.tolist()) == ([1, 2], [0, 0])


def test_one_that_was_not_given_is_named():
    functions = functions_of(lambda w, x: w)
    assert "gradient" in functions
    assert "update" not in functions
    with pytest.raises(CheckError, match="the numeric gradient: none was given"):
        functions.of("numeric")


def test_a_warning_that_numbers_lose_their_imaginary_part_is_an_error():
    functions = functions_of(lambda w, x: w.astype(float))
    with pytest.raises(np.exceptions.ComplexWarning):
        functions.called("gradient", [W + 1j], (W,))
