"""Losses over scores, a file each: derivation, forward and backward together; see
:class:`chainrule.components.kinds.Loss`."""

from chainrule.nn.losses.cross_entropy import CROSS_ENTROPY
from chainrule.nn.losses.hinge import HINGE

COMPONENTS = (CROSS_ENTROPY, HINGE)
