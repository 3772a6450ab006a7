"""The parameters that a file's own function makes, run with small sizes: what a loss or a forward pass takes as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import default_rng

from chainrule.gradcheck.program.definitions import Definitions, MadeParameters
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.recognition.layers.constructor_values import likeliest_arguments
from chainrule.gradcheck.recognition.layers.plans import evaluated
from chainrule.gradcheck.recognition.layers.shapes import layouts

_MAKES = re.compile(
    r"init|make|new|create|build|setup|random|(^|_)(params|parameters|weights)", re.IGNORECASE
)


def with_initial(file: Definitions, namespace: dict[str, Any], seed: int) -> Definitions:
    """A file with the parameters that its functions make."""
    return replace(file, made=tuple(_made(file, namespace, seed)))


def _made(file: Definitions, namespace: dict[str, Any], seed: int) -> Iterator[MadeParameters]:
    for function in file.functions:
        if not (_MAKES.search(function.name) and not function.owner and function.gives) or _takes_arrays(
            function
        ):
            continue
        try:
            text = f"{function.name}({likeliest_arguments(function, file, next(layouts()))})"
            value = evaluated(text, namespace, {"rng": default_rng(seed)})
        except Exception:
            # It may be made for anything.
            continue
        if isinstance(value, Mapping) and _are_arrays(value):
            yield {name: np.shape(array) for name, array in value.items()}


def _takes_arrays(function: Function) -> bool:
    return any(meaning(a.name).role in ("inputs", "labels", "bundle") for a in function.arguments)


def _are_arrays(value: Mapping[Any, Any]) -> bool:
    """Whether a dictionary holds arrays alone, each under a name."""
    floats = (
        isinstance(array, np.ndarray | float) and np.asarray(array).dtype.kind == "f"
        for array in value.values()
    )
    return (
        bool(value) and all(isinstance(name, str) and name.isidentifier() for name in value) and all(floats)
    )
