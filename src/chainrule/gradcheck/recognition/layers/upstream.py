"""The upstream gradients that a backward pass takes: which of its arguments these are, and of which outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from chainrule.gradcheck.program.names import parameter_names, plain_name
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.recognition.layers.adapter_names import OUT
from chainrule.gradcheck.recognition.layers.arguments import CannotCallLayerError
from chainrule.gradcheck.recognition.layers.pass_names import is_upstream


def of_each_output(
    backward: Function, upstream: list[Argument], outputs: Mapping[str, str]
) -> dict[str, str]:
    """The output of which each of several arguments is the upstream gradient, by their names, else in order. Where
    there are more of them than outputs, those that the backward pass adds to each other, as from the layer above and
    from the next step, are of the same output.

    Raises:
        CannotCallLayerError: there are more of them than outputs.
    """
    added = _added(backward, upstream) if len(upstream) > len(outputs) else {}
    upstream = [a for a in upstream if a.name not in added]
    own = {a.name: text for a in upstream if (text := _output_of(a, outputs))}
    if len({*own.values()}) < len(own):
        own = {}
    free = [text for text in outputs if text not in own.values()]
    open_names = [a.name for a in upstream if a.name not in own and (a.required or own)]
    if len(open_names) > len(free):
        raise CannotCallLayerError(f"what is {open_names[len(free)]} of {backward.name}?")
    of_each = own | dict(zip(open_names, free, strict=False))
    return of_each | {name: of_each[other] for name, other in added.items() if other in of_each}


def _added(backward: Function, upstream: list[Argument]) -> dict[str, str]:
    """The upstream gradients that a backward pass adds to one before them, with that one."""
    names = [a.name for a in upstream]
    added: dict[str, str] = {}
    for one, other in combinations(names, 2):
        if {one, other} in backward.added and one not in added:
            added.setdefault(other, one)
    return added


def outputs_of(function: Function, returned: Any) -> dict[str, str]:
    """The arrays of numbers that a forward pass gives beside one another, with their names."""
    if not isinstance(returned, tuple):
        return {}
    names = function.returns if len(function.returns) == len(returned) else [""] * len(returned)
    return {
        f"{OUT}[{place}]": name
        for place, (name, value) in enumerate(zip(names, returned, strict=True))
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
    }


def _output_of(argument: Argument, outputs: Mapping[str, str]) -> str:
    """The output of which an argument is the upstream gradient by its name: ``next_h`` of ``dnext_h``."""
    names = parameter_names(argument.name) - {plain_name(argument.name)}
    return next((text for text, name in outputs.items() if name and plain_name(name) in names), "")


def is_named(upstream: list[Argument], outputs: Mapping[str, str]) -> bool:
    """Whether the upstream gradient is that of another output than the first, by its name."""
    return len(upstream) == 1 and _output_of(upstream[0], outputs) not in ("", f"{OUT}[0]")


def is_upstream_of(argument: Argument, outputs: Mapping[str, str]) -> bool:
    """Whether an argument is an upstream gradient by its name, alone or with those of the outputs."""
    return is_upstream(argument.name) or bool(_output_of(argument, outputs)) or _names_state(argument.name)


def _names_state(name: str) -> bool:
    """Whether it is that of a state: ``dh_next``, ``dhT``, ``grad_c``."""
    return (
        re.fullmatch(
            r"d[a-z]|(d|grad_)_?([hc]|state|hidden|cell)\w*|d_?(next|last|final)_\w+", name, re.IGNORECASE
        )
        is not None
    )


def is_optional_upstream(argument: Argument, outputs: Mapping[str, str]) -> bool:
    """Whether an argument that may be left out is the upstream gradient of a further output."""
    return argument.default == "None" and len(outputs) > 1 and is_upstream_of(argument, outputs)
