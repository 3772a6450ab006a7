import numpy as np


def leaky_relu_forward(x, alpha=0.1):
    """
    Leaky rectifier.

    x: array of any shape.
    Returns the output of the same shape, and a cache for the backward pass.
    """
    out = np.where(x > 0, x, alpha * x)
    cache = (x, alpha)
    return out, cache


def leaky_relu_backward(dout, cache):
    """dout: upstream gradient, same shape as x. Returns dx."""
    x, alpha = cache
    dx = dout.copy()
    dx[x <= 0] *= alpha
    return dx
