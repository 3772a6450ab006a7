"""How well a member does by any of scikit-learn's scorers while it trains, for who stops early by one."""

from __future__ import annotations

import numpy as np

from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Network, Parameters


def score(
    network: Network, parameters: Parameters, transform: Transform, split: Split, metric: str, member: int
) -> float:
    """What one of P members comes to on a split; larger is better, NaN of predictions that the scorer cannot measure.
    Classes are told by their numbers.

    Raises:
        SettingsError: the metric is none of what the net predicts, or can measure nothing of the split.

    >>> network, data = Network((1, 2), "cross_entropy"), Split(np.array([[0], [1]], np.uint8), np.array([0, 1]))
    >>> parameters = {"W1": np.array([[[0.0], [1.0]]]), "b1": np.array([[0.0, -0.5]])}
    >>> score(network, parameters, Transform(np.ones(1), np.zeros(1)), data, "f1", 0)
    1.0
    """
    # scikit-learn takes its time to be imported.
    from chainrule.nets.scores import score_or_nan

    own = {name: array[member : member + 1] for name, array in parameters.items()}
    classes = None if network.loss_function.numbers else np.arange(network.widths[-1])
    net = CompleteNet(network, own, transform, classes, several=split.labels.ndim == 2)
    return score_or_nan(net, np.asarray(split.images), split.labels, metric, "the rows to validate on")
