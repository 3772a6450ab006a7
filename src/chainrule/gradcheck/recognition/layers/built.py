"""Objects of layers whose parameters a method makes once it knows its inputs: what that method is given."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from numpy.random import Generator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.named_sizes import channels_of, size_of_images
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from chainrule.gradcheck.recognition.layers.shapes_told import NAMESPACE, SHAPE, saying_shapes

DESCENT = "lambda w, g, *rest, **more: w - g"
"""What an optimizer does that takes a step with a rate of 1."""

_OF_A_LAYER = (
    'getattr(w, "params", w)[k if k in getattr(w, "params", w) else re.sub("^d(elta)?_?|^grad_?", "", k)]'
)
_IN_PLACE = (
    f"[a.__isub__(b) for a, b in (zip(w, g) if isinstance(g, (list, tuple)) else (({_OF_A_LAYER}, b) for k, b in "
    "g.items()))]"
)
_OF_ONE, _OF_SEVERAL = (
    'hasattr(g, "shape") and not hasattr(w, "__dict__")',
    "isinstance(g, (list, tuple, dict))",
)
_STEP = f"w - g if {_OF_ONE} else {_IN_PLACE} if {_OF_SEVERAL} else None"
DESCENT_OF_ALL = f'lambda w, g=None, *rest, re=__import__("re"), **more: {_STEP}'
"""The same where it is asked for the steps of several parameters at once, in lists, in dictionaries or on the layer
itself: it takes them in place. What it is given otherwise stays as it is."""

_MADE_OPTIMIZER = re.compile(rf"{re.escape(NAMESPACE)}\((?:\w+={re.escape(DESCENT_OF_ALL)}(?:, )?)+\)")

_BUILDS = re.compile(
    r"_*(build|init(iali[sz]e)?|set_?up|prepare|create|compile|connect)(_?(layer|weights|params|parameters|to|self))?_*",
    re.IGNORECASE,
)
_TELLS_SHAPE = re.compile(r"_*set_?(in(put)?_?)?shape_*", re.IGNORECASE)
_OPTIMIZER = re.compile(r"\w*opt(imi[sz](er|ation))?(_?(method|algorithm|fn|func))?s?_*", re.IGNORECASE)
_SETS = re.compile(r"__setattr__\('(?P<name>\w+)', (?P<value>.*)\)")
_GENERATOR = re.compile(r"rng|rs|rand(om)?(_?(state|gen(erator)?))?|gen(erator)?|prng", re.IGNORECASE)


def building_calls(owner: str, file: Definitions, layout: LayerShapes) -> Iterator[tuple[str, ...]]:
    """The calls of methods that make what a layer of this class has no value for before, for inputs of this layout:
    ``build((7, 6))``.

    A shape is told with the samples or without, in a call of its own where there is a method for it; a layer that comes
    before says its shape as an attribute; an optimizer takes steps with a rate of 1.
    """
    places = [owner, *file.bases.get(owner, ())]
    methods = {f.name: f for place in reversed(places) for f in file.functions if f.owner == place}
    constructor = file.constructors.get(owner)
    own = [f for f in methods.values() if f.name != "__init__"]
    calling = [*own, *([constructor] if constructor is not None else [])]
    telling = [f for f in own if _TELLS_SHAPE.fullmatch(f.name) and not _is_called(f, calling)]
    for method in (f for f in own if _BUILDS.fullmatch(f.name) and not _is_called(f, calling)):
        calls = [list(_calls(each, own, layout)) for each in (*telling[:1], method)]
        yield from product(*calls)
    first = [f for f in own if not (_BUILDS.fullmatch(f.name) or _is_called(f, calling))]
    drawing = [f for f in first if _draws_first(f, own, constructor) or _makes_missing(f, own, constructor)]
    every = [list(_calls(each, own, layout)) for each in drawing if not each.is_property]
    setting = (list(_calls(f, own, layout)) for f in own if _makes_as_it_is_set(f, own, constructor))
    if every := [*every, *filter(None, setting)]:
        yield from product(*every)


def optimizer_calls(owner: str, file: Definitions) -> Iterator[str]:
    """The calls that give an object of this class an optimizer, where its constructor leaves none and methods of it ask
    one for steps: ``__setattr__("optimizer", ...)``."""
    constructor = file.constructors[owner]
    places = (owner, *file.bases.get(owner, ()))
    own = [f for f in file.functions if f.owner in places]
    asked = {of[1:] for f in own for of, names in f.fields.items() if of[:1] == "." and names}
    for name, given in constructor.attributes.constants:
        if given == "None" and name in asked and is_optimizer(name):
            yield f"__setattr__({name!r}, {optimizer(name, _steps(own))})"


def told(call: str) -> str:
    """A call as it is told.

    >>> told("__setattr__('input_size', (3, 5, 7))"), told("build((7, 6))")
    ('input_size = (3, 5, 7)', 'build((7, 6))')
    """
    put = _SETS.fullmatch(call)
    if put and DESCENT_OF_ALL in put["value"]:
        return "an optimizer that takes steps with a rate of 1"
    return f"{put['name']} = {put['value']}" if put else call


def _calls(method: Function, own: Sequence[Function], layout: LayerShapes) -> Iterator[str]:
    if method.is_property:
        values = _values(Argument(method.name), method, own, layout)
        yield from (f"__setattr__({method.name!r}, {value})" for value in values)
        return
    given = [_values(argument, method, own, layout) for argument in method.arguments if argument.required]
    yield from (f"{method.name}({', '.join(chosen)})" for chosen in product(*given))


def _draws_first(method: Function, own: Sequence[Function], constructor: Function | None) -> bool:
    """Whether a method does nothing but give values that others read, and have none from the constructor: masks."""
    nothing = (
        {name for name, text in constructor.attributes.constants if text == "None"} if constructor else set()
    )
    left = {*method.attributes.sets} & nothing
    others = [other for other in own if other != method]
    return bool(left) and not method.gives and not any(left & {*other.attributes.sets} for other in others)


def _makes_missing(method: Function, own: Sequence[Function], constructor: Function | None) -> bool:
    """Whether a method makes what others read and nothing else makes, and asks for sizes alone."""
    required = [a.name for a in method.arguments if a.required]
    sizes = (size_role(name) for name in required if meaning(name).role not in ("inputs", "labels"))
    left = {*method.attributes.sets} - {*(constructor.attributes.sets if constructor else ())}
    others = [other for other in own if other != method]
    read = {name for other in others for name in other.attributes.reads}
    made = {name for other in others for name in other.attributes.sets}
    return bool(left & read - made) and bool(required) and [*map(bool, sizes)] == [True] * len(required)


def _makes_as_it_is_set(method: Function, own: Sequence[Function], constructor: Function | None) -> bool:
    """Whether giving a property a value makes what other methods read and the constructor does not make."""
    left = {*method.attributes.sets} - {*(constructor.attributes.sets if constructor else ())}
    read = {name for other in own if other != method for name in other.attributes.reads}
    return method.is_property and bool(method.arguments) and bool(left & read)


def _size_of_inputs(name: str, layout: LayerShapes) -> str:
    """How high or wide inputs are that are images, or how many channels they have; empty where an argument is none of
    it."""
    if number := size_of_images(name, layout):
        return number
    if size_role(name) in ("input channels", "output channels"):
        return channels_of(layout)
    return ""


def _is_called(method: Function, others: Sequence[Function]) -> bool:
    """Whether another method of the class calls it."""
    return any(method.name in other.attributes.reads for other in others if other.name != method.name)


def _values(argument: Argument, method: Function, own: Sequence[Function], layout: LayerShapes) -> list[str]:
    """What a required argument may be: a shape, a size, an optimizer, or a layer that has a shape; nothing where it is
    none of these."""
    shapes = [repr(layout.inputs[1:]), repr(layout.inputs)]
    fields = method.fields.get(argument.name, ())
    if _GENERATOR.fullmatch(argument.name):
        new = all(hasattr(Generator, field) for field in fields)
        return ["rng"] if new else ['__import__("numpy").random.RandomState(0)']
    if meaning(argument.name).role == "samples":
        return [str(layout.samples)]
    if SHAPE.fullmatch(argument.name):
        return shapes
    if is_optimizer(argument.name):
        return [descending(own)]
    if before := saying_shapes(fields, layout):
        return before
    if number := _size_of_inputs(argument.name, layout):
        return [number]
    # What is called a size may be a shape: of input_size[3], say.
    return [str(math.prod(layout.features)), *shapes] if size_role(argument.name) == "input size" else []


def descending(own: Sequence[Function]) -> str:
    """The expression of an optimizer that takes steps with a rate of 1 where the methods of a layer ask it for some."""
    return f"{NAMESPACE}({', '.join(f'{step}={DESCENT}' for step in _steps(own))})"


def optimizer(name: str, asked: Iterable[str]) -> str:
    """The expression of an optimizer that takes steps with a rate of 1 by whatever it is asked for them; empty where
    what has a name is none, or is asked for nothing.

    >>> optimizer("rate", ["update"]), optimizer("opt", [])
    ('', '')
    """
    steps = ", ".join(f"{step}={DESCENT_OF_ALL}" for step in asked) if is_optimizer(name) else ""
    return f"{NAMESPACE}({steps})" if steps else ""


def shown(text: str) -> str:
    """An expression as it is told: with a name for optimizers.

    >>> shown(f"Dense(6, {optimizer('opt', ['update', 'step'])})")
    'Dense(6, Descent())'
    """
    return _MADE_OPTIMIZER.sub("Descent()", text)


def is_optimizer(name: str) -> bool:
    """Whether something of this name is an optimizer."""
    return _OPTIMIZER.fullmatch(name) is not None


def _steps(own: Sequence[Function]) -> list[str]:
    """The methods of its optimizers that a layer calls: ``update``."""
    fields = (item for method in own for item in method.fields.items())
    return list(
        dict.fromkeys(
            name for of, names in fields if of[:1] == "." and _OPTIMIZER.fullmatch(of[1:]) for name in names
        )
    )
