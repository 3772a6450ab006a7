"""He: deviation sqrt(2/inputs), which keeps the variance where ReLU follows (He et al., 2015).

ReLU leaves half of the mean square of what it gets, so the variance of :mod:`chainrule.nn.inits.xavier` is doubled.
"""

from __future__ import annotations

import math

from chainrule.components.kinds import Init

HE = Init(
    name="he",
    about="weights of deviation sqrt(2/inputs), biases 0",
    deviation=lambda settings, inputs, outputs: math.sqrt(2.0 / inputs),
)
