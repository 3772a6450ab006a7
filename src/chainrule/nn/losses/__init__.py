"""Losses over scores: derivation, forward and backward together; see :class:`chainrule.components.kinds.Loss`.

- ``cross_entropy``: softmax cross-entropy.
- ``hinge``: the multi-class hinge.
- ``squared_error``: of numbers.
- ``binary_cross_entropy``: of every output by itself; several of them may be right at once.
"""

from chainrule.nn.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from chainrule.nn.losses.cross_entropy import CROSS_ENTROPY
from chainrule.nn.losses.hinge import HINGE
from chainrule.nn.losses.squared_error import SQUARED_ERROR

COMPONENTS = (CROSS_ENTROPY, HINGE, SQUARED_ERROR, BINARY_CROSS_ENTROPY)
