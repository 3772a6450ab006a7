"""Matrices of uint8 from MATLAB files, the only kind that CIFAR-10 needs.

SciPy's reader allocates what a cell or a text claims as its size, so that a file of a few bytes could ask for
gigabytes: what a file claims is looked at first, and nothing but uint8 matrices is ever read.
"""

from __future__ import annotations

import io
import math
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.data.quoting import shown
from chainrule.errors import DataError

LARGEST = 64 * 2**20
"""Bytes of the largest file and of the largest matrix read."""


def read_matlab(data: bytes, name: str, wanted: Collection[str]) -> dict[str, NDArray[np.uint8]]:
    """The uint8 matrices named ``wanted`` of a MATLAB file (version 5 to 7); what is none of them is left out.

    Args:
        data: the whole file.
        name: the file's name, for messages.
        wanted: names of variables.

    Raises:
        DataError: the file is too large, damaged or not of this format.
    """
    if len(data) > LARGEST:
        raise DataError(f"{name}: is larger than any CIFAR-10 batch; give the official file")
    from scipy.io import loadmat, whosmat

    # Any open file will do, which SciPy's stubs do not know.
    file: Any = io.BytesIO(data)
    try:
        claimed = whosmat(file)
        readable = [
            variable
            for variable, shape, kind in claimed
            if variable in wanted and kind == "uint8" and 0 <= math.prod(shape) <= LARGEST
        ]
        found: dict[str, Any] = loadmat(file, variable_names=readable) if readable else {}
    except Exception as error:
        reason = shown(str(error) or type(error).__name__)
        raise DataError(f"{name}: damaged or no CIFAR-10 batch: {reason}; copy or fetch it again") from error
    matrices = {variable: found[variable] for variable in readable}
    return {variable: matrix for variable, matrix in matrices.items() if matrix.dtype == np.uint8}
