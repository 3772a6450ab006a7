import numpy as np


def leaky_relu_fwd(x, slope=0.1):
    return np.where(x > 0, x, slope * x), (x, slope)


def leaky_relu_bwd(dy, cache):
    x, slope = cache
    return dy * np.where(x > 0, 1.0, slope)


def elu_fwd(x, alpha=1.3):
    y = np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))
    return y, (x, y, alpha)


def elu_bwd(dy, cache):
    x, y, alpha = cache
    # for x <= 0 the slope is alpha * exp(x) = y + alpha
    return np.where(x > 0, dy, dy * (y + alpha))


def softplus_fwd(x):
    y = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y, x


def softplus_bwd(dy, x):
    return dy / (1.0 + np.exp(-x))


def tanh_fwd(x):
    t = np.tanh(x)
    return t, t


def tanh_bwd(dy, t):
    return dy * (1 - t * t)


def sigmoid_fwd(x):
    s = 1.0 / (1.0 + np.exp(-x))
    return s, s


def sigmoid_bwd(dy, s):
    return dy * s * (1 - s)


ACTIVATIONS = {
    "leaky_relu": (leaky_relu_fwd, leaky_relu_bwd),
    "elu": (elu_fwd, elu_bwd),
    "softplus": (softplus_fwd, softplus_bwd),
    "tanh": (tanh_fwd, tanh_bwd),
    "sigmoid": (sigmoid_fwd, sigmoid_bwd),
}
