"""One member's weights in a safetensors file: the last ones and the best."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import StoreError
from chainrule.nn.network import Parameters

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

    try:
        data = path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}; delete it and run again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(f"{path}: is damaged; delete it and run again")
    return safetensors.numpy.load(data)
