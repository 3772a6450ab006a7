"""Arguments that are objects with fields, as dataclasses and named tuples are: of data, of settings, of parameters."""

from __future__ import annotations

from collections.abc import Mapping

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.names import PARAMETER_ROLES
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.kinds import kind_of
from chainrule.gradcheck.recognition.layers.pairs import LayerPair


def fielded(argument: Argument, layer: LayerPair, file: Definitions) -> Function | None:
    """The constructor of the only class whose fields a cost reads of an argument; None of what is no such object.

    >>> from chainrule.gradcheck.program.definitions import Definitions
    >>> loss = Function("loss", (Argument("roll"),), fields={"roll": ("states", "actions")})
    >>> rollout = Function("__init__", (Argument("states"), Argument("actions")), "Rollout")
    >>> file = Definitions((loss,), constructors={"Rollout": rollout})
    >>> fielded(loss.arguments[0], LayerPair(loss, loss, takes_the_same=True), file).owner
    'Rollout'
    """
    if not layer.takes_the_same or not argument.required:
        return None
    used = file.used([layer.forward, layer.backward])
    read = {name for f in used for name in f.fields.get(argument.name, ())}
    made = [c for c in file.constructors.values() if read and read <= {a.name for a in c.arguments}]
    return made[0] if len(made) == 1 else None


def arrays_among(constructor: Function) -> list[str]:
    """Its fields that are arrays: those that it needs, and beside these parameters that need not be given; none of an
    object of settings, which needs none."""
    needs = any(a.required for a in constructor.arguments)
    return [
        a.name for a in constructor.arguments if a.required or (needs and kind_of(a.name) in PARAMETER_ROLES)
    ]


def with_fields(function: Function, objects: Mapping[str, Function]) -> Function:
    """A function with the arrays of the objects that it takes, by argument, in their places, but for those of objects
    of parameters."""
    taken: list[Argument] = []
    for argument in function.arguments:
        fields = arrays_among(objects[argument.name]) if argument.name in objects else []
        if argument.name not in objects:
            taken.append(argument)
        elif not any(kind_of(name) in PARAMETER_ROLES for name in fields):
            taken += map(Argument, fields)
    return function._replace(arguments=tuple(taken)) if objects else function
