"""The gradients of our own nets, every entry of every parameter, beside numeric ones and what the reports published.

- ``nets``: which nets of a recipe are checked, with which l2, and what is published of each.
- ``start``: where they are checked: initial parameters, moved, and a minibatch.
- ``probe``: the cost of a net with any single entry of its parameters changed.
- ``entrywise``: numeric slopes of every entry by itself, how far a gradient lies from them, and what it is worth.
- ``rows``: all of it together: every comparison, as records.
- ``course``: the errors that a report tells it met on the way, run again.
"""

from chainrule.selfcheck.course import checked_course, course_costs
from chainrule.selfcheck.nets import checked_nets
from chainrule.selfcheck.rows import costs, gradient_differences
from chainrule.selfcheck.start import starts

__all__ = ["checked_course", "checked_nets", "costs", "course_costs", "gradient_differences", "starts"]
