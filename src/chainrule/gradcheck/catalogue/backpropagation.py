"""The way back through affine layers and ReLU."""

from chainrule.gradcheck.catalogue.bug import Bug

TRANSPOSED = Bug(
    name="transposed",
    what="",
    why="",
    wrong="",
    right="",
    repair="transpose the gradient: it must have the weights' orientation",
)

RESHAPED = Bug(
    name="reshaped",
    what="",
    why="",
    wrong="",
    right="",
    repair="use a transposition, or the same order in both, instead of a reshape that mixes up entries",
)

SWAPPED = Bug(
    name="swapped",
    what="",
    why="",
    wrong="",
    right="",
    repair="return or assign each gradient to its own parameter",
)

WRONG_LAYER_INPUT = Bug(
    name="wrong-layer-input",
    what="",
    why="",
    wrong="",
    right="",
    repair="the gradient of W is the error times the input of this very layer",
)

LOST_UPSTREAM = Bug(
    name="lost-upstream",
    what="",
    why="",
    wrong="",
    right="",
    repair="carry the error from the layer above: multiply by its weights, G @ W",
)

RELU_MASK_MISSING = Bug(
    name="relu-mask-missing",
    what="",
    why="",
    wrong="",
    right="",
    repair="multiply the error by the ReLU's derivative: G * (s > 0)",
)

RELU_MASK_WRONG = Bug(
    name="relu-mask-wrong",
    what="",
    why="",
    wrong="",
    right="",
    repair="the ReLU's derivative is 1 where its own input is positive, 0 elsewhere",
)

WEIGHTS_NOT_TRANSPOSED = Bug(
    name="weights-not-transposed",
    what="",
    why="",
    wrong="",
    right="",
    repair="the error goes back through the transposed weights",
)

STALE_WEIGHTS = Bug(
    name="stale-weights",
    what="",
    why="",
    wrong="",
    right="",
    repair="compute all gradients with the same weights, and update them afterwards",
)
