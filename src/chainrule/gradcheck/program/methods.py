"""The methods that classes have beside their own: those of their bases, and functions that their objects hold."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule.gradcheck.program.signatures import Function


def inherited(
    functions: Mapping[tuple[str, str], Function],
    bases: Mapping[str, tuple[str, ...]],
    left_open: Mapping[str, set[str]],
) -> dict[tuple[str, str], Function]:
    """The same with the methods that a class has from its bases and that come to something of its own; without those of
    a base that come to what is left open there, as no object has them so."""
    every = dict(functions)
    for owner, base in ((owner, base) for owner, of in bases.items() for base in of):
        own = {name for of, name in functions if of == owner}
        for (of, name), method in functions.items():
            if of == base and not own.isdisjoint(_reached(method, functions)):
                every.setdefault((owner, name), method._replace(owner=owner))
    return {
        place: f
        for place, f in every.items()
        if left_open.get(f.owner, set()).isdisjoint(_reached(f, functions))
    }


def _reached(method: Function, functions: Mapping[tuple[str, str], Function]) -> set[str]:
    """The attributes that a method reads, and those that the methods read which it calls."""
    reached, todo = set[str](), [method]
    while todo:
        read = set(todo.pop().attributes.reads) - reached
        reached |= read
        todo += [f for name in read if (f := functions.get((method.owner, name))) is not None]
    return reached


def held(
    functions: Mapping[tuple[str, str], Function], constructors: Mapping[str, Function]
) -> dict[tuple[str, str], Function]:
    """Functions of the file that objects hold: ``self.cost = mean_squared_error``; each is called like a method."""
    every = {}
    for owner, constructor in constructors.items():
        for name, text in constructor.attributes.constants:
            function = functions.get(("", text))
            if function is not None and (owner, name) not in functions:
                every[owner, name] = function._replace(name=name, owner=owner)
    return every
