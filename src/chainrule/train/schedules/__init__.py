"""Learning rates over the steps of a run, a file a schedule; see :class:`chainrule.components.kinds.Schedule`.
:mod:`chainrule.train.schedules.rates` has those of a run."""

from chainrule.train.schedules.constant import CONSTANT
from chainrule.train.schedules.cycle import CYCLE
from chainrule.train.schedules.decay import DECAY

COMPONENTS = (CONSTANT, DECAY, CYCLE)
