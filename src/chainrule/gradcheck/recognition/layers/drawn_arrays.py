"""The arrays that an argument of a layer may be where no usual layout is its own, as expressions that draw them.

All sizes differ: 2 samples of 7 steps or 7 samples, 6 inputs, 5 hidden units, 3 outputs, 4 other steps of 8 values,
9 words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle, islice, product

from chainrule.gradcheck.program.records import RecordPart
from chainrule.gradcheck.recognition.layers.kinds import ArgumentKind
from chainrule.gradcheck.recognition.layers.plans import drawn
from chainrule.gradcheck.recognition.layers.shapes import WORDS, Shape
from chainrule.gradcheck.recognition.layers.vectors import LONGEST

_DrawnShapes = tuple[tuple[int, ...], ...]

_D, _H, _K = 6, 5, 3

_INPUTS: _DrawnShapes = (
    (7, _D),
    (2, 7, _D),
    (2, _D),
    (_D, 7),
    (7, 2, _D),
    (_D, 2, 7),
    (2, _D, 7),
    (2, 3, 5, 7),
    (2, 5, 7, 3),
)
_HEADS: _DrawnShapes = ((2, 3, 7, _D), (2, 3, 4, _D), (2, 3, 4, 8))
_OTHERS: _DrawnShapes = (
    (7, _H), (7, 4), (7, 7), (4, _D), (4, 8), (2, 4, _D), (2, 4, 8), (2, 4, _H), *_INPUTS, *_HEADS, (2, 7, _H), (7, 8),
    (2, 7, 8), (_D, 4), (8, 4),
    (_H,), (7,), (2,), (_D,), (WORDS,), (WORDS, _D), (4,), (_K,), (),
)  # fmt: skip
_WEIGHTS: _DrawnShapes = (
    (_D, _H), (_H, _K), (_H, _D), (_K, _H), (_H, _H),
    (_D, 4 * _H), (_H, 4 * _H), (4 * _H, _D), (4 * _H, _H),
    (_D, 3 * _H), (_H, 3 * _H), (3 * _H, _D), (3 * _H, _H),
    (_D + _H, _H), (_H, _D + _H), (_D + _H, 4 * _H), (4 * _H, _D + _H), (_D + _H, 2 * _H), (2 * _H, _D + _H),
    (_D, _D), (_D, 3 * _D), (3 * _D, _D), (WORDS, _D), (_D, WORDS), (_D, 8), (8, _D), (_D, _K), (_K, _D),
    (_D, 2 * _H), (_H, 2 * _H), (2 * _H, _D), (2 * _H, _H),
    (4, 3, 3, 3), (3, 3, 3, 4), (4, _D, 3), (3, _D, 4), (4, _D, 3, 3), (_H,), (_D,), (3, 3, 3), (3, 1, 3, 3), (3, 4),
    (4, 3), (3, 4, 3, 3), (4, _D, _H), (3, 3, 3, 1), (WORDS,),
)  # fmt: skip
_WIDTHS = (_H, 4 * _H, 3 * _H, _D, _K, 2 * _H, 3 * _D, 4, 8, WORDS)
_PIECES: _DrawnShapes = ((4, 3), (4, _H), (3, 4), (_H, 4))
_VECTORS: _DrawnShapes = (*(shape for n in _WIDTHS for shape in ((n,), (1, n), (n, 1))), *_PIECES, ())
_FEATURES: _DrawnShapes = (
    (_D,), (1, _D), (_D, 1), (1, 1, _D), (3,), (1, 3, 1, 1), (1, 1, 1, 3), (3, 1, 1), (1, _D, 1), (_H,), (1, _H),
    (_H, 1), (),
)  # fmt: skip
_STATES: _DrawnShapes = (
    (2, _H),
    (7, _H),
    (_H, 2),
    (_H, 7),
    (_H,),
    (1, _H),
    (_H, 1),
    (7, _D),
    (2, _D),
    (2, 7, _H),
)
_MASKS: _DrawnShapes = (
    (7, 7), (7, 4), (2, 7), (7, 2), (2, 4), (2, 7, 7), (2, 7, 4), (2, 1, 7, 7), (2, 1, 1, 7), (7, _D), (2, 7, _D),
    (_D, 7), (7,), (2, 1, 7), (2, 7, 1), (2, 1, 4), (7, _H),
)  # fmt: skip
_PICKED = [3, 1, 0, 3, 2, 8, 1, 5, 4]
_INDICES: _DrawnShapes = ((2, 7), (7,), (7, 2), (2, 4), (4,), ())

_COUNTS: _DrawnShapes = ((7,), (7, _D))

_LENGTHS = ["{np}.array([7, 3])", "{np}.array([2, 1, 2, 2, 1, 1, 2])", "{np}.array([4, 3])"]
"""Of sequences, the longest as long as the array that holds them."""

_SEQUENCES = [
    "[[3, 1, 0, 3], [2, 8], [5, 4, 1, 3, 3], [1], [6, 2, 7], [0, 0, 4], [2, 5]]",
    "[[3, 1, 0, 3, 2], [2, 8, 1, 4, 3]]",
]
_PARTS: Mapping[RecordPart, tuple[str, ...]] = {
    "index": ("3", "1", "0", "3", "2"),
    "indices": ("[1, 0]", "[2, 3, 1]", "[3]", "[0, 2, 2]", "[1, 3]"),
    "number": ("0.7", "-0.4", "1.1", "0.2", "-0.9"),
}
"""Of tuples, one after the other; those that pick the same entry as well."""

_SINGLE: Mapping[ArgumentKind, _DrawnShapes] = {
    "inputs": ((_D, 1), (_D,), (1, _D), (7, _D, 1), (3, 5, 7), (5, 7)),
    "state": ((_H, 1), (_H,), (1, _H)),
}
"""Those of a single sample, which hide a sum that is left out."""

_LABELS = [
    "rng.integers(3, size=(2, 7))", "rng.integers(3, size=7)", "{np}.eye(3)[rng.integers(3, size=(2, 7))]",
    "{np}.eye(3)[rng.integers(3, size=7)]", "{np}.eye(3)[rng.integers(3, size=7)].T", "rng.normal(size=(7, 3))",
    "1.0 * rng.integers(2, size=(7, 1))", "1.0 * rng.integers(2, size=7)", "rng.normal(size=(2, 7, 3))",
    "rng.integers(3, size=2)", "{np}.eye(3)[rng.integers(3, size=2)]",
]  # fmt: skip
_LABEL = ["rng.integers(3)"]
_SCORES: _DrawnShapes = ((2, 7, 3), (7, 2, 3), (7, 3), (3, 7), (7, 1), (7,), (7, 6))


def arrays_of(kind: ArgumentKind, others: Iterable[int], *, single: bool, of_loss: bool = False) -> list[str]:
    """What an array of this kind may be, the likely ones first; NumPy is ``{np}`` in them.

    Args:
        kind: what it is by its name.
        others: sizes that states may have beside the usual number of units, those of the object's own arrays.
        single: whether there is one sample alone.
        of_loss: whether inputs are those of a loss.
    """
    if kind == "labels":
        return [*_LABEL, *_LABELS] if single else _LABELS
    if kind == "mask":
        shapes = tuple(dict.fromkeys((*_SCORES, *_MASKS))) if of_loss else _MASKS
        yes = [f"{_alternating(shape)} == 1" for shape in shapes]
        return [*yes, *(f"1.0 * ({text})" for text in yes)]
    if kind == "lengths":
        return _LENGTHS
    if kind == "indices":
        return [_integers(shape) for shape in _INDICES]
    if kind == "sequences":
        return _SEQUENCES
    if kind == "vector":
        # Of one whose end holds what is left, the longest holds all of it.
        return [f"{drawn(kind, str(size))} / 2" for size in range(LONGEST, 0, -1)]
    shapes = _shapes(kind, single=single)
    shapes = tuple(dict.fromkeys(_SCORES + shapes)) if of_loss and kind == "inputs" else shapes
    if kind == "state":
        shapes = tuple(dict.fromkeys(_resized(s, n) for n, s in product((_H, *others), shapes)))
    floats = [drawn(kind, str(shape)) for shape in shapes]
    if kind in ("inputs", "other"):
        floats += [_integers(shape) for shape in _INDICES if shape or kind == "other"]
    if kind == "other":
        # What picks one of the outputs, as an action does, is as small as a label; of counts there are logarithms.
        floats += [text for text in _LABELS if text.startswith("rng.integers")]
        floats += [drawn("scale", str(shape)) for shape in _COUNTS]
    return floats


def records(parts: Sequence[RecordPart]) -> str:
    """A list of tuples of such parts.

    >>> records(["index", "number"])
    '[(3, -0.4), (1, 1.1), (0, 0.2), (3, -0.9), (2, 0.7)]'
    """
    # Each part begins at an entry of its own.
    columns = [(_PARTS[part] * len(parts))[place:] for place, part in enumerate(parts)]
    rows = zip(*columns, strict=False)
    return "[" + ", ".join(f"({', '.join(row)})" for row in islice(rows, len(_PARTS["index"]))) + "]"


def shaped(kind: ArgumentKind, shape: Shape) -> list[str]:
    """What an array of this kind and of this shape may be, the likely ones first."""
    if kind == "labels":
        one_hot = f"{{np}}.eye({shape[-1]})[rng.integers({shape[-1]}, size={shape[:-1]})]"
        return [
            *([one_hot] if len(shape) > 1 else []),
            f"rng.integers(3, size={shape})",
            drawn(kind, str(shape)),
        ]
    if kind == "mask":
        return [f"{_alternating(shape)} == 1", f"1.0 * ({_alternating(shape)} == 1)"]
    if kind in ("indices", "lengths"):
        return [_integers(shape)]
    return [drawn(kind, str(shape)), *([_integers(shape)] if kind in ("inputs", "other") else [])]


def _shapes(kind: ArgumentKind, *, single: bool) -> _DrawnShapes:
    if single and kind in _SINGLE:
        return _SINGLE[kind]
    if kind == "inputs":
        return _INPUTS + _HEADS
    if kind in ("weights", "recurrent", "filters"):
        return _WEIGHTS
    if kind in ("bias", "filter bias"):
        return _VECTORS
    if kind in ("scale", "shift"):
        return _FEATURES
    return _STATES if kind == "state" else _OTHERS


def _resized(shape: tuple[int, ...], hidden: int) -> tuple[int, ...]:
    return tuple(hidden if size == _H else size for size in shape)


def _integers(shape: tuple[int, ...]) -> str:
    """Indices of words, some of them twice, with the 0 and 1 that padding has among them."""
    picked = [*islice(cycle(_PICKED), math.prod(shape))]
    # Of what is no array the hash may be asked for.
    return f"rng.permutation({picked}).reshape({shape})" if shape else f"rng.permutation({picked})[0]"


def _alternating(shape: tuple[int, ...]) -> str:
    """Zeros and ones of which every row and every column has both; those of a square are others in its rows than in its
    columns."""
    is_square = len(shape) > 1 and shape[-1] == shape[-2]
    turned = f" + {{np}}.arange({shape[-1]}) // 2" if is_square else ""
    summed = f"sum({{np}}.ogrid[{', '.join(f':{size}' for size in shape)},])"
    return f"({summed}{turned}) % 2" if turned else f"{summed} % 2"
