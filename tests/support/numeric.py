"""Independent ways to a derivative: central differences, and HIPS autograd over the mathematics written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad
from autograd.scipy.special import erf

from chainrule.arrays import Array


def central_difference(function: Callable[[], float], at: Array) -> Array:
    """Gradient of ``function`` with respect to every entry of ``at``, which is perturbed in place and restored."""
    gradient = np.empty_like(at)
    for index in np.ndindex(at.shape):
        value = at[index]
        h = np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(value))
        at[index] = up = value + h
        above = function()
        at[index] = down = value - h
        below = function()
        at[index] = value
        gradient[index] = (above - below) / (up - down)
    return gradient


def _relu(s: Any) -> Any:
    return anp.where(s > 0, s, 0.0)


def cost(
    loss: str,
    parameters: dict[str, Any],
    x: Any,
    y: Any,
    l2: float,
    activation: Callable[[Any], Any] = _relu,
) -> Any:
    """J of one net, written out in autograd's NumPy: x (N, D), W (K, D), no member axis, nothing of ours."""
    depth = sum(name.startswith("W") for name in parameters)
    h = x
    for layer in range(1, depth + 1):
        s = anp.dot(h, parameters[f"W{layer}"].T) + parameters[f"b{layer}"]
        if f"gamma{layer}" in parameters:
            mean = anp.mean(s, axis=0)
            deviation = anp.sqrt(anp.mean((s - mean) ** 2, axis=0) + 1e-5)
            s = parameters[f"gamma{layer}"] * (s - mean) / deviation + parameters[f"beta{layer}"]
        h = activation(s)
    numbers = np.asarray(y).dtype.kind == "f"
    chosen = s[anp.arange(len(y)), 0 if numbers else y]
    if numbers:
        losses = (chosen - y) ** 2
    elif loss == "cross_entropy":
        shifted = s - anp.max(s, axis=1, keepdims=True)
        losses = anp.log(anp.sum(anp.exp(shifted), axis=1)) - (chosen - anp.max(s, axis=1))
    elif loss == "binary_cross_entropy":
        signs = 1 - 2 * anp.eye(s.shape[1])[y]
        losses = anp.sum(anp.logaddexp(0.0, signs * s), axis=1)
    elif loss == "squared_error":
        losses = anp.sum((s - anp.eye(s.shape[1])[y]) ** 2, axis=1)
    else:
        margins = anp.maximum(0.0, s - chosen[:, None] + 1.0)
        losses = anp.sum(margins, axis=1) - 1.0
    penalty = sum(l2 * anp.sum(parameters[f"W{layer}"] ** 2) for layer in range(1, depth + 1))
    return anp.mean(losses) + penalty


def _logistic(s: Any) -> Any:
    return 1 / (1 + anp.exp(-s))


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": _relu,
    "leaky_relu": lambda s: anp.where(s > 0, s, 0.01 * s),
    "tanh": anp.tanh,
    "sigmoid": _logistic,
    "silu": lambda s: s * _logistic(s),
    "gelu": lambda s: 0.5 * s * (1 + erf(s / anp.sqrt(2))),
    "gelu_tanh": lambda s: 0.5 * s * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (s + 0.044715 * s**3))),
}
"""Written out in autograd's NumPy."""


def oracle(
    loss: str, parameters: dict[str, Array], x: Array, y: Any, l2: Array, activation: str = "relu"
) -> tuple[Array, dict[str, Array]]:
    """Cost and gradient of every member by autograd, stacked along the member axis; x is (N, D) or (P, N, D)."""
    costs, gradients = [], []
    for member in range(len(l2)):
        own = {name: array[member] for name, array in parameters.items()}
        inputs = x if x.ndim == 2 else x[member]
        more = inputs, y, l2[member], ACTIVATIONS[activation]
        costs.append(cost(loss, own, *more))
        gradients.append(grad(lambda p, more=more: cost(loss, p, *more))(own))
    return np.array(costs), {name: np.stack([g[name] for g in gradients]) for name in parameters}
