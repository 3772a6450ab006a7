"""What rows weigh: by what they are told, and by their class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array, Labels
from chainrule.data.values import weights
from chainrule.errors import DataError
from chainrule.text import excerpt

ClassWeight = Literal["balanced"] | Mapping[Any, float] | None


def row_weights(
    sample_weight: Any, class_weight: ClassWeight, classes: Array, codes: Labels
) -> NDArray[np.float64] | None:
    """The weight of each row, (N,), that of its own times that of its class; None where all weigh the same.

    Args:
        sample_weight: of each row, 0 or more; None: 1.
        class_weight: ``balanced``: so that all classes weigh the same together, as many as there are rows; or a weight
            by label, 1 for those that it does not name; None: 1.
        classes: the labels, (K,).
        codes: which of them each row has, (N,).

    Raises:
        DataError: weights are not one a row, below 0 or all 0, or a label is none of the classes.

    >>> classes, codes = np.array(["a", "b"]), np.array([0, 0, 0, 1])
    >>> row_weights(None, "balanced", classes, codes).round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    >>> row_weights([1, 1, 0, 1], {"b": 5}, classes, codes).tolist()
    [1.0, 1.0, 0.0, 5.0]
    """
    own = weights(sample_weight, len(codes), "sample_weight")
    if class_weight is None:
        return own
    if class_weight == "balanced":
        together = np.bincount(codes, own, len(classes))
        # A class whose rows all weigh nothing stays what it is.
        of_class = together.sum() / (len(classes) * np.where(together > 0, together, np.inf))
    else:
        unknown = [label for label in class_weight if label not in classes.tolist()]
        if unknown:
            raise DataError(f"class_weight: {excerpt(repr(unknown[0]))} is no label of y; leave it out")
        of_class = np.array([class_weight.get(label, 1.0) for label in classes.tolist()])
    return weights(of_class[codes] * (1.0 if own is None else own), len(codes), "class_weight")
