"""Preprocessing, fitted on the training images; see :class:`chainrule.components.kinds.Preprocessing`.

- ``scale_to_unit``: inputs from 0 to 1.
- ``center``: the same, less the mean training image.
- ``standardize``: mean 0 and deviation 1, input by input.
- ``standardize_all``: the same, all inputs together.
- ``sums``: what they are fitted by.
- ``transform``: what all of them come to, x = image * scale + shift, and how it is applied.
"""

from chainrule.data.transforms.center import CENTER
from chainrule.data.transforms.scale_to_unit import SCALE_TO_UNIT
from chainrule.data.transforms.standardize import STANDARDIZE
from chainrule.data.transforms.standardize_all import STANDARDIZE_ALL

COMPONENTS = (SCALE_TO_UNIT, CENTER, STANDARDIZE, STANDARDIZE_ALL)
