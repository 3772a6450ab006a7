"""Which of the user's arrays is which parameter of a net, and how it lies: transposed, with a bias column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.derivation import PlainLayer
from chainrule.gradcheck.program.leaves import Leaf
from chainrule.gradcheck.program.names import is_weights, vector_role

_VECTORS = ("b", "gamma", "beta")
_KINDS = {"bias": "b", "scale": "gamma", "shift": "beta"}
_NUMBER = re.compile(r"\W*\d+\W*$")


class WeightPlace(NamedTuple):
    """The weights of a layer among the leaves: their index, whether they are (in, out), and where their bias column is,
    if any. Those of a single output may be (in,)."""

    leaf: int
    transposed: bool
    bias_column: int | None


@dataclass(frozen=True)
class ParameterLayout:
    """For each layer its weights, and the leaves of b, gamma and beta (None where there is none)."""

    weights: tuple[WeightPlace, ...]
    b: tuple[int | None, ...]
    gamma: tuple[int | None, ...]
    beta: tuple[int | None, ...]

    def layers(self, arrays: Sequence[Array]) -> list[PlainLayer]:
        """The parameters at one point, as the diagnosis writes them."""
        layers = []
        for index, place in enumerate(self.weights):
            W, column = _taken_apart(arrays[place.leaf], place)
            leaves = self._vectors(index)
            b, gamma, beta = (None if leaf is None else arrays[leaf].reshape(-1) for leaf in leaves)
            layers.append(PlainLayer(index + 1, W, b if column is None else column, gamma, beta))
        return layers

    def put_back(self, gradient: dict[str, Array], arrays: Sequence[Array]) -> list[Array]:
        """A gradient by name as the user's arrays lie; zero where a leaf is no parameter of the net."""
        leaves = [np.zeros_like(a) for a in arrays]
        for layer in range(1, len(self.weights) + 1):
            for leaf, array in self.of_layer(layer, gradient, arrays):
                leaves[leaf] = array
        return leaves

    def of_layer(
        self, layer: int, gradient: dict[str, Array], arrays: Sequence[Array]
    ) -> Iterator[tuple[int, Array]]:
        """The same of one layer, counted from 1: its leaves, and what lies there."""
        place = self.weights[layer - 1]
        yield place.leaf, _put_together(gradient, layer, place).reshape(arrays[place.leaf].shape)
        for kind, leaf in zip(_VECTORS, self._vectors(layer - 1), strict=True):
            if leaf is not None:
                yield leaf, gradient[f"{kind}{layer}"].reshape(arrays[leaf].shape)

    def names(self, count: int) -> list[str]:
        """For each leaf the diagnosis' own names of what it holds, such as ``W1`` or ``W1+b1``."""
        names = ["?"] * count
        for index, place in enumerate(self.weights):
            names[place.leaf] = f"W{index + 1}" + (f"+b{index + 1}" if place.bias_column is not None else "")
            for kind, leaf in zip(_VECTORS, self._vectors(index), strict=True):
                if leaf is not None:
                    names[leaf] = f"{kind}{index + 1}"
        return names

    def _vectors(self, index: int) -> tuple[int | None, int | None, int | None]:
        """A layer's leaves in the order of ``_VECTORS``."""
        return self.b[index], self.gamma[index], self.beta[index]


def _taken_apart(array: Array, place: WeightPlace) -> tuple[Array, Array | None]:
    W = _outputs_first(array, place.transposed)
    if place.bias_column is None:
        return W, None
    return np.delete(W, place.bias_column, axis=1), W[:, place.bias_column]


def _outputs_first(array: Array, transposed: bool) -> Array:
    """Weights as (out, in)."""
    if array.ndim == 1:
        return array[np.newaxis]
    return array.T if transposed else array


def _put_together(gradient: dict[str, Array], layer: int, place: WeightPlace) -> Array:
    W = gradient[f"W{layer}"]
    if place.bias_column is not None:
        W = np.insert(W, place.bias_column, gradient[f"b{layer}"], axis=1)
    return W.T if place.transposed else W


def candidates(leaves: Sequence[Leaf], inputs: int, classes: int | None) -> Iterator[ParameterLayout]:
    """Every way in which the leaves can be a net from ``inputs`` to ``classes``; the likeliest first.

    Args:
        leaves: the parameters'.
        inputs: D.
        classes: K, None if not known.
    """
    for matrices in _matrices(leaves):
        vectors = [i for i in range(len(leaves)) if i not in matrices]
        if any(not _is_vector(leaves[i]) for i in vectors):
            continue
        for order in _orders(matrices, leaves):
            for transposed in (False, True):
                places = _chain(leaves, order, transposed, inputs, classes)
                if places is not None:
                    widths = [len(_outputs_first(leaves[p.leaf].array, p.transposed)) for p in places]
                    yield from _with_vectors(places, widths, leaves, vectors)


def _matrices(leaves: Sequence[Leaf]) -> Iterator[list[int]]:
    """The leaves that are weights: by shape and name; else one more, whose shape is that of a vector too."""
    if any(leaf.array.ndim > 2 for leaf in leaves):
        return
    thick = [i for i, leaf in enumerate(leaves) if not _is_vector(leaf)]
    thin = [i for i, leaf in enumerate(leaves) if _is_vector(leaf) and leaf.array.ndim]
    named = [i for i in thin if is_weights(leaves[i].name)]
    yield sorted(thick + named)
    for i in [] if named else thin:
        yield sorted([*thick, i])


def _is_vector(leaf: Leaf) -> bool:
    return max(leaf.array.shape, default=1) == leaf.array.size


def _orders(matrices: list[int], leaves: Sequence[Leaf]) -> Iterable[tuple[int, ...]]:
    """From the first layer to the last: by the numbers in their names, as they come, or the last one first."""
    by_number = sorted(matrices, key=lambda i: [int(n) for n in re.findall(r"\d+", leaves[i].name)] or [i])
    return dict.fromkeys(map(tuple, (by_number, matrices, matrices[::-1])))


def _chain(
    leaves: Sequence[Leaf], order: Sequence[int], transposed: bool, inputs: int, classes: int | None
) -> list[WeightPlace] | None:
    """The matrices one behind the other; None where the units of one are not the inputs of the next."""
    places, width = [], inputs
    for leaf in order:
        out, into = _outputs_first(leaves[leaf].array, transposed).shape
        if into not in (width, width + 1):
            return None
        places.append(WeightPlace(leaf, transposed, None if into == width else into - 1))
        width = out
    return places if places and classes in (None, width) else None


_Kinds = dict[str, list[int | None]]
"""For each kind of vector the leaf of every layer, None where there is none."""


def _with_vectors(
    places: Sequence[WeightPlace], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[ParameterLayout]:
    seen = set()
    ways = (
        _by_name(widths, leaves, vectors),
        _by_group(widths, leaves, vectors),
        _by_neighbour(places, widths, leaves, vectors),
        _by_block(widths, leaves, vectors),
    )
    for kinds in itertools.chain(*ways):
        layout = ParameterLayout(
            tuple(places), tuple(kinds["b"]), tuple(kinds["gamma"]), tuple(kinds["beta"])
        )
        # No batch norm stands behind the last layer.
        if layout not in seen and layout.gamma[-1] is None and layout.beta[-1] is None:
            seen.add(layout)
            yield layout


def _by_name(widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]) -> Iterator[_Kinds]:
    """By the names of the kinds; each kind in its own order, first or last layer first."""
    groups: dict[str, list[int]] = {}
    for i in vectors:
        role = vector_role(leaves[i].name)
        if role is None:
            return
        groups.setdefault(_KINDS[role], []).append(i)
    yield from _filled(groups, widths, leaves)
    yield from _filled({kind: members[::-1] for kind, members in groups.items()}, widths, leaves)


def _by_group(widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]) -> Iterator[_Kinds]:
    """Parallel lists whose names say nothing: b, gamma and beta in a usual order."""
    groups: dict[str, list[int]] = {}
    for i in vectors:
        groups.setdefault(_NUMBER.sub("", leaves[i].name), []).append(i)
    for kinds in (_VECTORS, ("b", "beta", "gamma"), ("gamma", "beta", "b"), ("gamma", "beta")):
        if len(groups) <= len(kinds):
            yield from _filled(dict(zip(kinds, groups.values(), strict=False)), widths, leaves)


def _by_neighbour(
    places: Sequence[WeightPlace], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[_Kinds]:
    """One flat list: the vectors between two matrices belong to the first."""
    kinds = _empty(len(places))
    ends = sorted(p.leaf for p in places)
    given = 0
    for layer, place in enumerate(places):
        after = next((end for end in ends if end > place.leaf), len(leaves))
        own = [i for i in vectors if place.leaf < i < after and leaves[i].array.size == widths[layer]]
        if len(own) > len(_VECTORS):
            return
        given += len(own)
        for kind, i in zip(_VECTORS, own, strict=False):
            kinds[kind][layer] = i
    if given == len(vectors):
        yield kinds


def _by_block(widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]) -> Iterator[_Kinds]:
    """One flat list: every b, then every gamma, then every beta; some of these kinds."""
    layers, hidden = len(widths), len(widths) - 1
    for sizes in (
        {"b": layers, "gamma": hidden, "beta": hidden},
        {"b": layers},
        {"gamma": hidden, "beta": hidden},
    ):
        if sum(sizes.values()) == len(vectors):
            remaining = iter(vectors)
            groups = {kind: list(itertools.islice(remaining, size)) for kind, size in sizes.items()}
            yield from _filled(groups, widths, leaves)


def _empty(layers: int) -> _Kinds:
    return {kind: [None] * layers for kind in _VECTORS}


def _filled(groups: dict[str, list[int]], widths: Sequence[int], leaves: Sequence[Leaf]) -> Iterator[_Kinds]:
    """Each kind's leaves given to the layers in order, where the sizes fit."""
    kinds = _empty(len(widths))
    for kind, members in groups.items():
        layer = 0
        for i in members:
            while layer < len(widths) and widths[layer] != leaves[i].array.size:
                layer += 1
            if layer == len(widths):
                return
            kinds[kind][layer] = i
            layer += 1
    yield kinds
