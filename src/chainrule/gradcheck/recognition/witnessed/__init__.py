"""The last resort: functions called as the file itself calls them, where nobody can guess how.

- ``rows``: every gradient that the file calls, with its cost; the place to start.
- ``recording``: the rest of a file is run, and its functions are watched until they have been called.
- ``witnessed_call``: what is known where one of them is called, and the same with other parameters.
- ``copying``: what can be kept of it.
- ``returned_gradients``: whose gradients come back.
- ``own_step``: which parameters the file itself takes a step with them.
- ``pairs``: which cost belongs to a gradient, and how both are called.
- ``fitting``: whether they can be held against each other.
"""
