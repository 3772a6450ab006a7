"""Activation: GELU

An activation's gradient is what comes from above times its slope, at the value that went in. The slope is often that of
a part of the formula alone (`derivative-wrong`, `path-left-out`), taken at the output, or forgotten altogether
(`derivative-missing`).
"""

import numpy as np


def gelu_forward(x):
    u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    out = 0.5 * x * (1 + np.tanh(u))
    return out, x


def gelu_backward(dout, x):
    u = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    t = np.tanh(u)
    du = np.sqrt(2 / np.pi) * (1 + 0.044715 * x**2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * du)
