"""A net as modules of PyTorch, for whoever goes on with these: standardisation and batch norm included, all members and
their mean.

Only who asks for one waits for PyTorch to be imported.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import SettingsError, needs
from chainrule.nets.net import CompleteNet
from chainrule.nn.activations.leaky_relu import LEAK
from chainrule.nn.batchnorm import EPS

_ACTIVATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": LEAK}),
    "tanh": ("Tanh", {}),
    "sigmoid": ("Sigmoid", {}),
    "silu": ("SiLU", {}),
    "gelu": ("GELU", {}),
    "gelu_tanh": ("GELU", {"approximate": "tanh"}),
}
"""What PyTorch calls them, and how they are made there."""


def to_torch(net: CompleteNet) -> Any:
    """A ``torch.nn.Sequential`` in float64 that makes of rows (N, D) what the net predicts of them: probabilities
    (N, K), or the mean of members' scores where the loss gives no probabilities; of numbers (N,).

    It is in ``eval`` mode; ``train`` moves batch norm as usual. ``module[1].members`` are the members, each a
    ``Sequential`` of ``Linear``, ``BatchNorm1d`` and activations, for what is to be trained on. A net that was trained
    on a data frame's texts or gaps takes the numbers that ``net.rows(frame)`` makes of one.

    Raises:
        MissingExtraError: PyTorch is not installed.
        SettingsError: an activation is one of one's own.
    """
    network = net.network
    if network.depth > 1 and network.activation not in _ACTIVATIONS:
        raise SettingsError(
            f"activation {network.activation!r}: has no module in PyTorch; train with {', '.join(_ACTIVATIONS)}"
        )
    with needs("modules of PyTorch", "torch"):
        import torch
    from chainrule.nets.torch_modules import MeanOfMembers, Standardise

    of = torch.nn
    members = [_member(net, m) for m in range(net.members)]
    after: list[Any] = []
    if net.classes is None:
        after.append(of.Flatten(0))
    elif net.several:
        after.append(of.Sigmoid())
    whole = of.Sequential(
        Standardise(torch.tensor(net.transform.scale), torch.tensor(net.transform.shift)),
        MeanOfMembers(members),
        *after,
    )
    return whole.double().eval()


def _member(net: CompleteNet, m: int) -> Any:
    """The layers of one, from standardised rows to probabilities or scores."""
    from torch import nn

    network, layers = net.network, []
    for layer in range(1, network.depth + 1):
        inputs, outputs = network.widths[layer - 1 : layer + 1]
        layers.append(
            _filled(nn.Linear(inputs, outputs), net, m, {"weight": f"W{layer}", "bias": f"b{layer}"})
        )
        if layer == network.depth:
            break
        if network.batch_norm:
            norm = nn.BatchNorm1d(outputs, eps=EPS, momentum=1 - network.running_share)
            names = {"weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "variance"}
            layers.append(_filled(norm, net, m, {theirs: f"{ours}{layer}" for theirs, ours in names.items()}))
        kind, options = _ACTIVATIONS[network.activation]
        layers.append(getattr(nn, kind)(**options))
    if net.classes is not None and network.loss_function.probabilities and not net.several:
        layers.append(nn.Softmax(dim=1))
    return nn.Sequential(*layers)


def _filled(module: Any, net: CompleteNet, m: int, names: dict[str, str]) -> Any:
    """A module in float64 with member m's arrays in the places of its own."""
    import torch

    module.double()
    with torch.no_grad():
        for theirs, ours in names.items():
            getattr(module, theirs).copy_(torch.tensor(_own(net.parameters[ours][m])))
    return module


def _own(array: Array) -> Array:
    return np.ascontiguousarray(array, np.float64)
