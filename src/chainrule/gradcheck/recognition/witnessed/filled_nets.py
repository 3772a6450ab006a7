"""Nets that are filled with layers, where their file fills none: with two layers that have weights, and what has none
between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import rank
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.conventions import Convention

_ADDING = ("add", "add_layer", "append", "push")
_GIVES_SHARES = re.compile(r"softmax|sigmoid|logistic")
_SIZES = ("input size", "output size")


def layers_of(file: Definitions, convention: Convention) -> Iterator[list[str]]:
    """The expressions that make layers of a file's classes, one after the other: the last with weights, or with what
    makes probabilities behind it; none where it has none such."""
    layers = [c for owner, c in file.constructors.items() if _has_passes(owner, file)]
    weighted = next((c for c in layers if _sizes(c) == _SIZES), None)
    plain = [c.owner for c in layers if not any(a.required for a in c.arguments)]
    if weighted is None:
        return
    first, hidden, last = convention.widths(2)
    between = [f"{owner}()" for owner in plain if not _GIVES_SHARES.search(owner.lower())][:1]
    every = [f"{weighted.owner}({first}, {hidden})", *between, f"{weighted.owner}({hidden}, {last})"]
    yield every
    yield from ([*every, f"{owner}()"] for owner in plain if _GIVES_SHARES.search(owner.lower()))


def filled(made: str, owner: str, file: Definitions, convention: Convention) -> Iterator[str]:
    """The expressions that make an object and fill it, in the place of one that makes it empty."""
    adding = next((f for f in file.functions if f.owner == owner and f.name in _ADDING), None)
    holds = "layers" in file.constructors[owner].attributes.sets
    for layers in layers_of(file, convention) if adding is not None or holds else ():
        if adding is None:
            yield f"(made := {made}, made.layers.extend([{', '.join(layers)}]), made)[-1]"
        elif len(adding.arguments) == 1:
            calls = ", ".join(f"made.{adding.name}({layer})" for layer in layers)
            yield f"(made := {made}, {calls}, made)[-1]"


def _has_passes(owner: str, file: Definitions) -> bool:
    """Whether a class has a forward pass, and a backward pass that is given what comes back."""
    own: list[Function] = [f for f in file.functions if f.owner == owner]
    forward = any(rank(f.name, "forward") is not None and f.arguments for f in own)
    return forward and any(rank(f.name, "gradient") is not None and f.arguments for f in own)


def _sizes(constructor: Function) -> tuple[object, ...]:
    """What sizes a constructor asks for that must be given."""
    return tuple(size_role(a.name) for a in constructor.arguments if a.required)
