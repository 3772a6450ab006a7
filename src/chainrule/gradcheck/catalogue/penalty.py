"""The penalty on the weights and its gradient."""

from chainrule.gradcheck.catalogue.bug import Bug

REGULARISER_MISSING = Bug(
    name="regulariser-missing",
    what="",
    why="",
    wrong="",
    right="",
    repair="add the gradient of the penalty: 2 * l2 * W where the cost has l2 * sum(W**2)",
)

REGULARISER_HALF = Bug(
    name="regulariser-half",
    what="",
    why="",
    wrong="",
    right="",
    repair="the derivative of l2 * sum(W**2) is 2 * l2 * W: do not forget the 2 (or halve the cost's)",
)

REGULARISER_DOUBLE = Bug(
    name="regulariser-double",
    what="",
    why="",
    wrong="",
    right="",
    repair="the penalty's gradient is twice what the cost asks for: halve it",
)

REGULARISER_SCALED = Bug(
    name="regulariser-scaled",
    what="",
    why="",
    wrong="",
    right="",
    repair="the penalty is not averaged over samples: use the same factor in cost and gradient",
)

REGULARISER_SIGN = Bug(
    name="regulariser-sign",
    what="",
    why="",
    wrong="",
    right="",
    repair="add the penalty's gradient, do not subtract it",
)

REGULARISER_ON_GRADIENT = Bug(
    name="regulariser-on-gradient",
    what="",
    why="",
    wrong="",
    right="",
    repair="the penalty's gradient is 2 * l2 * W: multiply the weights, not their gradient",
)

BIAS_REGULARISED = Bug(
    name="bias-regularised",
    what="",
    why="",
    wrong="",
    right="",
    repair="penalise the same parameters in cost and gradient; biases are usually left out",
)

PENALTY_NOT_SQUARED = Bug(
    name="penalty-not-squared",
    what="",
    why="",
    wrong="",
    right="",
    repair="the penalty is the sum of the squared weights: np.sum(W**2)",
)
