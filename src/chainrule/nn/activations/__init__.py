"""What follows a hidden layer, forward and backward together; see :class:`chainrule.components.kinds.Activation`.

- ``relu``: max(0, s).
- ``leaky_relu``: s above 0, a hundredth of it below.
- ``tanh``: the hyperbolic tangent.
- ``sigmoid``: the logistic function.
- ``silu``: s times its logistic function.
- ``gelu``: s times the normal distribution of s.
- ``gelu_tanh``: the same, nearly.
"""

from chainrule.nn.activations.gelu import GELU
from chainrule.nn.activations.gelu_tanh import GELU_TANH
from chainrule.nn.activations.leaky_relu import LEAKY_RELU
from chainrule.nn.activations.relu import RELU
from chainrule.nn.activations.sigmoid import SIGMOID
from chainrule.nn.activations.silu import SILU
from chainrule.nn.activations.tanh import TANH

COMPONENTS = (RELU, LEAKY_RELU, TANH, SIGMOID, SILU, GELU, GELU_TANH)
