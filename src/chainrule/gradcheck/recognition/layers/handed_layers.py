"""Layers that a layer is given and the file has none of: simple ones stand in for them, so that what is checked is how
the layer goes through them, forward and back."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.recognition.layers.held_settings import OBJECT
from chainrule.gradcheck.recognition.layers.shapes_told import NAMESPACE
from chainrule.gradcheck.recognition.stacks import takes_layers

_PASSES = {"forward", "backward"}

# A backward pass that is given a second array may mean either of them as dJ/dout.
_ALONE = "not any(getattr(each, 'shape', ()) for each in rest)"
_MIXING = (
    '(__import__("numpy").eye(n := x.shape[-1]) + 0.1 * __import__("numpy").arange(n * n).reshape(n, n) / n)'
)
"""A matrix of the size of an array x, not the same as its transpose: what mixes no entries passes over factors that
come on the wrong side of it."""
_OF_KEPT = f"x := self.x, {_MIXING}"


def _layer(name: str, forward: str, backward: str) -> str:
    """The expression of a layer, of what its passes give for ``x`` and for ``g``, ``self.x`` being the inputs."""
    return (
        f'type("{name}", (), {{"forward": lambda self, x, *rest, **more: [vars(self).update(x=x), {forward}][1],'
        ' "__call__": lambda self, x, *rest, **more: self.forward(x),'
        f' "backward": lambda self, g, *rest, **more: {backward} if {_ALONE} else None}})()'
    )


_STAND_INS = {
    "Square()": _layer("Square", f"(x @ {_MIXING})**2", f"(lambda x, m: 2 * (x @ m) * g @ m.T)({_OF_KEPT})"),
    "Mix()": _layer("Mix", f"x @ {_MIXING}", f"(lambda x, m: g @ m.T)({_OF_KEPT})"),
    "Cube()": _layer("Cube", "x**3 / 3 + x", "(self.x**2 + 1) * g"),
    "Turn()": _layer("Turn", "x[..., ::-1]", "g[..., ::-1]"),
}
_SQUARE, _MIX, _CUBE, _TURN = _STAND_INS.values()
_OF_ARGUMENTS = (_SQUARE, _MIX, _CUBE)
"""Those that several arguments are given: no two of them are the same, and their order matters."""


def stand_in(argument: str, owner: str, file: Definitions) -> str:
    """The expression of a layer for an argument of a class's constructor, another for each; empty where its methods ask
    for no passes of what it is given, and for a function of no class."""
    handed = _handed(owner, file)
    return _OF_ARGUMENTS[handed.index(argument) % len(_OF_ARGUMENTS)] if argument in handed else ""


def asks_for_more(argument: str, owner: str, file: Definitions) -> bool:
    """Whether methods of a class ask a layer that it is given for more than its passes, which no stand-in has."""
    return not asked_of(argument, owner, file) <= {*_PASSES, "__call__"}


def asked_of(argument: str, owner: str, file: Definitions) -> set[str]:
    """The names for which methods of a class ask what its constructor is given; none for a function of no class."""
    if owner not in file.constructors:
        return set()
    kept = [f".{attribute}" for attribute, of in file.constructors[owner].attributes.kept if of == argument]
    places = (owner, *file.bases.get(owner, ()))
    return {n for f in file.functions if f.owner in places for k in kept for n in f.fields.get(k, ())}


def _handed(owner: str, file: Definitions) -> list[str]:
    """The arguments of a class's constructor of which its methods ask for passes, in order."""
    if owner not in file.constructors:
        return []
    constructor = file.constructors[owner]
    asked = {of for attribute, of in constructor.attributes.kept if _has_passes(f".{attribute}", owner, file)}
    return [argument.name for argument in constructor.arguments if argument.name in asked]


def stand_ins(owner: str, file: Definitions) -> str:
    """The expression of a list of layers for a class whose methods go through some; empty where they go through none.

    In another order they give something else, and so do their gradients.
    """
    places = (owner, *file.bases.get(owner, ()))
    names = {name for f in file.functions if f.owner in places for name in f.fields} - {"self"}
    elements = (name for name in names if name[:1] != "." or name.endswith("[]"))
    return f"[{_SQUARE}, {_TURN}]" if any(_has_passes(name, owner, file) for name in elements) else ""


def goes_through(argument: str, owner: str, file: Definitions) -> bool:
    """Whether an argument of a class's constructor is a list of layers, by its name, or as methods that read what it is
    kept as ask something of theirs for passes."""
    if takes_layers(argument) or owner not in file.constructors:
        return takes_layers(argument)
    kept = {attribute for attribute, of in file.constructors[owner].attributes.kept if of == argument}
    reading = [f for f in file.functions if f.owner == owner and not kept.isdisjoint(f.attributes.reads)]
    return any(_PASSES & {*names} for f in reading for of, names in f.fields.items() if of[:1] != ".")


def shown(text: str) -> str:
    """An expression as it is told: with the names of layers that stand in.

    >>> shown(f"Sequential({_SQUARE})")
    'Sequential(Square())'
    """
    for name, expression in _STAND_INS.items():
        text = text.replace(expression, name)
    return text.replace(NAMESPACE, "LayerBefore").replace(OBJECT, "Namespace")


def told(text: str) -> list[str]:
    """What is assumed where layers stand in, in words; nothing where none do."""
    meanings = {
        _SQUARE: "Square() squares its inputs times a matrix",
        _MIX: "Mix() multiplies them by a matrix",
        _CUBE: "Cube() adds a third of their cubes to them",
        _TURN: "Turn() takes them in reverse order",
    }
    words = [meaning for expression, meaning in meanings.items() if expression in text]
    before = ["LayerBefore stands in for the layer before, which says its shape"] if NAMESPACE in text else []
    return [f"layers of our own stand in for those that it is given: {', '.join(words)}"] * bool(
        words
    ) + before


def _has_passes(name: str, owner: str, file: Definitions) -> bool:
    """Whether the methods of a class call one of the passes of what they call so."""
    places = (owner, *file.bases.get(owner, ()))
    return any(_PASSES & {*f.fields.get(name, ())} for f in file.functions if f.owner in places)
