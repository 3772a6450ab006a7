"""Objects of layers whose parameters a method makes once it knows its inputs: what that method is given."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import product

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes

_BUILDS = re.compile(
    r"_*(build|init(iali[sz]e)?|set_?up|prepare|create|compile|connect)(_?(layer|weights|params|parameters|to|self))?_*",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"\w*shape", re.IGNORECASE)


def building_calls(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[str]:
    """The calls of methods that make what a layer of this class has no value for before, for inputs of this layout:
    ``build((7, 6))``.

    A shape is told with the samples or without; a layer that comes before says its shape as an attribute.
    """
    places = [owner, *file.bases.get(owner, ())]
    methods = {f.name: f for place in reversed(places) for f in file.functions if f.owner == place}
    for method in methods.values():
        if _BUILDS.fullmatch(method.name) and not _is_called(
            method, [*methods.values(), *_made_by(owner, file)]
        ):
            given = [_values(a, method, layout) for a in method.arguments if a.required]
            yield from (f"{method.name}({', '.join(chosen)})" for chosen in product(*given))


def _made_by(owner: str, file: Definitions) -> list[Function]:
    return [file.constructors[owner]] if owner in file.constructors else []


def _is_called(method: Function, others: Sequence[Function]) -> bool:
    """Whether another method of the class calls it."""
    return any(method.name in other.attributes.reads for other in others if other.name != method.name)


def _values(argument: Argument, method: Function, layout: LayerShapes) -> list[str]:
    """What a required argument may be: a shape, a size, or a layer that has a shape; nothing where it is none of
    these."""
    shapes = [repr(layout.inputs), repr(layout.inputs[1:])]
    fields = method.fields.get(argument.name, ())
    if _SHAPE.fullmatch(argument.name):
        return shapes
    if fields and all(map(_SHAPE.fullmatch, fields)):
        put = [", ".join(f"{field}={shape}" for field in fields) for shape in shapes]
        return [f'__import__("types").SimpleNamespace({each})' for each in put]
    return [str(math.prod(layout.features))] if size_role(argument.name) == "input size" else []
