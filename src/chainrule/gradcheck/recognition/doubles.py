"""Filters that an object holds in two shapes, ``Fs`` and ``Fs_flat``: one gradient of them is compared with its cost.

Which of the two its user goes by is not told: where they are not the same, nobody is convicted, or acquitted, by one.
"""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.recognition.containers import ParameterSet


def doubles(parameters: ParameterSet) -> tuple[str, str] | None:
    """The filters among the parameters that are put on an object, and what they are called there in another shape."""
    filters = [name for name in parameters.put if meaning(name).role == "filters"]
    own, others = ([n for n in filters if (n in parameters.values) == mine] for mine in (True, False))
    return (own[0], others[0]) if own and others else None


def without_double(own: str, other: str, call: str) -> str:
    """The gradients by name that a call gives, without those of the filters in the other shape."""
    return f"{{key: g for key, g in {call}.items() if key not in {_names(other)}}}"


def with_double(own: str, other: str, call: str) -> str:
    """The same with these in the place of those of the filters in their own shape."""
    double = f'given[key.removesuffix("{own}") + "{other}"].reshape({own}.shape)'
    each = f"key: {double} if key in {_names(own)} else g"
    return f"{{{each} for given in [{call}] for key, g in given.items() if key not in {_names(other)}}}"


def doubt(parameters: ParameterSet, usual: LocalProgram, doubled: LocalProgram) -> str:
    """Why the gradient of such filters tells nothing; empty where both are the same, or there is but one.

    Args:
        parameters: of both adapters.
        usual: the adapter that compares the gradient in the parameter's own shape.
        doubled: the one that compares the other.
    """
    names, given = doubles(parameters), usual.describe()
    try:
        pairs = zip(*(p.gradient(given.arrays, given.data).arrays for p in (usual, doubled)), strict=True)
        same = all(np.allclose(a, b) for a, b in pairs)
    except Exception:
        return ""
    if names is None or same:
        return ""
    own, other = names
    return (
        f"the gradients of {own} and {other}, which are the same filters, differ; if that of {own} is meant"
    )


def _names(name: str) -> tuple[str, ...]:
    """What the gradient of a parameter is called in a dictionary."""
    return tuple(f"{prefix}{name}" for prefix in ("", "d", "grad_"))
