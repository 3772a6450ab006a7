"""What an array is called in type hints, everywhere."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""An array; its shape and what it holds stand in the docstring."""

Images = NDArray[np.uint8]
"""Images (N, D), a byte a value."""

Labels = NDArray[np.integer[Any]]
"""The classes of samples, (N,), whole numbers from 0."""
