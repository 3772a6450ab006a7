"""Weights and biases of given deviations, whatever the layer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chainrule.components.kinds import Init
from chainrule.settings.strict import Strict


class Normal(Strict):
    """Weights from a normal distribution of mean 0 and deviation ``normal``, biases of deviation ``bias``."""

    normal: Annotated[float, Field(gt=0, le=1e6)]
    bias: Annotated[float, Field(ge=0, le=1e6)] = 0.0


NORMAL = Init(
    name="normal",
    about="weights of deviation `normal`, biases of deviation `bias`, 0 by default",
    settings=Normal,
    example="{ normal = 0.01 }",
    deviation=lambda settings, inputs, outputs: float(settings.normal),
    bias=lambda settings, inputs, outputs: float(settings.bias),
)
