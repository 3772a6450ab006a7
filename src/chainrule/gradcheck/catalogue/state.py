"""What a function keeps, changes or draws that it should not."""

from chainrule.gradcheck.catalogue.bug import Bug

PARAMETERS_MUTATED = Bug(
    name="parameters-mutated",
    what="the function changes the parameters it is given",
    why=(
        "A function gets its arrays themselves, not copies: `W1 -= ...` writes into the caller's array, whereas `W1 "
        "= W1 - ...` makes a new one. The gradient may be right, but the next call starts from other parameters, "
        "and a numeric check compares two different points."
    ),
    wrong='W1 -= 0.1 * grad_W1\nreturn {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}',
    right='return {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}',
    repair="work on copies: the function changes the parameters that it is given",
)

COST_NOT_DETERMINISTIC = Bug(
    name="cost-not-deterministic",
    what="the cost differs from call to call",
    why=(
        "Dropout, noise or a random batch is drawn at every call, or a running average moves with it. A numeric "
        "gradient divides the difference of two costs by a tiny step, and so consists of nothing but that noise. "
        "Nothing can be said of the gradient before the cost repeats."
    ),
    wrong="h = np.maximum(s, 0) * (np.random.rand(*s.shape) < 0.8)",
    right="h = np.maximum(s, 0)",
    repair="make the cost a function of its arguments: no dropout, no moving averages, a fixed seed",
)

COST_MODE_MISMATCH = Bug(
    name="cost-mode-mismatch",
    what="cost and gradient run batch norm in two modes",
    why=(
        "In training batch norm uses the mean and variance of the batch, in evaluation those that were averaged "
        "before. Each side is right for itself, but they are two functions. It can be told from the cost: in "
        "evaluation the cost of a batch is the mean of its samples' costs taken one by one, in training it is not."
    ),
    wrong="P = forward(W1, b1, gamma, beta, W2, b2, X, training=False)[-1]",
    right="P = forward(W1, b1, gamma, beta, W2, b2, X, training=True)[-1]",
    repair="compute cost and gradient in the same mode: batch statistics in both",
)

COST_CONSTANT = Bug(
    name="cost-constant",
    what="the cost does not change with the parameters",
    why=(
        "The cost is kept from an earlier call, or computed from probabilities that were made with other "
        "parameters, or rounded so far that a small step makes no difference. The numeric gradient is 0, or that of "
        "the penalty alone, and a right gradient looks wrong beside it."
    ),
    wrong='cost.kept = getattr(cost, "kept", loss + penalty)\nreturn cost.kept',
    right="return loss + penalty",
    repair="the cost does not depend on the parameters it is given: compute it from them at each call",
)
