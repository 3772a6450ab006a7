"""Nets that are made empty and given their layers one by one, by an ``add`` or from outside."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.containers import LAYERS_MADE
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.made_sizes import with_sizes

_STACK = r"_*(\w+__)?(layers?|modules|stack)"
_ADD = r"_*(add|append|push|register)(_?(layer|module))?"


def stack(net: Function, convention: Convention, file: Definitions) -> dict[str, str]:
    """The layers that an object is to hold which its constructor makes without any, by attribute: those that the file
    itself adds, else some that are made of its classes; empty where it holds them already."""
    filled = net.attributes.reads
    begun = [name for name, text in net.attributes.constants if text == "[]" and name not in filled]
    empty = [name for name in begun if re.fullmatch(_STACK, name)]
    added = [h.constant for (name, _), hs in file.handed.items() if re.fullmatch(_ADD, name) for h in hs]
    own = [text for text in added if "(" in text]
    layers = with_sizes(f"[{', '.join(own)}]", convention) if own else composed(convention, file)
    return {name: layers for name in empty[:1] if layers}


def takes_layers(name: str) -> bool:
    """Whether an argument of this name may be the layers of a net: ``layers``, ``modules``."""
    return re.fullmatch(_STACK, name) is not None


def composed(convention: Convention, file: Definitions) -> str:
    """Two layers of a class that asks for two sizes, with a nonlinearity of the file between them; empty where it has
    no such class."""
    linear = next(filter(_takes_two_sizes, file.constructors.values()), None)
    if linear is None:
        return ""
    first, last = (f"{linear.owner}({a}, {b})" for a, b in itertools.pairwise(convention.widths(LAYERS_MADE)))
    return f"[{', '.join([first, *_nonlinearities(file), last])}]"


def _takes_two_sizes(constructor: Function) -> bool:
    required = [size_role(argument.name) for argument in constructor.arguments if argument.required]
    return required == ["input size", "output size"]


def _nonlinearities(file: Definitions) -> Iterator[str]:
    for owner, constructor in file.constructors.items():
        passes = {f.name.lower() for f in file.functions if f.owner == owner}
        usual = re.search("relu|sigmoid|tanh", owner, re.IGNORECASE) and {"forward", "backward"} <= passes
        if usual and not any(argument.required for argument in constructor.arguments):
            yield f"{owner}()"
            return
