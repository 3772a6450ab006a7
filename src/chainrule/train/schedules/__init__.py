"""Learning rates over the steps of a run; see :class:`chainrule.components.kinds.Schedule`.

- ``constant``: one rate.
- ``decay``: multiplied by a factor after every epoch.
- ``cycle``: up and down in straight lines.
- ``cosine``: down along half a wave.
- ``warmed``: one rate, after a warm-up.
- ``warm_up``: no schedule, but what all of those that have a table begin with, where settings say so.
- ``rates``: no schedule, but what asks one of them for the rate of every step of a run.
"""

from chainrule.train.schedules.constant import CONSTANT
from chainrule.train.schedules.cosine import COSINE
from chainrule.train.schedules.cycle import CYCLE
from chainrule.train.schedules.decay import DECAY
from chainrule.train.schedules.warmed import WARMED

COMPONENTS = (CONSTANT, DECAY, CYCLE, COSINE, WARMED)
