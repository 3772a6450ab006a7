"""Every bug that is known by name: one entry a bug, one file a family.

To add a bug, write its record into the file of its family, then say how it is recognised: as a step of the derivation
done wrong (:mod:`chainrule.gradcheck.diagnosis.mistakes`) or by what it does to the numbers. ``docs/bugs.md`` and
``chainrule explain`` are made from these records.
"""

from chainrule.gradcheck.catalogue import (
    backpropagation,
    batchnorm,
    bias,
    loss,
    numeric_check,
    penalty,
    state,
    unknown,
    update,
)
from chainrule.gradcheck.catalogue.bug import Bug
from chainrule.gradcheck.catalogue.family import Family

_MODULES = (loss, penalty, bias, backpropagation, batchnorm, state, numeric_check, update, unknown)

FAMILIES: tuple[Family, ...] = tuple(map(Family.of, _MODULES))
"""The families, from the loss back to the first layer, then what stands beside the gradient."""

BUGS: dict[str, Bug] = {bug.name: bug for family in FAMILIES for bug in family.bugs}
"""Every bug by its name."""

__all__ = ["BUGS", "FAMILIES", "Bug", "Family"]
