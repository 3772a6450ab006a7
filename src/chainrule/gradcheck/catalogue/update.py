"""The update step."""

from chainrule.gradcheck.catalogue.bug import Bug

LAYER_NOT_UPDATED = Bug(
    name="layer-not-updated",
    what="the update leaves a parameter as it was",
    why=(
        "The parameter was left out, the loop ends a layer too early, or the new value is not kept. The gradient is "
        "right, so no check of it can tell. Training still works, as the other parameters adapt, but mostly ends "
        "with a higher cost."
    ),
    wrong='for name in ("W1", "W2"):',
    right='for name in ("W1", "b1", "W2", "b2"):',
    repair="update every parameter",
)

GAMMA_BETA_SWAPPED_IN_UPDATE = Bug(
    name="gamma-beta-swapped-in-update",
    what="gamma and beta move by each other's gradient",
    why=(
        "Gamma and beta always have the same shape, so nothing complains. The gradient is right, so no check of it "
        "can tell. Training still works, as the weights adapt, but gamma and beta move in wrong directions."
    ),
    wrong="gamma = gamma - rate * grad_beta\nbeta = beta - rate * grad_gamma",
    right="gamma = gamma - rate * grad_gamma\nbeta = beta - rate * grad_beta",
    repair="update gamma with gamma's gradient and beta with beta's",
)
