"""Which of the user's arrays is which parameter of a net, and how it lies: transposed, with a bias column."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.diagnosis.net import Layer
from chainrule.gradcheck.leaves import Array, Leaf

_KINDS = (
    ("gamma", re.compile(r"gam|scale")),
    ("beta", re.compile(r"bet|shift")),
    ("b", re.compile(r"^b|bias|[._]b|\db")),
)


class Place(NamedTuple):
    """A weight matrix among the leaves: its index, whether it is (in, out), and where its bias column is, if any."""

    leaf: int
    transposed: bool
    bias_column: int | None


@dataclass(frozen=True)
class Layout:
    """For each layer its weights, and the leaves of b, gamma and beta (None where there is none)."""

    weights: tuple[Place, ...]
    b: tuple[int | None, ...]
    gamma: tuple[int | None, ...]
    beta: tuple[int | None, ...]

    def layers(self, arrays: Sequence[Array]) -> list[Layer]:
        """The parameters at one point, as the diagnosis writes them."""
        found = []
        for index, place in enumerate(self.weights):
            W, column = _taken_apart(arrays[place.leaf], place)
            vectors = [None if leaf is None else arrays[leaf].reshape(-1) for leaf in self._vectors(index)]
            b = vectors[0] if column is None else column
            found.append(Layer(index + 1, W, b, vectors[1], vectors[2]))
        return found

    def put_back(self, gradient: dict[str, Array], arrays: Sequence[Array]) -> list[Array]:
        """A gradient by name as the user's arrays lie; zero where a leaf is no parameter of the net."""
        leaves = [np.zeros_like(a) for a in arrays]
        for index, place in enumerate(self.weights):
            leaves[place.leaf] = _put_together(gradient, index + 1, place)
            for kind, leaf in zip(("b", "gamma", "beta"), self._vectors(index), strict=True):
                if leaf is not None:
                    leaves[leaf] = gradient[f"{kind}{index + 1}"].reshape(arrays[leaf].shape)
        return leaves

    def names(self, count: int) -> list[str]:
        """For each leaf the diagnosis' own names of what it holds, such as ``W1`` or ``W1+b1``."""
        names = ["?"] * count
        for index, place in enumerate(self.weights):
            names[place.leaf] = f"W{index + 1}" + (f"+b{index + 1}" if place.bias_column is not None else "")
            for kind, leaf in zip(("b", "gamma", "beta"), self._vectors(index), strict=True):
                if leaf is not None:
                    names[leaf] = f"{kind}{index + 1}"
        return names

    def _vectors(self, index: int) -> tuple[int | None, int | None, int | None]:
        return self.b[index], self.gamma[index], self.beta[index]


def _taken_apart(array: Array, place: Place) -> tuple[Array, Array | None]:
    W = array.T if place.transposed else array
    if place.bias_column is None:
        return W, None
    return np.delete(W, place.bias_column, axis=1), W[:, place.bias_column]


def _put_together(gradient: dict[str, Array], layer: int, place: Place) -> Array:
    W = gradient[f"W{layer}"]
    if place.bias_column is not None:
        b = gradient[f"b{layer}"][:, np.newaxis]
        W = np.hstack([b, W] if place.bias_column == 0 else [W, b])
    return W.T if place.transposed else W


def candidates(leaves: Sequence[Leaf], inputs: int, classes: int | None) -> Iterator[Layout]:
    """Every way in which the leaves can be a net from ``inputs`` to ``classes``; the likeliest first.

    Args:
        leaves: the parameters'.
        inputs: D.
        classes: K, None if not known.
    """
    matrices = [i for i, leaf in enumerate(leaves) if leaf.array.ndim == 2 and _is_matrix(leaf, leaves)]
    vectors = [i for i in range(len(leaves)) if i not in matrices]
    if any(max(leaves[i].array.shape, default=1) != leaves[i].array.size for i in vectors):
        return
    for order in _orders(matrices, leaves):
        for transposed in (False, True):
            places = _chain([leaves[i].array.shape for i in order], order, transposed, inputs, classes)
            if places is not None:
                widths = [_outputs(leaves[p.leaf].array, p) for p in places]
                yield from _with_vectors(places, widths, leaves, vectors)


def _is_matrix(leaf: Leaf, leaves: Sequence[Leaf]) -> bool:
    return min(leaf.array.shape) > 1 or bool(re.search(r"(^|[._])[wW]", leaf.name))


def _orders(matrices: list[int], leaves: Sequence[Leaf]) -> list[list[int]]:
    by_number = sorted(matrices, key=lambda i: [int(n) for n in re.findall(r"\d+", leaves[i].name)] or [i])
    orders = [by_number, matrices, matrices[::-1]]
    return [list(order) for order in dict.fromkeys(tuple(order) for order in orders)]


def _chain(
    shapes: Sequence[tuple[int, ...]],
    order: Sequence[int],
    transposed: bool,
    inputs: int,
    classes: int | None,
) -> list[Place] | None:
    places, width = [], inputs
    for shape, leaf in zip(shapes, order, strict=True):
        out, into = shape[::-1] if transposed else shape
        if into not in (width, width + 1):
            return None
        places.append(Place(leaf, transposed, None if into == width else into - 1))
        width = out
    return places if places and classes in (None, width) else None


def _outputs(array: Array, place: Place) -> int:
    return int(array.shape[1] if place.transposed else array.shape[0])


def _with_vectors(
    places: Sequence[Place], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[Layout]:
    seen = set()
    for assign in (_by_name, _by_group, _by_neighbour):
        for kinds in assign(places, widths, leaves, vectors):
            found = Layout(tuple(places), tuple(kinds["b"]), tuple(kinds["gamma"]), tuple(kinds["beta"]))
            if found not in seen:
                seen.add(found)
                yield found


_Kinds = dict[str, list[int | None]]


def _empty(count: int) -> _Kinds:
    return {kind: [None] * count for kind in ("b", "gamma", "beta")}


def _by_name(
    places: Sequence[Place], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[_Kinds]:
    """By the names of the kinds; each kind in its own order, first layer first."""
    groups: dict[str, list[int]] = {"b": [], "gamma": [], "beta": []}
    for i in vectors:
        kind = next((k for k, pattern in _KINDS if pattern.search(leaves[i].name.lower())), None)
        if kind is None:
            return
        groups[kind].append(i)
    for reverse in (False, True):
        kinds = _filled(groups, widths, leaves, reverse)
        if kinds is not None:
            yield kinds


def _by_group(
    places: Sequence[Place], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[_Kinds]:
    """Parallel lists without names: the first group is b, the next two are gamma and beta."""
    prefixes = list(dict.fromkeys(re.sub(r"\W*\d+\W*$", "", leaves[i].name) for i in vectors))
    groups = [
        [i for i in vectors if re.sub(r"\W*\d+\W*$", "", leaves[i].name) == prefix] for prefix in prefixes
    ]
    for names in (("b", "gamma", "beta"), ("b", "beta", "gamma"), ("gamma", "beta", "b"), ("gamma", "beta")):
        if len(groups) <= len(names):
            named: dict[str, list[int]] = {"b": [], "gamma": [], "beta": []}
            named |= dict(zip(names, groups, strict=False))
            kinds = _filled(named, widths, leaves, False)
            if kinds is not None:
                yield kinds


def _by_neighbour(
    places: Sequence[Place], widths: Sequence[int], leaves: Sequence[Leaf], vectors: Sequence[int]
) -> Iterator[_Kinds]:
    """One flat list: the vectors between two matrices belong to the first; or all vectors after all matrices."""
    kinds = _empty(len(places))
    ends = sorted(p.leaf for p in places)
    for layer, place in enumerate(places):
        after = next((end for end in ends if end > place.leaf), len(leaves))
        own = [i for i in vectors if place.leaf < i < after and leaves[i].array.size == widths[layer]]
        if len(own) > 3:
            break
        for kind, i in zip(("b", "gamma", "beta"), own, strict=False):
            kinds[kind][layer] = i
    else:
        if {i for found in kinds.values() for i in found if i is not None} == set(vectors):
            yield kinds
    count, hidden = len(places), len(places) - 1
    for sizes in ((count, hidden, hidden), (count,), (hidden, hidden)):
        if sum(sizes) == len(vectors):
            cuts = np.cumsum((0, *sizes))
            groups = [list(vectors[a:b]) for a, b in itertools.pairwise(cuts)]
            names = ("b", "gamma", "beta") if len(sizes) != 2 else ("gamma", "beta")
            named: dict[str, list[int]] = {"b": [], "gamma": [], "beta": []}
            found = _filled(named | dict(zip(names, groups, strict=False)), widths, leaves, False)
            if found is not None:
                yield found


def _filled(
    groups: dict[str, list[int]], widths: Sequence[int], leaves: Sequence[Leaf], reverse: bool
) -> _Kinds | None:
    """Each kind's leaves given to the layers in order, where the sizes fit."""
    kinds = _empty(len(widths))
    for kind, members in groups.items():
        ordered = members[::-1] if reverse else members
        layer = 0
        for i in ordered:
            while layer < len(widths) and widths[layer] != leaves[i].array.size:
                layer += 1
            if layer == len(widths):
                return None
            kinds[kind][layer] = i
            layer += 1
    return kinds
