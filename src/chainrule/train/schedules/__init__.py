"""Learning rates over the steps of a run; see :class:`chainrule.components.kinds.Schedule`.

- ``constant``: one rate.
- ``decay``: multiplied by a factor after every epoch.
- ``cycle``: up and down in straight lines.
- ``cosine``: up in a straight line, down along half a wave.
- ``rates``: no schedule, but what asks one of them for the rate of every step of a run.
"""

from chainrule.train.schedules.constant import CONSTANT
from chainrule.train.schedules.cosine import COSINE
from chainrule.train.schedules.cycle import CYCLE
from chainrule.train.schedules.decay import DECAY

COMPONENTS = (CONSTANT, DECAY, CYCLE, COSINE)
