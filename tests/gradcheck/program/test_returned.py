"""What a call of a gradient or an update leaves."""

import numpy as np
import pytest

from chainrule.errors import CheckError
from chainrule.gradcheck.program.nest import Nest
from chainrule.gradcheck.program.returned import parameters_after, returned_gradients, taken

W = np.array([1.0, 2.0])


class Layer:
    def __init__(self):
        self.W, self.dW = W, 3 * W


@pytest.mark.parametrize(
    ("returned", "kind", "names", "given"),
    [
        (2 * W, "ndarray", None, 2 * W),
        ({"dW": 2 * W}, "dict", ["dW"], 2 * W),
        (None, "attributes", None, 3 * W),
    ],
)
def test_gradients_are_returned_or_kept_on_the_object(returned, kind, names, given):
    found = returned_gradients(returned, [W], 1, Layer())
    assert found.kind == kind
    assert names is None or found.names == names
    np.testing.assert_array_equal(found.arrays[0], given)
    np.testing.assert_array_equal(found.after[0], W)


def test_an_update_returns_parameters_or_changes_those_it_was_given():
    nest = Nest({"W": W})
    assert parameters_after(nest, None, [4 * W])[0].tolist() == [4, 8]
    assert parameters_after(nest, {"W": 5 * W}, [4 * W])[0].tolist() == [5, 10]
    assert parameters_after(nest, (5 * W,), [4 * W])[0].tolist() == [5, 10]


def test_what_an_update_took_is_its_gradient():
    found = taken(["W"], [W], [W - 0.5])
    assert (found.kind, found.names, found.arrays[0].tolist()) == ("update", ["W"], [0.5, 0.5])
    with pytest.raises(CheckError, match="leaves parameters of other shapes than it was given"):
        taken(["W"], [W], [W[:1]])
