"""The gradients of our own nets, every entry of every parameter, beside numeric ones and what the reports published.

- :mod:`chainrule.selfcheck.nets`: which nets of a recipe are checked, with which l2, and what is published of each.
- :mod:`chainrule.selfcheck.start`: where they are checked: initial parameters, moved, and a minibatch.
- :mod:`chainrule.selfcheck.probe`: the cost of a net with any single entry of its parameters changed.
- :mod:`chainrule.selfcheck.entrywise`: numeric slopes of every entry by itself, how far a gradient lies from them, and
  what it is worth.
- :mod:`chainrule.selfcheck.rows`: all of it together: every comparison, as records.
- :mod:`chainrule.selfcheck.course`: the errors that a report tells it met on the way, run again.
"""

from chainrule.selfcheck.course import checked_course
from chainrule.selfcheck.nets import checked_nets
from chainrule.selfcheck.rows import gradient_differences
from chainrule.selfcheck.start import starts

__all__ = ["checked_course", "checked_nets", "gradient_differences", "starts"]
