"""Fully connected nets of P members: affine layers with an activation between them, a loss on top, an l2 penalty.

Parameters are a dictionary of arrays with the member axis first: ``W1`` (P, H1, D), ``b1`` (P, H1), ``W2``
(P, H2, H1), and so on; layers count from 1. With batch norm, hidden layers have ``gamma1``, ``beta1`` (P, H1) too,
and the running values ``mean1``, ``variance1`` (P, H1), which training moves but no gradient does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from chainrule.arrays import Array, Labels
from chainrule.components import ACTIVATIONS, LOSSES
from chainrule.components.kinds import Activation, Loss
from chainrule.nn import affine, batchnorm, dropout, penalty, smoothing
from chainrule.nn.inits.draw import draw
from chainrule.nn.weighting import relative, weighed
from chainrule.settings.settings import RUNNING_SHARE, InitValue, Settings

Parameters = dict[str, Array]


def is_trained(name: str) -> bool:
    """Whether gradients move the parameter of this name; running values they do not.

    >>> is_trained("gamma1"), is_trained("mean1")
    (True, False)
    """
    return not name.startswith(("mean", "variance"))


class LayerCache(NamedTuple):
    """What backward needs of one layer: the second is None without batch norm, the last without dropout, all but the
    first on the last layer."""

    affine: affine.Cache
    batchnorm: batchnorm.Cache | None = None
    activation: Any = None
    mask: Array | None = None


class LayerError(NamedTuple):
    """dJ/ds (P, N, K) at one affine layer's output with that layer's cache, and batch norm's gradients (P, K)."""

    ds: Array
    cache: affine.Cache
    dgamma: Array | None = None
    dbeta: Array | None = None


@dataclass(frozen=True)
class Network:
    """Layer widths from the inputs to the classes, and what is between and on top of them, by name.

    Attributes:
        widths: (D, H1, ..., K), two at least.
        loss: a name of :data:`chainrule.components.LOSSES`.
        batch_norm: in front of every activation, or nowhere.
        activation: a name of :data:`chainrule.components.ACTIVATIONS`.
        running_share: of the old running values that an update keeps.
    """

    widths: tuple[int, ...]
    loss: str
    batch_norm: bool = False
    activation: str = "relu"
    running_share: float = RUNNING_SHARE

    @classmethod
    def of(cls, settings: Settings, inputs: int, classes: int) -> Self:
        """The net that ``settings`` ask for, from so many inputs to so many classes."""
        widths = (inputs, *settings.hidden, classes)
        return cls(widths, settings.loss, settings.batch_norm, settings.activation, settings.running_share)

    @property
    def depth(self) -> int:
        """Number of affine layers."""
        return len(self.widths) - 1

    @property
    def loss_function(self) -> Loss:
        """The loss on top."""
        return LOSSES[self.loss]

    @property
    def activation_function(self) -> Activation:
        """What follows hidden layers."""
        return ACTIVATIONS[self.activation]

    def initial(self, seed: int | Sequence[int], inits: Sequence[InitValue], dtype: DTypeLike) -> Parameters:
        """Initial parameters of one member for each of ``inits``; of one seed, or of one for each.

        >>> two = Network((4, 5, 3), "hinge").initial(seed=0, inits=["he", "xavier"], dtype=np.float64)
        >>> {name: array.shape for name, array in two.items()}
        {'W1': (2, 5, 4), 'b1': (2, 5), 'W2': (2, 3, 5), 'b2': (2, 3)}
        >>> ((two["W1"][0] / two["W1"][1]) ** 2).round(6).max().item()  # the same draws, spread otherwise
        2.0
        """
        parameters: Parameters = {}
        for layer in range(1, self.depth + 1):
            inputs, outputs = self.widths[layer - 1 : layer + 1]
            W, b = draw(seed, layer, inits, outputs, inputs, dtype)
            parameters |= {f"W{layer}": W, f"b{layer}": b}
            if self.batch_norm and layer < self.depth:
                ones, zeros = np.ones_like(b), np.zeros_like(b)
                parameters |= {f"gamma{layer}": ones, f"beta{layer}": zeros}
                parameters |= {f"mean{layer}": zeros.copy(), f"variance{layer}": ones.copy()}
        return parameters

    def forward(
        self,
        parameters: Parameters,
        x: Array,
        r: Array | None = None,
        masks: Sequence[Array] | None = None,
    ) -> tuple[Array, list[LayerCache]]:
        """Scores (P, N, K) of inputs x (N, D) or (P, N, D) in training mode, and every layer's cache; r (P, N) are the
        weights of :mod:`chainrule.nn.weighting`, ``masks`` (P, N, H) each hidden layer's of
        :mod:`chainrule.nn.dropout`."""
        activation, caches = self.activation_function, []
        for layer in range(1, self.depth + 1):
            s, below = affine.forward(x, parameters[f"W{layer}"], parameters[f"b{layer}"])
            normalised = activated = mask = None
            if layer < self.depth:
                if self.batch_norm:
                    s, normalised = batchnorm.forward(
                        s, parameters[f"gamma{layer}"], parameters[f"beta{layer}"], r
                    )
                x, activated = activation.forward(s)
                if masks is not None:
                    mask = masks[layer - 1]
                    x = dropout.forward(x, mask)
            caches.append(LayerCache(below, normalised, activated, mask))
        return s, caches

    def backward(self, ds: Array, caches: Sequence[LayerCache]) -> list[LayerError]:
        """From dJ/dscores (P, N, K), the error at every affine layer's output, first layer first."""
        errors = [LayerError(ds, caches[-1].affine)]
        for here, above in zip(reversed(caches[:-1]), reversed(caches[1:]), strict=True):
            dh = affine.backward_input(ds, above.affine)
            if here.mask is not None:
                dh = dropout.backward(dh, here.mask)
            ds = self.activation_function.backward(dh, here.activation)
            dgamma = dbeta = None
            if here.batchnorm is not None:
                ds, dgamma, dbeta = batchnorm.backward(ds, here.batchnorm)
            errors.append(LayerError(ds, here.affine, dgamma, dbeta))
        return errors[::-1]

    def predict(self, parameters: Parameters, x: Array) -> Array:
        """Scores (P, N, K) of inputs x (N, D) or (P, N, D) in evaluation mode: batch norm by running values."""
        for layer in range(1, self.depth + 1):
            s, _ = affine.forward(x, parameters[f"W{layer}"], parameters[f"b{layer}"])
            if layer < self.depth:
                if self.batch_norm:
                    names = (f"{name}{layer}" for name in ("gamma", "beta", "mean", "variance"))
                    s = batchnorm.evaluate(s, *(parameters[name] for name in names))
                x, _ = self.activation_function.forward(s)
        return s

    def update_running(
        self, parameters: Parameters, caches: Sequence[LayerCache], *, first: bool, moves: Array | None = None
    ) -> None:
        """Move batch norm's running values in place towards this minibatch's; the first one's are taken whole. Those of
        members that it does not move, by ``moves`` (P,) or (1,), stay."""
        keep: float | Array = 0.0 if first else self.running_share
        if moves is not None:
            keep = np.where(moves, keep, 1.0).astype(parameters["b1"].dtype)[:, np.newaxis]
        for layer, cache in enumerate(caches, start=1):
            if cache.batchnorm is not None:
                running = parameters[f"mean{layer}"], parameters[f"variance{layer}"]
                batchnorm.update_running(*running, cache.batchnorm, keep)

    def penalty(self, parameters: Parameters, l2: Array) -> Array:
        """Sum over layers of l2 * |W|^2, (P,) in float64."""
        terms = [penalty.forward(parameters[f"W{layer}"], l2) for layer in range(1, self.depth + 1)]
        return np.asarray(np.sum(terms, axis=0))

    def gradient(
        self,
        parameters: Parameters,
        x: Array,
        y: Labels,
        l2: Array,
        weights: Array | None = None,
        *,
        smoothed: NDArray[np.float64] | None = None,
        masks: Sequence[Array] | None = None,
    ) -> tuple[Array, Parameters]:
        """Cost J (P,) in float64 and dJ/dparameters, for whoever wants to see them: training never forms dW1.

        Args:
            parameters: P members'.
            x: inputs (N, D) or (P, N, D).
            y: labels (N,).
            l2: (P,).
            weights: of the samples, (P, N); None where all count alike.
            smoothed: the share of labels that is smoothed, (P,); None where nobody's are.
            masks: of dropout, as :meth:`forward` has them.

        With all parameters 0, three classes are equally likely: J = log 3, and dJ/db = p - onehot(y).

        >>> net = Network(widths=(4, 3), loss="cross_entropy")
        >>> zeros = {"W1": np.zeros((1, 3, 4)), "b1": np.zeros((1, 3))}
        >>> cost, gradient = net.gradient(zeros, np.ones((1, 4)), np.array([2]), l2=np.zeros(1))
        >>> cost.round(4).tolist(), gradient["W1"].shape, gradient["b1"].round(4).tolist()
        ([1.0986], (1, 3, 4), [[0.3333, 0.3333, -0.6667]])
        """
        r = None if weights is None else relative(weights)[0]
        scores, caches = self.forward(parameters, x, r, masks)
        losses, ds = self.losses(scores, y, smoothed)
        cost = weighed(losses, r).mean(axis=1, dtype=np.float64) + self.penalty(parameters, l2)
        return cost, self.gradients(parameters, weighed(ds, r), caches, l2)

    def losses(
        self, scores: Array, y: Labels, smoothed: NDArray[np.float64] | None = None
    ) -> tuple[Array, Array]:
        """Losses (P, N) and, of their mean over the samples, dJ/dscores (P, N, K), of scores (P, N, K) and labels y
        (N,); ``smoothed`` as :meth:`gradient` has it."""
        losses, cache = self.loss_function.forward(scores, y)
        ds = self.loss_function.backward(cache)
        if smoothed is not None:
            losses = losses + smoothing.forward(scores, y, smoothed)
            smoothing.backward(ds, y, smoothed)
        return losses, ds

    def gradients(
        self, parameters: Parameters, ds: Array, caches: Sequence[LayerCache], l2: Array
    ) -> Parameters:
        """dJ/dparameters, the penalty's part included, from dJ/dscores (P, N, K)."""
        gradient: Parameters = {}
        for layer, error in enumerate(self.backward(ds, caches), start=1):
            dW, db = affine.backward(error.ds, error.cache)
            gradient |= {f"W{layer}": dW + penalty.backward(parameters[f"W{layer}"], l2), f"b{layer}": db}
            if error.dgamma is not None and error.dbeta is not None:
                gradient |= {f"gamma{layer}": error.dgamma, f"beta{layer}": error.dbeta}
        return gradient
