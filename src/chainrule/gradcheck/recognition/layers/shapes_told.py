"""Shapes and sizes that a layer is told as one: a tuple that its constructor takes apart, or the layer that comes
before, which says its own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes, Shape

NAMESPACE = '__import__("types").SimpleNamespace'
"""What makes an object of some attributes."""

SHAPE = re.compile(r"\w*shape", re.IGNORECASE)
"""What the shape of something is called."""

_SIDES = re.compile(
    r"(\w+_)?(kern[ae]ls?|filt(er)?|pool(ing)?|window|conv(olution)?|k)(_?(size|shape|dims?|hw))?",
    re.IGNORECASE,
)
_INPUTS = re.compile(r"(in(put)?|image|img)s?_?(dims?|size)?", re.IGNORECASE)
_PATCH = 2
_AXES_OF_IMAGES = 4
_WIDTHS = ("input size", "hidden size", "output size", "output channels")


def in_parts(name: str, constructor: Function, layout: LayerShapes) -> list[str] | None:
    """The tuples that an argument may be which a constructor takes apart, ``C, H, W = input_dim``, the likeliest first:
    nothing where none is of as many parts for inputs of this layout; None where it takes none apart.

    >>> from chainrule.gradcheck.program.signatures import Argument
    >>> made = Function("__init__", (Argument("size"),), "Pool", taken_apart={"size": ("c", "h", "w")})
    >>> in_parts("size", made, LayerShapes(2, (2, 3, 5, 7)))
    ['(3, 5, 7)']
    """
    parts = constructor.taken_apart.get(name)
    if not parts:
        return None
    axes, count = len(layout.inputs), len(parts)
    size = size_role(name)
    if size in ("stride", "padding"):
        return [repr((2 if size == "stride" else 1,) * count)]
    if _SIDES.fullmatch(name):
        return [repr(window) for window in _windows(count, layout)]
    if count == axes:
        return [repr(layout.inputs)]
    if count == axes - 1:
        return [repr(layout.inputs[1:])]
    if count == _PATCH and axes == _AXES_OF_IMAGES:
        return [repr(_sides_of_images(layout))]
    return []


def as_tuples(name: str, layout: LayerShapes) -> list[str]:
    """The tuples that an argument may be in which something is looked up by a number, ``size[0]``: sides of windows,
    steps, the shape of the inputs; nothing where its name says of none of these.

    >>> images = LayerShapes(2, (2, 5, 7, 3))
    >>> as_tuples("kernel_size", images), as_tuples("input_dim", images), as_tuples("rates", images)
    (['(3, 3)', '(2, 2)'], ['(5, 7, 3)', '(2, 5, 7, 3)'], [])
    """
    around = len(layout.inputs) - _PATCH
    size = size_role(name)
    # A single image has as many axes as several rows of numbers.
    sides = [count for count in dict.fromkeys((around, _PATCH)) if 0 < count <= len(layout.inputs)]
    if size in ("stride", "padding"):
        return [repr((2 if size == "stride" else 1,) * count) for count in sides]
    if _SIDES.fullmatch(name) or size == "kernel":
        return [repr((side,) * count) for count in sides for side in (3, 2)]
    if size in ("input size", "input channels") or _INPUTS.fullmatch(name):
        return [repr(layout.inputs[1:]), repr(layout.inputs)]
    return []


def _windows(count: int, layout: LayerShapes) -> list[Shape]:
    """Windows of so many axes, those of images with the channels as these lie."""
    around = len(layout.inputs) - _PATCH
    if count == around:
        return [(3,) * count, (2,) * count]
    if count == around + 1:
        channels_last = layout.inputs[-1] < layout.inputs[1]
        kernel = (3,) * around
        return [(*kernel, layout.inputs[-1]) if channels_last else (layout.inputs[1], *kernel)]
    return [layout.weights] if count == len(layout.weights) else []


def _sides_of_images(layout: LayerShapes) -> Shape:
    last = layout.inputs[-1] < layout.inputs[1]
    return layout.inputs[1:3] if last else layout.inputs[2:]


def saying_shapes(fields: Iterable[str], layout: LayerShapes) -> list[str]:
    """The objects that may stand for a layer that comes before, of which nothing is asked but its shape, or how many
    numbers it gives: without the samples, or with them; nothing where more is asked of it.

    >>> saying_shapes(["shape"], LayerShapes(7, (7, 6)))[1]
    '__import__("types").SimpleNamespace(shape=(7, 6))'
    """
    fields = [*fields]
    if not fields or not all(SHAPE.fullmatch(field) or size_role(field) in _WIDTHS for field in fields):
        return []
    numbers = str(math.prod(layout.features))
    every = [repr(layout.inputs[1:]), repr(layout.inputs)]
    put = [
        ", ".join(f"{field}={shape if SHAPE.fullmatch(field) else numbers}" for field in fields)
        for shape in (every if any(map(SHAPE.fullmatch, fields)) else every[:1])
    ]
    return [f"{NAMESPACE}({each})" for each in put]


def other_shapes(layout: LayerShapes) -> list[str]:
    """What a shape may be that is not the inputs': the weights', or a window's beside inputs that are images.

    >>> other_shapes(LayerShapes(2, (2, 3, 5, 7))), other_shapes(LayerShapes(7, (7, 6), (6, 3)))
    (['(2, 2)'], ['(6, 3)'])
    """
    if len(layout.inputs) == _AXES_OF_IMAGES:
        return ["(2, 2)"]
    return [repr(layout.weights)] if layout.weights else []


def is_of_images(layout: LayerShapes) -> bool:
    """Whether the weights of a layer are kernels, whose shape it may be told.

    >>> is_of_images(LayerShapes(2, (2, 3, 5, 7), (4, 3, 3, 3))), is_of_images(LayerShapes(7, (7, 6), (6, 3)))
    (True, False)
    """
    return len(layout.weights) == len(layout.inputs) > 2
