"""What follows a hidden layer, forward and backward together; see :class:`chainrule.components.kinds.Activation`.

- ``relu``: max(0, s).
"""

from chainrule.nn.activations.relu import RELU

COMPONENTS = (RELU,)
