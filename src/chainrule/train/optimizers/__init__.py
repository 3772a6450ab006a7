"""What gradients do to parameters; see :class:`chainrule.components.kinds.Optimizer`.

- ``sgd``: gradient descent.
- ``momentum``: with a velocity.
- ``nesterov``: with a velocity that is looked ahead along.
- ``adam``: every entry at a pace of its own.
- ``adamw``: the same, with weights that decay apart from the gradient.
- ``moments``: no optimizer, but what the last two have in common.
"""

from chainrule.train.optimizers.adam import ADAM
from chainrule.train.optimizers.adamw import ADAMW
from chainrule.train.optimizers.momentum import MOMENTUM
from chainrule.train.optimizers.nesterov import NESTEROV
from chainrule.train.optimizers.sgd import SGD

COMPONENTS = (SGD, MOMENTUM, NESTEROV, ADAM, ADAMW)
