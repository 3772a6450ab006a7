import math

import numpy as np

_erf = np.vectorize(math.erf, otypes=[float])
_SQRT_2 = math.sqrt(2.0)
_SQRT_2_OVER_PI = math.sqrt(2.0 / math.pi)
_CUBIC = 0.044715


def gelu(x: np.ndarray, approximate: bool = False) -> np.ndarray:
    """x * Phi(x), or Hendrycks' tanh approximation of it."""
    if approximate:
        u = _SQRT_2_OVER_PI * (x + _CUBIC * x ** 3)
        return 0.5 * x * (1.0 + np.tanh(u))
    return 0.5 * x * (1.0 + _erf(x / _SQRT_2))


def gelu_grad(grad_out: np.ndarray, x: np.ndarray, approximate: bool = False) -> np.ndarray:
    """Gradient of gelu with respect to x, times grad_out."""
    if approximate:
        u = _SQRT_2_OVER_PI * (x + _CUBIC * x ** 3)
        t = np.tanh(u)
        du = _SQRT_2_OVER_PI * (1.0 + 3.0 * _CUBIC * x ** 2)
        local = 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t ** 2) * du
    else:
        cdf = 0.5 * (1.0 + _erf(x / _SQRT_2))
        pdf = np.exp(-0.5 * x ** 2) / math.sqrt(2.0 * math.pi)
        local = cdf + x * pdf
    return grad_out * local
