"""What a net's scores are compared with the labels by: predictions, losses, and the error of the scores.

Predictions P and targets T are (N, K); the labels of a single output are the targets themselves, 0 and 1 or any number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.activations import sigmoid


@dataclass(frozen=True)
class PlainLoss:
    """A loss.

    Attributes:
        words: what a reader calls it.
        predict: P (N, K) of the scores (N, K).
        losses: of every sample (N,), from P and T.
        error: N dJ/dscores (N, K), from P and T.
        classes: whether it takes several outputs, of which one is right.
    """

    words: str
    predict: Callable[[Array], Array]
    losses: Callable[[Array, Array], Array]
    error: Callable[[Array, Array], Array]
    classes: bool = False


def softmax(scores: Array) -> Array:
    """Probabilities (N, K)."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    P: Array = e / e.sum(axis=1, keepdims=True)
    return P


def cross_entropy(P: Array, T: Array, eps: float = 0.0) -> Array:
    """-log(P_y + eps)."""
    losses: Array = -np.log((P * T).sum(axis=1) + eps)
    return losses


def binary_cross_entropy(P: Array, T: Array, eps: float = 0.0) -> Array:
    """-log(P + eps) where T is 1, -log(1 - P + eps) where it is 0, summed over the outputs."""
    losses: Array = -np.log(np.where(T, P, 1 - P) + eps).sum(axis=1)
    return losses


def margins(scores: Array, T: Array) -> Array:
    """max(0, s_j - s_y + 1), 0 for the correct class (N, K)."""
    correct = (scores * T).sum(axis=1, keepdims=True)
    return np.where(T, 0.0, np.maximum(0.0, scores - correct + 1.0))


def hinge(scores: Array, T: Array) -> Array:
    losses: Array = margins(scores, T).sum(axis=1)
    return losses


def squared_error(P: Array, T: Array) -> Array:
    losses: Array = np.square(P - T).sum(axis=1)
    return losses


def _difference(P: Array, T: Array) -> Array:
    return P - T


def _hinge_error(scores: Array, T: Array) -> Array:
    violated = (margins(scores, T) > 0).astype(float)
    error: Array = violated - T * violated.sum(axis=1, keepdims=True)
    return error


def _as_they_are(scores: Array) -> Array:
    return scores


def _through(slope: Callable[[Array], Array]) -> Callable[[Array, Array], Array]:
    """The error of a squared error of outputs, whose slope is a function of themselves."""

    def error(P: Array, T: Array) -> Array:
        G: Array = 2 * (P - T) * slope(P)
        return G

    return error


def of_sigmoid(P: Array) -> Array:
    """P (1 - P), the derivative of sigmoid outputs by their scores, and the diagonal of softmax's."""
    slope: Array = P * (1 - P)
    return slope


def _through_softmax(P: Array, T: Array) -> Array:
    error: Array = 2 * P * ((P - T) - ((P - T) * P).sum(axis=1, keepdims=True))
    return error


LOSSES: dict[str, PlainLoss] = {
    "cross_entropy": PlainLoss("cross-entropy", softmax, cross_entropy, _difference, classes=True),
    "hinge": PlainLoss("hinge", _as_they_are, hinge, _hinge_error, classes=True),
    "binary_cross_entropy": PlainLoss("binary cross-entropy", sigmoid, binary_cross_entropy, _difference),
    "squared_error": PlainLoss("squared error", _as_they_are, squared_error, _through(np.ones_like)),
    "squared_error_of_sigmoid": PlainLoss(
        "squared error of sigmoid outputs", sigmoid, squared_error, _through(of_sigmoid)
    ),
    "squared_error_of_tanh": PlainLoss(
        "squared error of tanh outputs", np.tanh, squared_error, _through(lambda P: 1 - P**2)
    ),
    "squared_error_of_softmax": PlainLoss(
        "squared error of softmax outputs", softmax, squared_error, _through_softmax, classes=True
    ),
}
"""By the names under which readings refer to them, the likeliest first."""

GUARDED = {"cross_entropy": cross_entropy, "binary_cross_entropy": binary_cross_entropy}
"""Those whose logarithms a small number may guard."""
