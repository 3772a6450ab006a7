import numpy as np

SQRT_2_PI = np.sqrt(2.0 / np.pi)


def gelu(x):
    u = SQRT_2_PI * (x + 0.044715 * x ** 3)
    t = np.tanh(u)
    y = 0.5 * x * (1.0 + t)
    return y, (x, t)


def gelu_backward(dy, cache):
    x, t = cache
    du = SQRT_2_PI * (1.0 + 0.044715 * x ** 2)
    return dy * (0.5 * (1.0 + t) + 0.5 * x * (1.0 - t ** 2) * du)
