"""scikit-learn's handwritten digits, from the file that it brings: importing it takes longer than training on them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chainrule.errors import TRAINING, DataError, MissingExtraError

_FILE = Path("datasets/data/digits.csv.gz")


def read() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images (1797, 64) with values from 0 to 16, and labels (1797,).

    Raises:
        MissingExtraError: scikit-learn is not installed.
        DataError: it brings no such file.
    """
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise MissingExtraError(*TRAINING)
    path = Path(package.origin).parent / _FILE
    try:
        values = np.loadtxt(path, delimiter=",")
    except FileNotFoundError:
        raise DataError(f"{path}: is not there; digits come with scikit-learn, install it anew") from None
    return values[:, :-1].astype(np.uint8), values[:, -1].astype(np.uint8)
