"""The layers of nets that are made of some: handed to a constructor, added one by one, or put in from outside."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import SizeRole, size_role
from chainrule.gradcheck.recognition.containers import LAYERS_MADE
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.made_sizes import with_sizes

_NONLINEARITY = re.compile("[rgs]?elu|sigmoid|tanh|swish|softplus", re.IGNORECASE)

_STACK = r"_*(\w+__)?(layers?|modules|stack)"
_ADD = r"_*(add|append|push|register)(_?(layer|module))?"


def stack(net: Function, convention: Convention, file: Definitions, instead: str = "") -> dict[str, str]:
    """The layers that an object is to hold which its constructor makes without any, by attribute: those that the file
    itself adds, else some that are made of its classes, or what is to stand there ``instead``; empty where it holds
    them already."""
    filled = net.attributes.reads
    begun = [name for name, text in net.attributes.constants if text == "[]" and name not in filled]
    empty = [name for name in begun if re.fullmatch(_STACK, name)]
    added = [h.constant for (name, _), hs in file.handed.items() if re.fullmatch(_ADD, name) for h in hs]
    own = [text for text in added if "(" in text]
    layers = with_sizes(f"[{', '.join(own)}]", convention) if own else composed(convention, file) or instead
    return {name: layers for name in empty[:1] if layers}


def takes_layers(name: str) -> bool:
    """Whether an argument of this name may be the layers of a net: ``layers``, ``modules``."""
    return re.fullmatch(_STACK, name) is not None


def compositions(convention: Convention, file: Definitions) -> list[str]:
    """The layers that may be stacked, made of a file's classes, the likely ones first.

    Two of a class that asks for two sizes, with a nonlinearity between them; one with as many outputs as inputs, which
    may be added to these; where no class asks for sizes, two that ask for nothing.
    """
    linear = next(filter(_takes_two_sizes, file.constructors.values()), None)
    if linear is None:
        plain = list(_asking_for_nothing(file))
        return [f"[{', '.join((plain * 2)[:2])}]"] if plain else []
    widths = convention.widths(LAYERS_MADE)
    first, last, alike = (
        _made(linear, sizes) for sizes in (*itertools.pairwise(widths), (widths[0], widths[0]))
    )
    between = nonlinearities(file)
    return [f"[{', '.join([first, *between, last])}]", f"[{', '.join([alike, *between])}]"]


def composed(convention: Convention, file: Definitions) -> str:
    """The likeliest of these; empty where there is none."""
    return next(iter(compositions(convention, file)), "")


def nonlinearities(file: Definitions) -> list[str]:
    """A nonlinearity of a file's classes that is made without anything; none where there is none."""
    return list(itertools.islice(filter(_NONLINEARITY.search, _asking_for_nothing(file)), 1))


def _takes_two_sizes(constructor: Function) -> bool:
    return _sizes(constructor) in (["input size", "output size"], ["input size", "output size", "rng"])


def _sizes(constructor: Function) -> list[SizeRole | None]:
    return [size_role(argument.name) for argument in constructor.arguments if argument.required]


def _made(constructor: Function, sizes: tuple[int, int]) -> str:
    """A layer of two sizes, and of the generator where it asks for one."""
    generator = ["rng"] if "rng" in _sizes(constructor) else []
    return f"{constructor.owner}({', '.join([*map(str, sizes), *generator])})"


def _asking_for_nothing(file: Definitions) -> Iterator[str]:
    """Layers of the classes that are made without anything, whose forward pass takes one array; the backward pass may
    take another beside dJ/dout."""
    for owner, constructor in file.constructors.items():
        taken = {
            f.name.lower(): len([a for a in f.arguments if a.required])
            for f in file.functions
            if f.owner == owner
        }
        is_layer = taken.get("forward") == 1 and taken.get("backward") in (1, 2)
        asks = constructor.several or any(argument.required for argument in constructor.arguments)
        # One that is to hold layers itself holds none yet.
        asks = asks or any(re.fullmatch(_STACK, name) for name, _ in constructor.attributes.constants)
        if is_layer and not asks and owner not in file.derived_from:
            yield f"{owner}()"
