"""One member's weights in a safetensors file: the last ones and the best."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import StoreError
from chainrule.files import write_bytes
from chainrule.nn.network import Parameters

Weights = dict[str, NDArray[Any]]


def save(path: Path, last: Parameters, best: Parameters, member: int) -> None:
    """Write ``last.W1``, ``best.W1`` and so on, each without the member axis.

    Raises:
        StoreError: the file cannot be written.
    """
    from safetensors.numpy import save as to_bytes

    arrays = {
        f"{kind}.{name}": np.ascontiguousarray(array[member])
        for kind, parameters in (("last", last), ("best", best))
        for name, array in parameters.items()
    }
    write_bytes(path, to_bytes(arrays))


def load(path: Path) -> Weights:
    """The arrays that :func:`save` wrote, by their names.

    Raises:
        StoreError: the file cannot be read or is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as from_bytes

    try:
        return from_bytes(path.read_bytes())
    except (OSError, SafetensorError) as error:
        raise StoreError(f"{path}: cannot be read: {error}; delete it and run again") from error
