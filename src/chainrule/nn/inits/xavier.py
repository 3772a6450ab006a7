"""Xavier: deviation 1/sqrt(inputs), which keeps the variance of a linear layer's output.

Glorot and Bengio, 2010, in the form that the reports use. With inputs of variance v, s = sum over inputs of W x has
variance inputs * sigma^2 * v, which is v for sigma^2 = 1/inputs.
"""

from __future__ import annotations

import math

from chainrule.components.kinds import Init

XAVIER = Init(
    name="xavier",
    about="weights of deviation 1/sqrt(inputs), biases 0",
    deviation=lambda settings, inputs, outputs: math.sqrt(1.0 / inputs),
)
