"""How the arrays of a layer may lie: samples as rows or columns, images, sequences, a single sample.

All sizes differ, so that a layout which is not the layer's own fails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from itertools import permutations, product
from typing import NamedTuple

from chainrule.gradcheck.recognition.layers.kinds import COUNTING, ArgumentKind

Shape = tuple[int, ...]

WORDS = 9
"""How many words indices are of, where none of the arrays says it."""

_MOST_WRITTEN = 4096
_MOST_TRIED = 5
_ONE_HOT = re.compile(r"\{np\}\.eye\((\d+)\)\[(?P<indices>rng\.integers\(.*\))\](\.T)?")
_INDICES = re.compile(r"rng\.integers\((?P<classes>\d+), size=\d+\)")


class LayerShapes(NamedTuple):
    """The shapes of a layer's arrays.

    Attributes:
        samples: how many samples the inputs hold.
        vector: of a bias.
        features: of scale and shift, which have an entry for each of the inputs' features.
        labels: the expression that draws a loss's labels; ``{np}`` is NumPy.
        inputs_drawn: the expression that draws the inputs, which are ``{size}``.
        counting: of what says beside the labels how much each sample, class, or entry counts.
        classes: of how many kinds inputs are that count what they mean, as words do; 0 of others.
    """

    samples: int
    inputs: Shape
    weights: Shape = ()
    vector: Shape = ()
    features: Shape = ()
    labels: str = ""
    inputs_drawn: str = "rng.normal(size={size})"
    classes: int = 0
    counting: Shape = ()

    @property
    def are_samples_last(self) -> bool:
        """Whether the samples lie along the last of three axes or more."""
        return len(self.inputs) > 2 and self.inputs[-1] == self.samples

    def shape(self, role: ArgumentKind, *, has_weights: bool) -> Shape:
        """Of an array of this role; of a layer without weights, a bias belongs to the inputs' features too."""
        if role == "inputs":
            return self.inputs
        if role in COUNTING:
            return self.counting
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
    yield LayerShapes(2, (2, 7, 6), (6, 3), (3,), (6,))
    yield LayerShapes(2, (2, 7, 8), (8, 3), (3,), (8,))
    yield LayerShapes(2, (6, 7, 2), (6, 3), (3,), (6, 1, 1))
    yield LayerShapes(2, (2, 6, 4, 5), (4, 6, 3, 3), (4,), (6,))
    for features in ((6,), (1, 6, 1, 1)):
        yield LayerShapes(2, (2, 6, 3, 5), (4, 6, 3, 3), (4,), features)
    for vector in ((1, 1, 1, 4), (4,)):
        yield LayerShapes(2, (5, 7, 3, 2), (3, 3, 3, 4), vector, (1, 1, 3, 1))
    for sequences in ((2, 7), (7,)):
        drawn = "rng.integers(6, size={size})"
        yield LayerShapes(1, sequences, (6, 3), (3,), (3,), inputs_drawn=drawn, classes=6)


def layouts_of_rank(axes: int) -> Iterator[LayerShapes]:
    """Those whose inputs have so many axes, also with a scale and a shift for each number of a sample."""
    for layout in (each for each in layouts() if len(each.inputs) == axes and not each.classes):
        yield layout
        yield layout._replace(features=(math.prod(layout.inputs[1:]),))


def written_layouts(numbers: Iterable[int]) -> Iterator[LayerShapes]:
    """Those of a layer in whose constructor the number of its inputs is written, as one of some numbers."""
    for features in sorted(number for number in numbers if 1 < number <= _MOST_WRITTEN):
        yield LayerShapes(7, (7, features))
        yield LayerShapes(7, (features, 7))


def special_layouts() -> Iterator[LayerShapes]:
    """Those that hide mistakes, for layers that take no others: square images, and a single sample."""
    for size in ((5, 5), (4, 4)):
        yield from _images(size)
    for inputs, vector in product([(6, 1), (6,)], [(3, 1), (3,)]):
        yield LayerShapes(1, inputs, (3, 6), vector, inputs)
    # A vector may be scaled and shifted as a whole.
    yield LayerShapes(1, (6,), (3, 6), (3,), ())
    for vector in ((1, 3), (3,)):
        yield LayerShapes(1, (1, 6), (6, 3), vector, (1, 6))
    # Windows that lie beside each other may leave nothing over.
    for high, wide in ((5, 7), (5, 5), (4, 6)):
        yield LayerShapes(1, (high, wide, 3), (3, 3, 3, 4), (4,), (3,))
        yield LayerShapes(1, (3, high, wide), (4, 3, 3, 3), (4,), (3, 1, 1))
        yield LayerShapes(1, (high, wide), (3, 3), (1,), (high, wide))


def loss_layouts() -> Iterator[LayerShapes]:
    """Layouts of a loss: outputs with labels, as scores and as probabilities."""
    one_hot = "{np}.eye(3)[rng.integers(3, size=7)]"
    kinds = [
        (7, (7, 3), one_hot),
        (7, (7, 3), "rng.integers(3, size=7)"),
        (7, (3, 7), f"{one_hot}.T"),
        (7, (3, 7), "rng.integers(3, size=7)"),
        (7, (7, 1), "1.0 * rng.integers(2, size=(7, 1))"),
        (7, (1, 7), "1.0 * rng.integers(2, size=(1, 7))"),
        (7, (7,), "1.0 * rng.integers(2, size=7)"),
        # What picks its probability by its label is no number.
        (7, (7,), "rng.integers(2, size=7)"),
    ]
    yield from _drawn_both_ways(kinds)


def stepwise_loss_layouts() -> Iterator[LayerShapes]:
    """Layouts of a loss of sequences, whose outputs have a label at each step."""
    one_hot = "{np}.eye(3)[rng.integers(3, size=(2, 7))]"
    kinds = [
        (14, (2, 7, 3), "rng.integers(3, size=(2, 7))"),
        (14, (2, 7, 3), one_hot),
        (14, (2, 7), "1.0 * rng.integers(2, size=(2, 7))"),
        (14, (2, 7), "rng.integers(2, size=(2, 7))"),
    ]
    yield from _drawn_both_ways(kinds)


def net_layouts(numbers: Iterable[int]) -> Iterator[LayerShapes]:
    """Those of a net with its loss: fewer classes than inputs, or as many of both as some numbers of its constructor
    say; and those of images."""
    written = sorted(number for number in numbers if 1 < number <= _MOST_WRITTEN)[:_MOST_TRIED]
    for inputs, classes in [(6, 3), *permutations(written, 2)]:
        integers = f"rng.integers({classes}, size=7)"
        for labels in (f"{{np}}.eye({classes})[{integers}]", integers):
            yield LayerShapes(7, (7, inputs), labels=labels)
    for images in ((2, 3, 4, 6), (2, 4, 6, 3)):
        yield LayerShapes(2, images, labels="rng.integers(3, size=2)")


def special_loss_layouts() -> Iterator[LayerShapes]:
    """Those of a single sample, which hide a mean that is left out."""
    return _drawn_both_ways([(1, (3, 1), "{np}.eye(3)[:, [1]]"), (1, (3,), "{np}.eye(3)[1]")])


def with_counting(layout: LayerShapes) -> Iterator[LayerShapes]:
    """A layout of a loss beside an array that says how much each sample counts, or each entry, or each class.

    >>> layout = LayerShapes(7, (3, 7))
    >>> [each.counting for each in with_counting(layout)]
    [(7,), (3, 7), (1, 7), (3,), (3, 1)]
    """
    inputs, samples = layout.inputs, layout.samples
    of_rows = inputs[:1] == (samples,)
    each = tuple(n if n == samples else 1 for n in inputs) if len(inputs) == 2 else inputs[:-1]
    classes = inputs[-1] if of_rows else inputs[0]
    across = (1, classes) if of_rows else (classes, 1)
    shapes = dict.fromkeys([inputs[:-1] if of_rows else inputs[1:], inputs, each, (classes,), across])
    # What counts all there is alike does not tell whether it is left out.
    for counting in (shape for shape in shapes if math.prod(shape) > 1):
        yield layout._replace(counting=counting)


def is_one_hot(layout: LayerShapes) -> bool:
    """Whether its labels are one-hot vectors."""
    return _ONE_HOT.fullmatch(layout.labels) is not None


def with_other_labels(layout: LayerShapes) -> LayerShapes | None:
    """The same with labels of the same classes as indices where they are one-hot vectors, and the other way round; None
    where they are neither.

    >>> with_other_labels(LayerShapes(7, (7, 3), labels="rng.integers(3, size=7)")).labels
    '{np}.eye(3)[rng.integers(3, size=7)]'
    """
    if one_hot := _ONE_HOT.fullmatch(layout.labels):
        return layout._replace(labels=one_hot["indices"])
    if indices := _INDICES.fullmatch(layout.labels):
        across = "" if layout.inputs[0] == layout.samples else ".T"
        return layout._replace(labels=f"{{np}}.eye({indices['classes']})[{layout.labels}]{across}")
    return None


def with_more_steps(layout: LayerShapes) -> LayerShapes | None:
    """The same sequences with three along the first axis, which may be that of time, where there are two; None where
    it is another.

    >>> with_more_steps(LayerShapes(2, (2, 7, 6))).inputs
    (3, 7, 6)
    """
    if len(layout.inputs) != 3 or layout.inputs[0] != 2:
        return None
    return layout._replace(samples=3, inputs=(3, *layout.inputs[1:]))


def _drawn_both_ways(kinds: list[tuple[int, Shape, str]]) -> Iterator[LayerShapes]:
    drawn = ("rng.normal(size={size})", "rng.uniform(0.1, 0.9, size={size})")
    for inputs_drawn, (samples, inputs, labels) in product(drawn, kinds):
        yield LayerShapes(samples, inputs, labels=labels, inputs_drawn=inputs_drawn)


def _images(size: tuple[int, int]) -> Iterator[LayerShapes]:
    for vector, features in (((4,), (3,)), ((4, 1), (1, 3, 1, 1)), ((1, 4, 1, 1), (1, 3, 1, 1))):
        yield LayerShapes(2, (2, 3, *size), (4, 3, 3, 3), vector, features)
    for vector, features in (((1, 1, 1, 4), (1, 1, 1, 3)), ((4,), (3,))):
        yield LayerShapes(2, (2, *size, 3), (3, 3, 3, 4), vector, features)
