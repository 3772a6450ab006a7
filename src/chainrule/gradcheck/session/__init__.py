"""What is defined in a notebook, a script or a session, checked where it is: ``chainrule.check()``.

- ``functions``: a cost and a gradient that are handed over: ``check_gradient``.
- ``checking``: every gradient of a namespace.
- ``gradients``: these as a program that can be asked about each.
- ``sources``: the source of what is defined.
- ``cells``: a notebook's cells.
- ``magic``: ``%%check_gradient``.

It is the user's own code, in the user's own process: nothing is copied or confined.
"""
