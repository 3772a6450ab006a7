"""Small nets and data as expressions of Python, laid out as other people lay theirs out.

All sizes differ, so that a convention which is not the code's own fails: 6 inputs, 5 and 4 hidden units, 3 classes,
7 samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from chainrule.gradcheck.program.names import Meaning, Role

INPUTS, HIDDEN, CLASSES, SAMPLES = 6, 5, 3, 7
L2 = "0.1"
WIDTHS = {1: (6, 3), 2: (6, 5, 3), 3: (6, 5, 4, 3), 4: (6, 5, 4, 8, 3)}
"""Units of nets by their number of layers, the inputs first."""


@dataclass(frozen=True)
class Convention:
    """Where samples, labels, units and biases lie.

    Attributes:
        samples: X as (d, N) columns or (N, d) rows; one-hot labels lie the same way.
        labels: one-hot or integers.
        weights: W as (out, in) or (in, out).
        bias: b as (K, 1), (K,) or (1, K); none; or joined to W as its last column, (out, in + 1), or row.
    """

    samples: Literal["columns", "rows"] = "columns"
    labels: Literal["one-hot", "integers"] = "one-hot"
    weights: Literal["out, in", "in, out"] = "out, in"
    bias: Literal["(K, 1)", "(K,)", "(1, K)", "none", "joined"] = "(K, 1)"

    @property
    def words(self) -> str:
        """The convention as a user would say it."""
        shape = "(d, N)" if self.samples == "columns" else "(N, d)"
        one_hot = "(K, N)" if self.samples == "columns" else "(N, K)"
        labels = f"one-hot {one_hot}" if self.labels == "one-hot" else "integers (N,)"
        last = "column" if self.weights == "out, in" else "row"
        bias = {"none": "no b", "joined": f"b the last {last} of W"}.get(self.bias, f"b {self.bias}")
        return f"X {shape}, labels {labels}, W ({self.weights}), {bias}"


def every_convention(*, has_bias: bool) -> Iterator[Convention]:
    """Every convention, the usual ones first."""
    biases = ("(K, 1)", "(K,)", "(1, K)") if has_bias else ("none", "joined")
    usual = [("columns", "out, in", "(K, 1)"), ("rows", "in, out", "(K,)"), ("rows", "in, out", "(1, K)")]
    usual += [("rows", "out, in", "(K,)")]
    every = [(s, w, b) for b in biases for s, w in product(("columns", "rows"), ("out, in", "in, out"))]
    for labels in ("one-hot", "integers"):
        for samples, weights, bias in dict.fromkeys([*(usual if has_bias else []), *every]):
            yield Convention(samples, labels, weights, bias)  # type: ignore[arg-type]


def inputs(convention: Convention) -> str:
    """X."""
    shape = (INPUTS, SAMPLES) if convention.samples == "columns" else (SAMPLES, INPUTS)
    return _normal(shape)


def integer_labels() -> str:
    """y (N,)."""
    return f"rng.integers({CLASSES}, size={SAMPLES})"


def one_hot(convention: Convention, numpy: str, y: str) -> str:
    """Y of the integer labels ``y``."""
    return f"{numpy}.eye({CLASSES})[{':, ' if convention.samples == 'columns' else ''}{y}]"


def parameter(meaning: Meaning, layers: int, convention: Convention) -> str:
    """One parameter; the list of all layers' when its name counts none and there are several layers."""
    if meaning.layer is None and layers > 1:
        count = layers - 1 if meaning.role in ("scale", "shift") else layers
        return "[" + ", ".join(of_layer(meaning.role, i, layers, convention) for i in range(count)) + "]"
    return of_layer(meaning.role, (meaning.layer or 1) - 1, layers, convention)


def of_layer(role: Role, layer: int, layers: int, convention: Convention) -> str:
    """One parameter of the layer with this index, counted from 0."""
    widths = WIDTHS[layers]
    fan_in, fan_out = widths[layer], widths[layer + 1]
    if role == "weights":
        fan_in += convention.bias == "joined"
        return _normal((fan_out, fan_in) if convention.weights == "out, in" else (fan_in, fan_out))
    shape = {"(K, 1)": (fan_out, 1), "(1, K)": (1, fan_out)}.get(convention.bias, fan_out)
    return f"rng.uniform(0.5, 1.5, size={shape})" if role == "scale" else _normal(shape)


def _normal(shape: object) -> str:
    return f"rng.normal(size={shape})"
