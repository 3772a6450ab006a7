"""Which argument of a forward pass is its inputs."""

from __future__ import annotations

from collections.abc import Collection

from chainrule.gradcheck.program.names import PARAMETER_ROLES, meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.kinds import kind_of


def inputs_of(function: Function, dictionaries: Collection[str], picking: Collection[str]) -> str:
    """The argument that is the inputs: that which is called so, else the first that is no parameter and no labels, nor
    holds such, those first that pick entries, else the first that is no labels, else the first; empty of a function
    that takes nothing.

    Args:
        dictionaries: the arguments that hold others, by texts.
        picking: those that pick entries of others.
    """
    names = [a.name for a in function.arguments]
    required = [a.name for a in function.arguments if a.required] or names
    called_so = [n for n in required if meaning(n).role == "inputs" or kind_of(n) == "sequences"]
    others = [name for name in required if meaning(name).role != "labels"]
    no_parameters = [
        name
        for name in others
        if kind_of(name) not in (*PARAMETER_ROLES, "bundle") and name not in dictionaries
    ]
    indices = [name for name in no_parameters if name in picking]
    return next(iter([*called_so, *indices, *no_parameters, *others, *required]), "")
