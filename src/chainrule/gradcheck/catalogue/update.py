"""The update step."""

from chainrule.gradcheck.catalogue.bug import Bug

LAYER_NOT_UPDATED = Bug(
    name="layer-not-updated",
    what="",
    why="",
    wrong="",
    right="",
    repair="update every parameter",
)

GAMMA_BETA_SWAPPED_IN_UPDATE = Bug(
    name="gamma-beta-swapped-in-update",
    what="",
    why="",
    wrong="",
    right="",
    repair="update gamma with gamma's gradient and beta with beta's",
)
