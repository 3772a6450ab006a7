"""Losses over scores: derivation, forward and backward together; see :class:`chainrule.components.kinds.Loss`.

- ``cross_entropy``: softmax cross-entropy.
- ``hinge``: the multi-class hinge.
- ``squared_error``: of numbers.
"""

from chainrule.nn.losses.cross_entropy import CROSS_ENTROPY
from chainrule.nn.losses.hinge import HINGE
from chainrule.nn.losses.squared_error import SQUARED_ERROR

COMPONENTS = (CROSS_ENTROPY, HINGE, SQUARED_ERROR)
