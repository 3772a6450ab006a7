"""Preprocessing fitted on the training images, a file each; see :class:`chainrule.components.kinds.Preprocessing`.

- :mod:`chainrule.data.transforms.transform`: what all of them come to, and how it is applied.
- :mod:`chainrule.data.transforms.sums`: what they are fitted by.
"""

from chainrule.data.transforms.center import CENTER
from chainrule.data.transforms.scale_to_unit import SCALE_TO_UNIT
from chainrule.data.transforms.standardize import STANDARDIZE
from chainrule.data.transforms.standardize_all import STANDARDIZE_ALL

COMPONENTS = (SCALE_TO_UNIT, CENTER, STANDARDIZE, STANDARDIZE_ALL)
