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

_MODULES = (loss, penalty, bias, backpropagation, batchnorm, state, numeric_check, update, unknown)

FAMILIES: dict[str, tuple[Bug, ...]] = {
    module.__doc__ or "": tuple(value for value in vars(module).values() if isinstance(value, Bug))
    for module in _MODULES
}
"""The bugs of each family, under what the family is about."""

BUGS: dict[str, Bug] = {bug.name: bug for family in FAMILIES.values() for bug in family}
"""Every bug by its name."""

__all__ = ["BUGS", "FAMILIES", "Bug"]
