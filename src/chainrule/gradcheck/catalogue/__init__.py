"""Every bug that is known by name: one entry a bug, one file a family.

- ``bug``: what is known of a bug.
- ``family``: the bugs of one file.
- ``loss``: the loss and its error.
- ``penalty``: the penalty on the weights.
- ``bias``: the gradient of a bias.
- ``backpropagation``: the way back through affine layers and ReLU.
- ``batchnorm``: batch norm and the way back through it.
- ``any_backward``: a value on the way back of any layer, against the true one.
- ``state``: what a function keeps, changes or draws that it should not.
- ``numeric_check``: the user's own numeric gradient.
- ``update``: the update step.
- ``unknown``: what nothing here explains.
- ``pages``: all of it as text.

To add a bug:

1. Write its record into the file of its family, as a constant of its name in capitals.
2. Say how it is recognised: as a step of the derivation done wrong (``everything()`` of a file in
   :mod:`chainrule.gradcheck.diagnosis.mistakes`; ``forward.in_a_cost()`` for what only a cost can hold; a step that no
   mistake had before also stands in ``explanations._placed``; where right values are used in the wrong place,
   ``lines._meant`` says which), or by what it does to the numbers (``diagnosis/unrecognised``, ``cost_faults``,
   ``misshapen``, ``own_numeric``, ``own_update``; ``numeric/hygiene`` for what a call does).
3. Give tests a program with it: the right lines in one of ``tests/gradcheck/catalogue/programs``, and more in
   ``tests/support/corpus/wrong``, in the file of the same family; add the name to those that never change in
   ``tests/gradcheck/catalogue/test_catalogue.py``.
4. ``chainrule explain --markdown > docs/bugs.md``: the page is made from the records.
"""

from chainrule.gradcheck.catalogue import (
    any_backward,
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

_MODULES = (
    loss,
    penalty,
    bias,
    backpropagation,
    batchnorm,
    any_backward,
    state,
    numeric_check,
    update,
    unknown,
)

FAMILIES: tuple[Family, ...] = tuple(map(Family.of, _MODULES))
"""The families, from the loss back to the first layer, then what stands beside the gradient."""

BUGS: dict[str, Bug] = {bug.name: bug for family in FAMILIES for bug in family.bugs}
"""Every bug by its name."""

__all__ = ["BUGS", "FAMILIES", "Bug", "Family"]
