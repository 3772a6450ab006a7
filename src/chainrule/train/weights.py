"""One member's weights in a safetensors file: the last ones and the best."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import StoreError
from chainrule.inputs import read_bytes
from chainrule.nn.network import Parameters
from chainrule.text import excerpt

LARGEST = 2**33
"""Bytes of the largest file of weights."""

Weights = dict[str, NDArray[Any]]


def to_bytes(last: Parameters, best: Parameters, member: int) -> bytes:
    """The content of a file with ``last.W1``, ``best.W1`` and so on, each without the member axis."""
    from safetensors.numpy import save

    return save(
        {
            f"{kind}.{name}": np.ascontiguousarray(array[member])
            for kind, parameters in (("last", last), ("best", best))
            for name, array in parameters.items()
        }
    )


def load(path: Path, sha256: str) -> Weights:
    """The arrays of :func:`to_bytes`, by their names.

    Raises:
        StoreError: the file cannot be read, or is not the one of that SHA-256.
    """
    import safetensors.numpy

    data = read_bytes(path, LARGEST, StoreError, "delete it and run again")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(f"{path}: is damaged; delete it and run again")
    try:
        return safetensors.numpy.load(data)
    # The library has no one error for what is no file of weights, whatever its sum.
    except Exception as error:
        raise StoreError(f"{path}: is damaged: {excerpt(error)}; delete it and run again") from error
