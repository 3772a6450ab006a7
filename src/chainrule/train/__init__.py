"""Training P nets of one seed together, on the same minibatches.

- ``population``: the loop: epoch by epoch, evaluated after each.
- ``sharing``: what its members have in common.
- ``engines/``: what takes the steps: the layers in NumPy, or compiled code for the same.
- ``optimizers/``: what gradients do to parameters.
- ``clipping``: gradients that are no longer than they may be.
- ``averaging``: means of weights, which are evaluated and kept in their place.
- ``schedules/``: the learning rate of every step.
- ``evaluate``: mean loss and accuracy of every member on a split.
- ``journal``: what is kept meanwhile: curves, best weights, the last finite state of who diverges.
- ``stopping``: who stops early, by what is watched.
- ``scoring``: how a member does by what scikit-learn measures.
- ``state``: a population between two epochs, for checkpoints to hold.
- ``weights``: one member's weights as a file.
"""
