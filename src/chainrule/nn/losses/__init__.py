"""Losses over scores: derivation, forward and backward together; see :class:`chainrule.components.kinds.Loss`.

- ``cross_entropy``: softmax cross-entropy.
- ``hinge``: the multi-class hinge.
"""

from chainrule.nn.losses.cross_entropy import CROSS_ENTROPY
from chainrule.nn.losses.hinge import HINGE

COMPONENTS = (CROSS_ENTROPY, HINGE)
