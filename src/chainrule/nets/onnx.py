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
from chainrule.data.encoding import CategoryColumn, EncodedColumn, Encoding
from chainrule.errors import SettingsError, needs
from chainrule.files import write_bytes
from chainrule.nets.net import CompleteNet
from chainrule.nn.activations import gelu_tanh
from chainrule.nn.activations.gelu import ROOT_HALF
from chainrule.nn.activations.leaky_relu import LEAK
from chainrule.nn.batchnorm import EPS
from chainrule.text import excerpt

_OPSET, _ML_OPSET, _IR = 17, 3, 8
"""Of 2022, which runtimes have read since."""

_FLOAT, _DOUBLE, _STRING = 1, 11, 8
"""Types, by ONNX's numbers."""

OnnxNode = tuple[str, list[str], str, dict[str, Any]]
"""What it does, to what, what comes of it, and its options."""

_NUMBERS = {
    "leak": LEAK,
    "half": 0.5,
    "one": 1.0,
    "root_half": ROOT_HALF,
    "gelu_a": gelu_tanh.A,
    "gelu_c": gelu_tanh.C,
}
"""What activations name beside s and what they make of it."""

_ACTIVATIONS: dict[str, list[OnnxNode]] = {
    "relu": [("Relu", ["s"], "x", {})],
    "leaky_relu": [("Mul", ["s", "leak"], "below", {}), ("Max", ["s", "below"], "x", {})],
    "tanh": [("Tanh", ["s"], "x", {})],
    "sigmoid": [("Sigmoid", ["s"], "x", {})],
    "silu": [("Sigmoid", ["s"], "p", {}), ("Mul", ["s", "p"], "x", {})],
    "gelu": [
        ("Mul", ["s", "root_half"], "u", {}),
        # Runtimes have erf of float32 alone.
        ("Cast", ["u"], "short", {"to": _FLOAT}),
        ("Erf", ["short"], "told", {}),
        ("Cast", ["told"], "t", {"to": _DOUBLE}),
        ("Add", ["t", "one"], "twice", {}),
        ("Mul", ["twice", "half"], "share", {}),
        ("Mul", ["s", "share"], "x", {}),
    ],
    "gelu_tanh": [
        ("Mul", ["s", "s"], "square", {}),
        ("Mul", ["square", "gelu_a"], "part", {}),
        ("Add", ["part", "one"], "grown", {}),
        ("Mul", ["s", "grown"], "bent", {}),
        ("Mul", ["bent", "gelu_c"], "u", {}),
        ("Tanh", ["u"], "t", {}),
        ("Add", ["t", "one"], "twice", {}),
        ("Mul", ["twice", "half"], "share", {}),
        ("Mul", ["s", "share"], "x", {}),
    ],
}
"""What makes x, the inputs of the next layer, of s: operation, to what, what comes of it."""


def to_onnx(net: CompleteNet, path: str | Path) -> None:
    """Write a net as a graph: of ``rows`` (N, D) in float64 it makes ``label`` (N,) and ``probabilities`` (N, K), or
    ``scores``, where the loss gives no probabilities; of numbers ``prediction`` (N,) alone.

    A net that was trained on categories or gaps takes ``column NAME`` (N,) for each column instead of ``rows``: float64
    with NaN where one is missing, or text, which is empty there.

    Raises:
        MissingExtraError: the package onnx is not installed.
        SettingsError: an activation has no node, labels are bytes, rows may have several, or a column has both empty
            and missing texts.
        StoreError: the file cannot be written.
    """
    write_bytes(Path(path), _model(net).SerializeToString())


def _model(net: CompleteNet) -> Any:
    """The whole document."""
    with needs("ONNX files", "onnx"):
        from onnx import helper, numpy_helper
    nodes, constants, made = _computation(net)
    if net.encoding is None:
        inputs = [helper.make_tensor_value_info("rows", _DOUBLE, ["N", net.network.widths[0]])]
    else:
        before, filled = _encoded(net.encoding)
        nodes, constants = [*before, *nodes], {**filled, **constants}
        inputs = [
            helper.make_tensor_value_info(
                _column(column), _STRING if isinstance(column, CategoryColumn) else _DOUBLE, ["N"]
            )
            for column in net.encoding.columns
        ]
    tensors = {
        name: numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in constants.items()
    }
    graph = helper.make_graph(
        [
            helper.make_node(operation, inputs, [output], **options)
            for operation, inputs, output, options in nodes
        ],
        "chainrule",
        inputs,
        [
            helper.make_tensor_value_info(
                name, tensors["classes"].data_type if name == "label" else _DOUBLE, shape
            )
            for name, shape in made.items()
        ],
        [*tensors.values()],
    )
    opsets = [helper.make_opsetid("", _OPSET)]
    if net.encoding is not None:
        opsets.append(helper.make_opsetid("ai.onnx.ml", _ML_OPSET))
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="chainrule")


def _column(column: EncodedColumn) -> str:
    """What an input is called; nothing else in a graph has a space in its name."""
    return f"column {column.name}"


def _encoded(encoding: Encoding) -> tuple[list[OnnxNode], dict[str, Array]]:
    """Nodes that make ``rows`` (N, D) of columns (N,), and the arrays that they name."""
    nodes: list[OnnxNode] = []
    constants = {"last_axis": np.array([1])}
    parts = []
    for number, column in enumerate(encoding.columns):
        given, filled = _column(column), f"filled{number}"
        if isinstance(column, CategoryColumn):
            made = {"cats_strings": _texts(column), "zeros": 1, "domain": "ai.onnx.ml"}
            nodes.append(("OneHotEncoder", [given], f"hot{number}", made))
            nodes.append(("Cast", [f"hot{number}"], f"part{number}", {"to": _DOUBLE}))
            parts.append(f"part{number}")
            continue
        constants[f"fill{number}"] = np.array(column.fill)
        nodes.append(("IsNaN", [given], f"gap{number}", {}))
        nodes.append(("Where", [f"gap{number}", f"fill{number}", given], filled, {}))
        nodes.append(("Unsqueeze", [filled, "last_axis"], f"part{number}", {}))
        parts.append(f"part{number}")
        if column.marked:
            nodes.append(("Cast", [f"gap{number}"], f"marked{number}", {"to": _DOUBLE}))
            nodes.append(("Unsqueeze", [f"marked{number}", "last_axis"], f"mark{number}", {}))
            parts.append(f"mark{number}")
    return [*nodes, ("Concat", parts, "rows", {"axis": 1})], constants


def _texts(column: CategoryColumn) -> list[str]:
    """The categories, a missing one as an empty text.

    Raises:
        SettingsError: a text is empty, too.
    """
    texts = [category or "" for category in column.categories]
    if len(set(texts)) < len(texts):
        raise SettingsError(
            f"column {excerpt(repr(column.name))}: has empty and missing texts, which ONNX cannot tell apart; train "
            "with one of them"
        )
    return texts


def _computation(net: CompleteNet) -> tuple[list[OnnxNode], dict[str, Array], dict[str, list[str | int]]]:
    """Nodes in order, the arrays that they name, and what they make, with its shape."""
    network = net.network
    if net.several:
        raise SettingsError("net: is of rows with several labels, which a graph cannot say; take predict")
    if network.depth > 1 and network.activation not in _ACTIVATIONS:
        raise SettingsError(
            f"activation {network.activation!r}: has no node in ONNX; train with {', '.join(_ACTIVATIONS)}"
        )
    constants = {"scale": net.transform.scale, "shift": net.transform.shift}
    nodes: list[OnnxNode] = [("Mul", ["rows", "scale"], "scaled", {}), ("Add", ["scaled", "shift"], "x0", {})]
    for layer in range(1, network.depth + 1):
        W, b = _folded(net, layer)
        constants |= {f"W{layer}": W.transpose(0, 2, 1), f"b{layer}": b[:, np.newaxis]}
        nodes.append(("MatMul", [f"x{layer - 1}", f"W{layer}"], f"product{layer}", {}))
        nodes.append(("Add", [f"product{layer}", f"b{layer}"], f"s{layer}", {}))
        if layer < network.depth:
            nodes += _activation(network.activation, layer)
    used = {name for _, names, _, _ in nodes for name in names}
    constants |= {name: np.array(number) for name, number in _NUMBERS.items() if name in used}
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


def _activation(name: str, layer: int) -> list[OnnxNode]:
    """Its nodes behind a layer, whose number is part of the names of what they make."""
    return [
        (operation, [one if one in _NUMBERS else f"{one}{layer}" for one in given], f"{made}{layer}", options)
        for operation, given, made, options in _ACTIVATIONS[name]
    ]


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
