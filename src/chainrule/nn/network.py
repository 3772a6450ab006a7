"""Fully connected nets of P members: affine layers with ReLU between them, a loss on top, an l2 penalty.

Parameters are a dictionary of arrays with the member axis first: ``W1`` (P, H1, D), ``b1`` (P, H1), ``W2``
(P, H2, H1), and so on; layers count from 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from chainrule.blas import Array
from chainrule.config import Init
from chainrule.nn import affine, init, penalty
from chainrule.nn.activations import relu_backward, relu_forward
from chainrule.nn.losses import LOSSES, Labels, Loss

Parameters = dict[str, Array]


class LayerError(NamedTuple):
    """dJ/ds (P, N, K) at one affine layer's output, and that layer's cache."""

    ds: Array
    cache: affine.Cache


@dataclass(frozen=True)
class Network:
    """Layer widths from the inputs to the classes, and the loss's name.

    Attributes:
        widths: (D, H1, ..., K), two at least.
        loss: a name of :data:`chainrule.nn.losses.LOSSES`.
    """

    widths: tuple[int, ...]
    loss: str

    @property
    def depth(self) -> int:
        """Number of affine layers."""
        return len(self.widths) - 1

    @property
    def loss_function(self) -> Loss:
        """The loss on top."""
        return LOSSES[self.loss]

    def initial(self, seed: int, inits: Sequence[Init], dtype: DTypeLike) -> Parameters:
        """Initial parameters of one member for each of ``inits``."""
        parameters: Parameters = {}
        for layer in range(1, self.depth + 1):
            inputs, outputs = self.widths[layer - 1 : layer + 1]
            W, b = init.draw(seed, layer, inits, outputs, inputs, dtype)
            parameters |= {f"W{layer}": W, f"b{layer}": b}
        return parameters

    def forward(self, parameters: Parameters, x: Array) -> tuple[Array, list[affine.Cache]]:
        """Scores (P, N, K) of inputs x (N, D) or (P, N, D), and every affine layer's cache."""
        caches = []
        for layer in range(1, self.depth + 1):
            s, cache = affine.forward(x, parameters[f"W{layer}"], parameters[f"b{layer}"])
            caches.append(cache)
            if layer < self.depth:
                x, _ = relu_forward(s)
        return s, caches

    def backward(self, ds: Array, caches: Sequence[affine.Cache]) -> list[LayerError]:
        """From dJ/dscores (P, N, K), the error at every affine layer's output, first layer first.

        A hidden layer's output h is the next affine layer's input, so its cache holds h, which is all that ReLU's
        backward needs.
        """
        errors = [LayerError(ds, caches[-1])]
        for below, above in zip(reversed(caches[:-1]), reversed(caches[1:]), strict=True):
            ds = relu_backward(affine.backward_input(ds, above), above.x)
            errors.append(LayerError(ds, below))
        return errors[::-1]

    def penalty(self, parameters: Parameters, l2: Array) -> Array:
        """Sum over layers of l2 * |W|^2, (P,) in float64."""
        terms = [penalty.forward(parameters[f"W{layer}"], l2) for layer in range(1, self.depth + 1)]
        return np.asarray(np.sum(terms, axis=0))

    def gradient(self, parameters: Parameters, x: Array, y: Labels, l2: Array) -> tuple[Array, Parameters]:
        """Cost J (P,) in float64 and dJ/dparameters, for whoever wants to see them: training never forms dW1.

        Args:
            parameters: P members'.
            x: inputs (N, D) or (P, N, D).
            y: labels (N,).
            l2: (P,).
        """
        scores, caches = self.forward(parameters, x)
        losses, cache = self.loss_function.forward(scores, y)
        cost = losses.mean(axis=1, dtype=np.float64) + self.penalty(parameters, l2)
        gradient: Parameters = {}
        for layer, error in enumerate(self.backward(self.loss_function.backward(cache), caches), start=1):
            dW, db = affine.backward(*error)
            gradient |= {f"W{layer}": dW + penalty.backward(parameters[f"W{layer}"], l2), f"b{layer}": db}
        return cost, gradient
