"""Which argument of a forward pass is its inputs."""

import pytest

from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.inputs import inputs_of


@pytest.mark.parametrize(
    ("names", "inputs"),
    [
        ("W b x", "x"),
        ("W b data y", "data"),
        ("W b q", "q"),
        ("p q ids", "ids"),
        ("W y", "W"),
        ("y", "y"),
        ("", ""),
    ],
)
def test_inputs_are_told_by_name_else_by_what_the_others_are(names, inputs):
    function = Function("forward", tuple(map(Argument, names.split())))
    assert inputs_of(function, {"p"}, {"ids"}) == inputs
