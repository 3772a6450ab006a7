"""Activations, a file each: forward and backward together; see :class:`chainrule.components.kinds.Activation`."""

from chainrule.nn.activations.relu import RELU

COMPONENTS = (RELU,)
