"""Small nets and data as expressions of Python, laid out as other people lay theirs out.

All sizes differ, so that a convention which is not the code's own fails: 6 inputs, 5 and 4 hidden units, 3 classes,
7 samples.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chainrule.gradcheck.program.names import Meaning, Role
from chainrule.gradcheck.recognition.patch_filters import CHANNELS, Filters

INPUTS, HIDDEN, CLASSES, SAMPLES = 6, 5, 3, 7
L2 = "0.1"
TIERS = 4
DEEPEST = 4
_MANY = 20


@dataclass(frozen=True)
class Sizes:
    """How many inputs, hidden units and classes there are."""

    inputs: int = INPUTS
    hidden: int = HIDDEN
    classes: int = CLASSES

    def widths(self, layers: int) -> tuple[int, ...]:
        """Units of a net of so many layers, the inputs first.

        >>> Sizes().widths(3)
        (6, 5, 4, 3)
        """
        return (self.inputs, *(self.hidden, 4, 8)[: layers - 1], self.classes)


USUAL_SIZES = Sizes()


@dataclass(frozen=True)
class Convention:
    """Where samples, labels, units and biases lie.

    Attributes:
        samples: X as (d, N) columns or (N, d) rows; one-hot labels lie the same way; a single one as a column, or as a
            vector (d,), whose label is (K,), or a number.
        labels: one-hot or integers; one-hot across where the samples lie the other way than in X. Of a net with a
            single output, zeros and ones, or -1 and 1: as a row or column beside X, or as (N,).
        weights: W as (out, in) or (in, out); of a single output also as (in,).
        bias: b as (K, 1), (K,) or (1, K); none; joined to W as its last column, (out, in + 1), or row; a number.
        sizes: of the arrays.
        state: of a recurrent net, whose steps are the samples, the hidden units before the first step, laid out as a
            bias; empty of other nets. Its inputs may be the indices of characters, (N,), or columns one after the
            other, (N, d, 1).
        filters: of a net that has some before its layers; None of other nets. Its inputs are patches (P, d, N) or
            (N, P, d), or whole images, flat or (s, s, 3, N).
        scales: those of batch norm, and its shifts, as (K,) where biases lie otherwise; empty: as these.
        matrices: they are ``np.matrix``.
    """

    samples: Literal[
        "columns", "rows", "column", "vector", "indices", "vectors", "patches", "rows of patches", "images"
    ] = "columns"
    labels: Literal[
        "one-hot", "integers", "one-hot across", "binary", "binary (N,)", "signs", "signs (N,)"
    ] = "one-hot"
    weights: Literal["out, in", "in, out", "in"] = "out, in"
    bias: Literal["(K, 1)", "(K,)", "(1, K)", "none", "joined", "number"] = "(K, 1)"
    sizes: Sizes = USUAL_SIZES
    state: Literal["", "(K, 1)", "(K,)", "(1, K)"] = ""
    filters: Filters | None = None
    scales: Literal["", "(K,)"] = ""
    matrices: bool = False

    @property
    def words(self) -> str:
        """The convention as a user would say it."""
        words = self._words
        if self.filters is not None:
            words = f"{words}, filters {self.filters.weights}"
        if self.scales:
            words = f"{words}, scales and shifts {self.scales}"
        words = f"{words}, all np.matrix" if self.matrices else words
        return (
            f"{words}; the N samples are steps, the state {self.state.replace('K', 'm')}"
            if self.state
            else words
        )

    @property
    def _words(self) -> str:
        shapes = {"columns": "(d, N)", "rows": "(N, d)", "column": "(d, 1)", "vector": "(d,)"}
        shapes |= {"indices": "indices (N,)", "vectors": "(N, d, 1)"}
        shapes |= {"patches": "(P, d, N)", "rows of patches": "(N, P, d)", "images": "(s, s, 3, N)"}
        shape = shapes[self.samples]
        row = "(N, 1)" if self.samples == "rows" else "(1, N)"
        kinds = {"integers": "integers (N,)", "binary": f"0 or 1 {row}", "binary (N,)": "0 or 1 (N,)"}
        kinds |= {"signs": f"-1 or 1 {row}", "signs (N,)": "-1 or 1 (N,)"}
        kinds |= {"binary": "0 or 1", "signs": "-1 or 1"} if self.samples == "vector" else {}
        labels = kinds.get(self.labels, f"one-hot {self._one_hot}")
        last = "column" if self.weights == "out, in" else "row"
        biases = {"none": "no b", "joined": f"b the last {last} of W", "number": "b a number"}
        bias = biases.get(self.bias, f"b {self.bias}")
        words = f"X {shape}, labels {labels}, W ({self.weights}), {bias}"
        named = [f"{n} {what}" for what, n in vars(self.sizes).items() if n != vars(USUAL_SIZES)[what]]
        return ", ".join([words, *named])

    @property
    def _one_hot(self) -> str:
        if self.samples in ("vectors", "vector"):
            return "(N, K, 1)" if self.samples == "vectors" else "(K,)"
        return "(K, N)" if self.label_columns else "(N, K)"

    @property
    def samples_first(self) -> bool:
        """Whether the first axis of the inputs is that of the samples."""
        return self.samples in ("rows", "indices", "vectors", "rows of patches")

    @property
    def samples_axis(self) -> int:
        """Which axis of the inputs is that of the samples."""
        return {"patches": 2, "images": 3}.get(self.samples, 0 if self.samples_first else 1)

    @property
    def single(self) -> bool:
        """Whether the net has one output, with one of two numbers for labels."""
        return self.labels in ("binary", "binary (N,)", "signs", "signs (N,)")

    @property
    def label_values(self) -> tuple[int, int]:
        """The labels of a net with one output."""
        return (-1, 1) if self.labels in ("signs", "signs (N,)") else (0, 1)

    def widths(self, layers: int) -> tuple[int, ...]:
        """Units of a net of so many layers, the inputs first."""
        widths = self.sizes.widths(layers)
        return (*widths[:-1], 1) if self.single else widths

    @property
    def label_columns(self) -> bool:
        """Whether one-hot labels are columns."""
        return self.output_rows == (self.labels == "one-hot across")

    @property
    def output_rows(self) -> bool:
        """Whether what a net gives for a sample is a row."""
        return self.samples in ("rows", "vector", "rows of patches")

    @property
    def count(self) -> int:
        """How many samples there are."""
        return 1 if self.samples in ("column", "vector") else SAMPLES


_Layouts = tuple[Sequence[tuple[str, str, str]], Sequence[str]]
"""Samples, weights and bias of arrays, and the labels beside each of them."""


def tiers(*, has_bias: bool, sizes: Sizes = USUAL_SIZES) -> list[list[Convention]]:
    """Every convention of these sizes: the usual ones, then the others, then those of which a net is seldom made."""
    usual = [("columns", "out, in", "(K, 1)"), ("rows", "in, out", "(K,)"), ("rows", "in, out", "(1, K)")]
    usual += [("rows", "out, in", "(K,)")]
    biases = ("(K, 1)", "(K,)", "(1, K)") if has_bias else ("none", "joined")
    every = [
        (s, w, b) for b in biases for s, w in itertools.product(("columns", "rows"), ("out, in", "in, out"))
    ]
    single = [
        (s, w, "number") for s, w in itertools.product(("columns", "rows"), ("in", "out, in", "in, out"))
    ]
    single += [(s, "in", b) for s in ("columns", "rows") for b in biases]
    first = usual if has_bias else every[:4]
    column = [("column", weights, bias) for _, weights, bias in first[:1]]
    layouts: list[list[_Layouts]] = [
        [(first, ("one-hot", "integers")), (first[:3], ("binary",))],
        [(every, ("one-hot", "integers"))],
        [
            (column, ("one-hot",)),
            (every, ("one-hot across",)),
            ([*every, *single], ("binary", "binary (N,)")),
            (single, ("signs (N,)", "signs")),
            (every, ("signs (N,)", "signs")),
        ],
        [
            ([("vector", "in", "number")] if has_bias else [("vector", "in", "none")], ("binary", "signs")),
            ([("vector", w, "(K,)" if has_bias else "none") for w in ("out, in", "in, out")], ("one-hot",)),
        ],
    ]
    seen: dict[Convention, int] = {}
    for tier, arrays in enumerate(layouts):
        for convention in _all(arrays, sizes):
            seen.setdefault(convention, tier)
    return [[convention for convention, at in seen.items() if at == tier] for tier in range(TIERS)]


def _all(layouts: Iterable[_Layouts], sizes: Sizes) -> Iterator[Convention]:
    for arrays, every_labels in layouts:
        for labels, (samples, weights, bias) in itertools.product(every_labels, arrays):
            yield Convention(samples, labels, weights, bias, sizes)  # type: ignore[arg-type]


def inputs(convention: Convention) -> str:
    """X."""
    d = convention.sizes.inputs
    if convention.samples == "indices":
        return f"rng.integers({d}, size={SAMPLES})"
    if convention.samples == "vectors":
        return _normal((SAMPLES, d, 1))
    if convention.filters is not None:
        patches, pixels = convention.filters.patches, convention.filters.pixels
        if convention.samples == "patches":
            return _normal((patches, pixels, SAMPLES))
        if convention.samples == "rows of patches":
            return _normal((SAMPLES, patches, pixels))
        if convention.samples == "images":
            side = convention.filters.image_side
            return _normal((side, side, CHANNELS, SAMPLES))
        d = patches * pixels
    if convention.samples == "vector":
        return _normal(d)
    return _normal((SAMPLES, d) if convention.samples == "rows" else (d, convention.count))


def integer_labels(convention: Convention) -> str:
    """y (N,); of a vector a number."""
    size = () if convention.samples == "vector" else convention.count
    return f"rng.integers({convention.sizes.classes}, size={size})"


def drawn_labels(convention: Convention, numpy: str) -> str:
    """Labels of their own, as the convention lays them out."""
    if convention.single:
        beside = (SAMPLES, 1) if convention.samples == "rows" else (1, SAMPLES)
        size = (
            ()
            if convention.samples == "vector"
            else SAMPLES
            if convention.labels.endswith("(N,)")
            else beside
        )
        drawn = f"rng.integers(2, size={size})"
        return drawn if convention.label_values == (0, 1) else f"2 * {drawn} - 1"
    y = integer_labels(convention)
    return y if convention.labels == "integers" else one_hot(convention, numpy, y)


def one_hot(convention: Convention, numpy: str, y: str) -> str:
    """Y of the integer labels ``y``."""
    if convention.samples == "vectors":
        return f"{numpy}.eye({convention.sizes.classes})[{y}, :, None]"
    return f"{numpy}.eye({convention.sizes.classes})[{':, ' if convention.label_columns else ''}{y}]"


def state(convention: Convention) -> str:
    """The hidden units before the first step."""
    m = convention.sizes.hidden
    shape = {"(K, 1)": (m, 1), "(1, K)": (1, m)}.get(convention.state, m)
    return f"{_normal(shape)} / 2"


def parameter(meaning: Meaning, layers: int, convention: Convention) -> str:
    """One parameter; the list of all layers' when its name counts none and there are several layers."""
    if meaning.layer is None and layers > 1:
        return every_layer(meaning.role, layers, convention)
    return of_layer(meaning.role, (meaning.layer or 1) - 1, layers, convention)


def every_layer(role: Role, layers: int, convention: Convention) -> str:
    """The list of one parameter of every layer that has it; filters are those of one alone."""
    if role in ("filters", "filter bias"):
        return of_layer(role, 0, layers, convention)
    count = layers - 1 if role in ("scale", "shift") else layers
    return "[" + ", ".join(of_layer(role, i, layers, convention) for i in range(count)) + "]"


def of_layer(role: Role, layer: int, layers: int, convention: Convention) -> str:
    """One parameter of the layer with this index, counted from 0."""
    if convention.filters is not None and role in ("filters", "filter bias"):
        return _of_filters(role, convention.filters, convention.bias)
    widths = convention.widths(layers)
    fan_in, fan_out = widths[layer], widths[layer + 1]
    if role == "gate":
        joined = (fan_out, fan_out + fan_in)
        return f"{_normal(joined if convention.weights == 'out, in' else joined[::-1])} / 2"
    if role == "recurrent":
        return f"{_normal((fan_out, fan_out))} / 2"
    if role == "weights":
        if convention.weights == "in" and layers == 1:
            return _normal(fan_in)
        fan_in += convention.bias == "joined"
        drawn = _normal((fan_out, fan_in) if convention.weights == "out, in" else (fan_in, fan_out))
        # Of many inputs the scores would be so large that all but one probability vanish, and deep in a net what
        # follows would saturate.
        least = min(layers, 2)
        smaller = max(round(fan_in**0.5), least) if fan_in > _MANY else least
        return f"{drawn} / {smaller}" if smaller > 1 else drawn
    # One number for several units would be a sum too many that nobody sees.
    number = () if fan_out == 1 else fan_out
    lies = (convention.scales if role in ("scale", "shift") else "") or convention.bias
    shape = {"(K, 1)": (fan_out, 1), "(1, K)": (1, fan_out), "number": number}.get(lies, fan_out)
    return f"rng.uniform(0.5, 1.5, size={shape})" if role == "scale" else _normal(shape)


def _of_filters(role: Role, filters: Filters, layer_bias: str) -> str:
    count = filters.count
    if role == "filters":
        return f"{_normal(filters.shapes[filters.weights])} / {round(filters.pixels**0.5)}"
    as_b = {"(K, 1)": (count, 1), "(1, K)": (1, count)}.get(layer_bias, count)
    return _normal({"(F,)": count, "(1, F, 1)": (1, count, 1)}.get(filters.bias, as_b))


def in_one_vector(layers: int, convention: Convention) -> str:
    """The parameters of all layers end to end, as optimisers take them."""
    has_bias = convention.bias != "none"
    widths = itertools.pairwise(convention.widths(layers))
    return f"{_normal(sum((fan_in + has_bias) * fan_out for fan_in, fan_out in widths))} / 2"


def _normal(shape: object) -> str:
    return "rng.normal()" if shape == () else f"rng.normal(size={shape})"
