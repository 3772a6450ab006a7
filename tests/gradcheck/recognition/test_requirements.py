"""What must hold of an adapter before its gradient is held against its cost."""

import itertools

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.requirements import require_made_shapes, require_stateless


def test_parameters_have_a_shape_in_which_the_file_makes_them():
    program = LocalProgram(lambda w, X: 0.0, lambda w, X: w, {"w": np.ones(6)}, (np.ones((7, 6)),))
    require_made_shapes(program, {"w": frozenset({(None, 1), (None,)}), "v": frozenset({()})})
    with pytest.raises(CheckError, match=r"w is \(6,\) in it"):
        require_made_shapes(program, {"w": frozenset({(None, 1)})})


def test_a_cost_that_goes_on_from_call_to_call_is_none():
    count = itertools.count()
    goes_on = LocalProgram(lambda w: float(next(count)), lambda w: w, np.ones(3), ())
    require_stateless(LocalProgram(lambda w: 1.0, lambda w: w, np.ones(3), ()))
    with pytest.raises(CheckError, match="changes from call to call"):
        require_stateless(goes_on)
