"""What an array is called in type hints, everywhere."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
"""An array; its shape and what it holds stand in the docstring."""
