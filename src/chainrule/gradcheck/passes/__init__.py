"""The forward and the backward pass of a layer that are given from Python, as they are called.

- ``calls``: on copies of all that they are given.
- ``backward``: what each argument of the backward pass gets.
- ``draws``: what they draw at random, the same in every call.
- ``parameters``: which arrays they have, and where the gradient of each is left.
- ``gradients``: which of what the backward pass gives is whose.
"""
