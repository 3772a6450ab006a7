"""What an array is called in type hints, everywhere."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.chosen import ChosenRows

Array = NDArray[Any]
"""An array; its shape and what it holds stand in the docstring."""

Images = NDArray[np.uint8] | NDArray[np.float32] | ChosenRows
"""Samples (N, D) as they are kept: images a byte a value, columns of a table in float32."""

Labels = NDArray[np.integer[Any]]
"""The classes of samples, (N,), whole numbers from 0."""
