"""Layers that a layer is given and the file has none of: simple ones stand in for them, so that what is checked is how
the layer goes through them, forward and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.held_settings import OBJECT
from chainrule.gradcheck.recognition.layers.losses import says_forward
from chainrule.gradcheck.recognition.layers.pass_names import says_backward
from chainrule.gradcheck.recognition.layers.shapes_told import NAMESPACE
from chainrule.gradcheck.recognition.stacks import takes_layers

_USUAL = ("forward", "__call__", "backward")

# A backward pass that is given a second array may mean either of them as dJ/dout.
_ALONE = "not any(getattr(each, 'shape', ()) for each in rest)"
_MIXING = (
    '(__import__("numpy").eye(n := x.shape[-1]) + 0.1 * __import__("numpy").arange(n * n).reshape(n, n) / n)'
)
"""A matrix of the size of an array x, not the same as its transpose: what mixes no entries passes over factors that
come on the wrong side of it."""
_OF_KEPT = f"x := self.x, {_MIXING}"


def _layer(name: str, forward: str, backward: str, held: str = "") -> str:
    """The expression of a layer, of what its passes give for ``x`` and for ``g``, ``self.x`` being the inputs.

    Args:
        held: what it has beside its passes.
    """
    return (
        f'type("{name}", (), {{{held}"forward": lambda self, x, *rest, **more: [vars(self).update(x=x), {forward}][1],'
        ' "__call__": lambda self, x, *rest, **more: self.forward(x),'
        f' "backward": lambda self, g, *rest, **more: {backward} if {_ALONE} else None}})()'
    )


_STAND_INS = {
    "Square": _layer("Square", f"(x @ {_MIXING})**2", f"(lambda x, m: 2 * (x @ m) * g @ m.T)({_OF_KEPT})"),
    "Mix": _layer("Mix", f"x @ {_MIXING}", f"(lambda x, m: g @ m.T)({_OF_KEPT})"),
    "Cube": _layer("Cube", "x**3 / 3 + x", "(self.x**2 + 1) * g"),
    "Turn": _layer("Turn", "x[..., ::-1]", "g[..., ::-1]"),
    "Scale": _layer(
        "Scale",
        "x * self.W",
        "[vars(self).update(dW=(g * self.x).sum().reshape(1)), g * self.W][1]",
        '"__init__": lambda self: vars(self).update(W=__import__("numpy").ones(1)), ',
    ),
}
_SQUARE, _MIX, _CUBE, _TURN, _SCALE = _STAND_INS.values()
_MEANINGS = {
    "Square": "squares its inputs times a matrix",
    "Mix": "multiplies them by a matrix",
    "Cube": "adds a third of their cubes to them",
    "Turn": "takes them in reverse order",
    "Scale": "multiplies them by a number W",
}
_OF_ARGUMENTS = (_SQUARE, _MIX, _CUBE)
"""Those that several arguments are given: no two of them are the same, and their order matters."""

_WRITTEN = re.compile(rf'type\("({"|".join(_STAND_INS)})", \(\), \{{.*?\}}\)\(\)')
_END = "})()"
_ALSO = {
    True: "lambda self, x, *rest, **more: self.forward(x)",
    False: "lambda self, g, *rest, **more: self.backward(g, *rest)",
}


def _is_pass(name: str) -> bool:
    return says_forward(name) or says_backward(name)


def _called(layer: str, names: Iterable[str]) -> str:
    """A layer whose passes have these names as well."""
    others = [name for name in sorted({*names}) if _is_pass(name) and name not in _USUAL]
    also = "".join(f', "{name}": {_ALSO[not says_backward(name)]}' for name in others)
    return f"{layer.removesuffix(_END)}{also}{_END}"


def stand_in(argument: str, owner: str, file: Definitions) -> str:
    """The expression of a layer for an argument of a class's constructor, another for each; empty where its methods ask
    for no passes of what it is given, and for a function of no class."""
    handed = _handed(owner, file)
    if argument not in handed:
        return ""
    return _called(
        _OF_ARGUMENTS[handed.index(argument) % len(_OF_ARGUMENTS)], asked_of(argument, owner, file)
    )


def asks_for_more(argument: str, owner: str, file: Definitions) -> bool:
    """Whether methods of a class ask a layer that it is given for more than its passes, which no stand-in has."""
    return not all(map(_is_pass, asked_of(argument, owner, file)))


def asked_of(argument: str, owner: str, file: Definitions) -> set[str]:
    """The names for which methods of a class ask what its constructor is given; none for a function of no class."""
    kept = _kept_as(argument, owner, file)
    return {n for f in _methods(owner, file) for k in kept for n in f.fields.get(f".{k}", ())}


def _handed(owner: str, file: Definitions) -> list[str]:
    """The arguments of a class's constructor of which its methods ask for passes, in order."""
    if owner not in file.constructors:
        return []
    constructor = file.constructors[owner]
    asked = {of for attribute, of in constructor.attributes.kept if _has_passes(f".{attribute}", owner, file)}
    return [argument.name for argument in constructor.arguments if argument.name in asked]


def stand_ins(owner: str, file: Definitions) -> str:
    """The expression of a list of layers for a class whose methods go through some; empty where they go through none.

    In another order they give something else, and so do their gradients. Where its backward pass gives nothing, one
    holds a parameter.
    """
    methods = _methods(owner, file)
    names = {name for f in methods for name in f.fields} - {"self"}
    elements = [name for name in names if name[:1] != "." or name.endswith("[]")]
    if not any(_has_passes(name, owner, file) for name in elements):
        return ""
    passes = {field for f in methods for name in elements for field in f.fields.get(name, ())}
    gives = any(says_backward(f.name) and f.gives for f in methods)
    layers = [_SQUARE, _TURN] if gives else [_SCALE, _SQUARE, _TURN]
    return f"[{', '.join(_called(layer, passes) for layer in layers)}]"


def goes_through(argument: str, owner: str, file: Definitions) -> bool:
    """Whether an argument of a class's constructor may be a list of layers, by its name, or as methods that read what
    it is kept as ask something of theirs for passes."""
    if takes_layers(argument) or owner not in file.constructors:
        return takes_layers(argument)
    kept = _kept_as(argument, owner, file)
    reading = [f for f in file.functions if f.owner == owner and not kept.isdisjoint(f.attributes.reads)]
    return any(
        map(_is_pass, (n for f in reading for of, names in f.fields.items() if of[:1] != "." for n in names))
    )


def holds_layers(argument: str, owner: str, file: Definitions) -> bool:
    """Whether methods ask the elements of what an argument is kept as for passes."""
    return any(_has_passes(f".{attribute}[]", owner, file) for attribute in _kept_as(argument, owner, file))


def shown(text: str) -> str:
    """An expression as it is told: with the names of layers that stand in.

    >>> shown(f"Sequential({_SQUARE})")
    'Sequential(Square())'
    """
    return _WRITTEN.sub(r"\1()", text).replace(NAMESPACE, "LayerBefore").replace(OBJECT, "Namespace")


def told(text: str) -> list[str]:
    """What is assumed where layers stand in, in words; nothing where none do."""
    standing = {match[1] for match in _WRITTEN.finditer(text)}
    words = [f"{name}() {meaning}" for name, meaning in _MEANINGS.items() if name in standing]
    before = ["LayerBefore stands in for the layer before, which says its shape"] if NAMESPACE in text else []
    return [f"layers of our own stand in for those that it is given: {', '.join(words)}"] * bool(
        words
    ) + before


def _kept_as(argument: str, owner: str, file: Definitions) -> set[str]:
    """The attributes as which a class keeps an argument of its constructor."""
    if owner not in file.constructors:
        return set()
    return {attribute for attribute, of in file.constructors[owner].attributes.kept if of == argument}


def _methods(owner: str, file: Definitions) -> list[Function]:
    places = (owner, *file.bases.get(owner, ()))
    return [f for f in file.functions if f.owner in places]


def _has_passes(name: str, owner: str, file: Definitions) -> bool:
    """Whether the methods of a class call one of the passes of what they call so."""
    return any(any(map(_is_pass, f.fields.get(name, ()))) for f in _methods(owner, file))
