"""Layers that a layer is given and the file has none of: simple ones stand in for them, so that what is checked is how
the layer goes through them, forward and back."""

from __future__ import annotations

from chainrule.gradcheck.program.definitions import Definitions

# A backward pass that is given a second array may mean either of them as dJ/dout.
_ALONE = "not any(getattr(each, 'shape', ()) for each in rest)"
_STAND_INS = {
    "Square()": 'type("Square", (), {"forward": lambda self, x, *rest: [vars(self).update(x=x), x**2][1],'
    ' "__call__": lambda self, x, *rest: self.forward(x),'
    f' "backward": lambda self, g, *rest: 2 * self.x * g if {_ALONE} else None}})()',
    "Turn()": 'type("Turn", (), {"forward": lambda self, x, *rest: x[..., ::-1],'
    ' "__call__": lambda self, x, *rest: self.forward(x),'
    f' "backward": lambda self, g, *rest: g[..., ::-1] if {_ALONE} else None}})()',
}
_SQUARE, _TURN = _STAND_INS.values()


def stand_in(argument: str, owner: str, file: Definitions) -> str:
    """The expression of a layer for an argument of a class's constructor; empty where its methods ask for no passes of
    what it is given, and for a function of no class."""
    kept = file.constructors[owner].attributes.kept if owner in file.constructors else ()
    is_one = any(_has_passes(f".{attribute}", owner, file) for attribute, of in kept if of == argument)
    return _SQUARE if is_one else ""


def stand_ins(owner: str, file: Definitions) -> str:
    """The expression of a list of layers for a class whose methods go through some; empty where they go through none.

    In another order they give something else, and so do their gradients.
    """
    places = (owner, *file.bases.get(owner, ()))
    names = {name for f in file.functions if f.owner in places for name in f.fields} - {"self"}
    elements = (name for name in names if name[:1] != "." or name.endswith("[]"))
    return f"[{_SQUARE}, {_TURN}]" if any(_has_passes(name, owner, file) for name in elements) else ""


def shown(text: str) -> str:
    """An expression as it is told: with the names of layers that stand in.

    >>> shown(f"Sequential({_SQUARE})")
    'Sequential(Square())'
    """
    for name, expression in _STAND_INS.items():
        text = text.replace(expression, name)
    return text


def told(text: str) -> list[str]:
    """What is assumed where layers stand in, in words; nothing where none do."""
    meanings = {_SQUARE: "Square() squares its inputs", _TURN: "Turn() takes them in reverse order"}
    words = [meaning for expression, meaning in meanings.items() if expression in text]
    return [f"layers of our own stand in for those that it is given: {', '.join(words)}"] if words else []


def _has_passes(name: str, owner: str, file: Definitions) -> bool:
    """Whether the methods of a class call the backward pass of what they call so."""
    places = (owner, *file.bases.get(owner, ()))
    return any("backward" in f.fields.get(name, ()) for f in file.functions if f.owner in places)
