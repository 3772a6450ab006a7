"""One member's weights in a file that :func:`chainrule.nets.file.member_bytes` wrote: the last ones and the best."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from chainrule.errors import StoreError
from chainrule.inputs import read_bytes
from chainrule.nets.file import OF_RUN
from chainrule.text import excerpt

LARGEST = 2**33
"""Bytes of the largest file of weights."""

Weights = dict[str, NDArray[Any]]


def load(path: Path, sha256: str) -> Weights:
    """The arrays, by their names.

    Raises:
        StoreError: the file cannot be read, or is not the one of that SHA-256.
    """
    import safetensors.numpy

    data = read_bytes(path, LARGEST, StoreError, "delete it and run again")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise StoreError(f"{path}: is damaged; delete it and run again")
    try:
        arrays = safetensors.numpy.load(data)
    # The library has no one error for what is no file of weights, whatever its sum.
    except Exception as error:
        raise StoreError(f"{path}: is damaged: {excerpt(error)}; delete it and run again") from error
    return {name: array for name, array in arrays.items() if name.partition(".")[0] in OF_RUN}
