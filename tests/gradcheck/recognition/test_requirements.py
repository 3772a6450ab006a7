"""What must hold of an adapter before its gradient is held against its cost."""

import itertools

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.requirements import require_made_shapes, require_stateless


def test_parameters_have_a_shape_in_which_the_file_makes_them():
    program = LocalProgram(lambda w, X: 0.0, lambda w, X: w, {"w": np.ones(6)}, (np.ones((7, 6)),))
    column, vector = frozenset({(None, 1)}), frozenset({(None,)})
    require_made_shapes(program, {"w": column | vector, "v": frozenset({()})}, ["w"], with_data=True)
    require_made_shapes(program, {"X": vector}, ["w"], with_data=False)
    for made, said in (({"w": column}, r"w is \(6,\) in it"), ({"X": vector}, r"X is \(7, 6\) in it")):
        with pytest.raises(CheckError, match=said):
            require_made_shapes(program, made, ["w"], with_data=True)


def test_an_array_by_itself_is_called_as_the_file_calls_it():
    program = LocalProgram(lambda w: 0.0, lambda w: w, np.ones(6), ())
    with pytest.raises(CheckError, match=r"theta is \(6,\) in it"):
        require_made_shapes(program, {"theta": frozenset({(None, 1)})}, ["theta"], with_data=False)


def test_a_cost_that_goes_on_from_call_to_call_is_none():
    count = itertools.count()
    goes_on = LocalProgram(lambda w: float(next(count)), lambda w: w, np.ones(3), ())
    require_stateless(LocalProgram(lambda w: 1.0, lambda w: w, np.ones(3), ()))
    with pytest.raises(CheckError, match="changes from call to call"):
        require_stateless(goes_on)
