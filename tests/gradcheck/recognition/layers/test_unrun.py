"""Lines of backward passes that nothing runs are said not to be checked."""

import pytest

from chainrule.gradcheck.recognition.layers.unrun import with_unrun
from support.layers import read

LAYER = """
def scale_forward(x, gamma):
    return x * gamma, (x, gamma)

def scale_backward(dout, cache, {0}):
    x, gamma = cache
    dgamma = (dout * x).sum(axis=0)
    if {1}:
        {2}
    return dout * gamma, dgamma
"""


def unchecked(text):
    """What of each layer of a text is not checked."""
    readings, namespace = read(text)
    return [reading.unchecked for reading in with_unrun(readings, namespace, 0)]


@pytest.mark.parametrize(
    ("argument", "test", "body", "said"),
    [
        ("clip=None", "clip is not None", "dgamma = dgamma.clip(-clip, clip)", ("line 9",)),
        ("how='all'", "how == 'half'", "dgamma = dgamma / 2\n        dout = dout / 2", ("lines 9-10",)),
        ("how='all'", "how == 'half'", "raise ValueError(\n            how)", ()),
        ("verbose=False", "verbose", "print(dgamma)", ()),
        ("how='all'", "how == 'all'", "dgamma = 1 * dgamma", ()),
        ("fast=None", "fast is not None", "np.scatter_add(dgamma, fast, dout)", ()),
        ("fast=None", "fast is not None", "np.add.at(dgamma, fast, dout)", ("line 9",)),
    ],
)
def test_what_no_setting_reaches_is_not_checked_unless_nothing_is_computed_there(argument, test, body, said):
    assert unchecked(LAYER.format(argument, test, body)) == [said]


def test_what_another_layer_of_the_file_runs_is_checked():
    text = """
def mended(d, half):
    if half:
        return d / 2
    return d

def one_forward(x):
    return 1 * x, x

def one_backward(dout, cache):
    return mended(dout, False)

def half_forward(x):
    return x / 2, x

def half_backward(dout, cache):
    return mended(dout, True)
"""
    assert unchecked(text) == [(), ()]
    assert unchecked(text.replace("dout, True", "dout / 2, False")) == [("line 4",), ("line 4",)]


ACTIVATION = """
def square(x): return x * x
def square_prime(x): return 2 * x
def cube_prime(x): return 3 * x

class Activation:
    def __init__(self, function, derivative):
        self.function, self.derivative = function, derivative
    def forward(self, x):
        self.x = x
        return self.function(x)
    def backward(self, dout):
        return dout * self.derivative(self.x)

one, other = Activation(square, square_prime), Activation(lambda x: x ** 3, cube_prime)
"""


def test_a_function_that_is_handed_in_the_place_of_one_that_runs_is_not_checked():
    readings, namespace = read(ACTIVATION)
    handed = [["square"], ["square_prime", "cube_prime", "float"]]
    assert [each.unchecked for each in with_unrun(readings, namespace, 0, handed)] == [("cube_prime",)]
