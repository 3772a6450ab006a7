"""How the inputs and parameters of a layer may lie: samples as rows or columns, images, sequences, a single sample.

All sizes differ, so that a layout which is not the layer's own fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from chainrule.gradcheck.program.names import Role

Shape = tuple[int, ...]


class LayerShapes(NamedTuple):
    """The shapes of a layer's arrays.

    Attributes:
        samples: how many samples the inputs hold.
        vector: of a bias.
        features: of scale and shift, which have an entry for each of the inputs' features.
    """

    samples: int
    inputs: Shape
    weights: Shape
    vector: Shape
    features: Shape

    def shape(self, role: Role, *, has_weights: bool) -> Shape:
        """Of an array of this role; of a layer without weights, a bias belongs to the inputs' features too."""
        if role == "inputs":
            return self.inputs
        if role == "weights":
            return self.weights
        return self.vector if has_weights else self.features


def layouts() -> Iterator[LayerShapes]:
    """Every layout that may be any layer's, the usual ones first."""
    for weights, vector, features in product([(6, 3), (3, 6)], [(3,), (1, 3)], [(6,), (1, 6)]):
        yield LayerShapes(7, (7, 6), weights, vector, features)
    for weights, vector in product([(3, 6), (6, 3)], [(3, 1), (3,)]):
        yield LayerShapes(7, (6, 7), weights, vector, (6, 1))
    for size in ((5, 7), (4, 6)):
        yield from _images(size)
    yield LayerShapes(2, (2, 7, 3), (3, 3, 4), (4,), (3,))
    yield LayerShapes(2, (2, 3, 7), (4, 3, 3), (4,), (1, 3, 1))
    yield LayerShapes(2, (2, 6, 4, 5), (4, 6, 3, 3), (4,), (6,))


def special_layouts() -> Iterator[LayerShapes]:
    """Those that hide mistakes, for layers that take no others: square images, and a single sample."""
    yield from _images((5, 5))
    for inputs, vector in product([(6, 1), (6,)], [(3, 1), (3,)]):
        yield LayerShapes(1, inputs, (3, 6), vector, inputs)
    yield LayerShapes(1, (5, 7, 3), (3, 3, 3, 4), (4,), (3,))
    yield LayerShapes(1, (3, 5, 7), (4, 3, 3, 3), (4,), (3, 1, 1))
    yield LayerShapes(1, (5, 7), (3, 3), (1,), (5, 7))


def _images(size: tuple[int, int]) -> Iterator[LayerShapes]:
    for vector, features in (((4,), (3,)), ((4, 1), (1, 3, 1, 1)), ((1, 4, 1, 1), (1, 3, 1, 1))):
        yield LayerShapes(2, (2, 3, *size), (4, 3, 3, 3), vector, features)
    for vector, features in (((1, 1, 1, 4), (1, 1, 1, 3)), ((4,), (3,))):
        yield LayerShapes(2, (2, *size, 3), (3, 3, 3, 4), vector, features)
