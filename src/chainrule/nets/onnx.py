"""A net as an ONNX graph, for whoever runs these: transform and batch norm included, all members and their mean.

Batch norm's running values are fixed, so that it is folded into the affine layer below it: with the slope
a = gamma / sqrt(variance + eps), a (W x + b - mean) + beta = (a W) x + a (b - mean) + beta. All is float64, in which
columns far from 0 lose nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from chainrule.arrays import Array
from chainrule.errors import SettingsError, needs
from chainrule.files import write_bytes
from chainrule.nets.net import CompleteNet
from chainrule.nn.batchnorm import EPS

_OPSET, _IR = 17, 8
"""Of 2022, which runtimes have read since."""

OnnxNode = tuple[str, list[str], str, dict[str, Any]]
"""What it does, to what, what comes of it, and its options."""

_NODES = {"relu": "Relu"}
"""Of activations, by name."""


def to_onnx(net: CompleteNet, path: str | Path) -> None:
    """Write a net as a graph: of ``rows`` (N, D) in float64 it makes ``label`` (N,) and ``probabilities`` (N, K), or
    ``scores``, where the loss gives no probabilities; of numbers ``prediction`` (N,) alone.

    Raises:
        MissingExtraError: the package onnx is not installed.
        SettingsError: an activation has no node, or labels are bytes.
        StoreError: the file cannot be written.
    """
    write_bytes(Path(path), _model(net).SerializeToString())


def _model(net: CompleteNet) -> Any:
    """The whole document."""
    with needs("ONNX files", "onnx"):
        from onnx import TensorProto, helper, numpy_helper
    nodes, constants, made = _computation(net)
    tensors = {
        name: numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items()
    }
    graph = helper.make_graph(
        [
            helper.make_node(operation, inputs, [output], **options)
            for operation, inputs, output, options in nodes
        ],
        "chainrule",
        [helper.make_tensor_value_info("rows", TensorProto.DOUBLE, ["N", net.network.widths[0]])],
        [
            helper.make_tensor_value_info(
                name, tensors["classes"].data_type if name == "label" else TensorProto.DOUBLE, shape
            )
            for name, shape in made.items()
        ],
        [*tensors.values()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR, producer_name="chainrule"
    )


def _computation(net: CompleteNet) -> tuple[list[OnnxNode], dict[str, Array], dict[str, list[str | int]]]:
    """Nodes in order, the arrays that they name, and what they make, with its shape."""
    network = net.network
    if network.depth > 1 and network.activation not in _NODES:
        raise SettingsError(
            f"activation {network.activation!r}: has no node in ONNX; train with {', '.join(_NODES)}"
        )
    constants = {"scale": net.transform.scale, "shift": net.transform.shift}
    nodes: list[OnnxNode] = [("Mul", ["rows", "scale"], "scaled", {}), ("Add", ["scaled", "shift"], "x0", {})]
    for layer in range(1, network.depth + 1):
        W, b = _folded(net, layer)
        constants |= {f"W{layer}": W.transpose(0, 2, 1), f"b{layer}": b[:, np.newaxis]}
        nodes.append(("MatMul", [f"x{layer - 1}", f"W{layer}"], f"product{layer}", {}))
        nodes.append(("Add", [f"product{layer}", f"b{layer}"], f"s{layer}", {}))
        if layer < network.depth:
            nodes.append((_NODES[network.activation], [f"s{layer}"], f"x{layer}", {}))
    of_members, last = f"s{network.depth}", "scores"
    if net.classes is None:
        nodes.append(("ReduceMean", [of_members], "prediction", {"axes": [0, 2], "keepdims": 0}))
        return nodes, constants, {"prediction": ["N"]}
    constants["classes"] = _labels(net.classes)
    if network.loss_function.probabilities:
        nodes.append(("Softmax", [of_members], "of_members", {"axis": 2}))
        of_members, last = "of_members", "probabilities"
    nodes += [
        ("ReduceMean", [of_members], last, {"axes": [0], "keepdims": 0}),
        ("ArgMax", [last], "index", {"axis": 1, "keepdims": 0}),
        ("Gather", ["classes", "index"], "label", {}),
    ]
    return nodes, constants, {"label": ["N"], last: ["N", network.widths[-1]]}


def _labels(classes: Array) -> Array:
    """The classes in a type that ONNX has.

    Raises:
        SettingsError: there is none.
    """
    kind = classes.dtype.kind
    if kind == "S":
        raise SettingsError("labels are bytes, which ONNX has not; train with text")
    return classes.astype(
        {"U": object, "i": np.int64, "u": np.int64, "f": np.float64}.get(kind, classes.dtype)
    )


def _folded(net: CompleteNet, layer: int) -> tuple[Array, Array]:
    """A layer's W (P, K, D) and b (P, K) in float64, batch norm taken in."""
    named = {
        name: net.parameters[f"{name}{layer}"].astype(np.float64)
        for name in ("W", "b", "gamma", "beta", "mean", "variance")
        if f"{name}{layer}" in net.parameters
    }
    W, b = named["W"], named["b"]
    if "gamma" not in named:
        return W, b
    slope = named["gamma"] / np.sqrt(named["variance"] + EPS)
    return W * slope[:, :, np.newaxis], (b - named["mean"]) * slope + named["beta"]
