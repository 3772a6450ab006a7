"""A program that gets no repair

Each vector is divided by its length, and the way back by the length is left out altogether: no small change brings it
back. The cause and the line are said, and that nothing was found.
"""

import numpy as np


def normalise_forward(x):
    length = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    return x / length, (x, length)


def normalise_backward(dout, cache):
    x, length = cache
    dx = dout / length
    return dx
