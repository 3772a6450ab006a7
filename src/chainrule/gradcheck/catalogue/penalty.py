"""The penalty on the weights and its gradient."""

from chainrule.gradcheck.catalogue.bug import Bug

REGULARISER_MISSING = Bug(
    name="regulariser-missing",
    what="the penalty's gradient is missing",
    why=(
        "The cost adds `l2 * np.sum(W2**2)`, and its derivative was forgotten; or the gradient adds it and the cost "
        "has no penalty. Gradient and numeric gradient differ by `2 * l2 * W2`, a multiple of the weights "
        "themselves; the biases are right. With l2 = 0 it cannot be seen."
    ),
    wrong="grad_W2 = h.T @ G",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="add the gradient of the penalty: 2 * l2 * W where the cost has l2 * sum(W**2)",
)

REGULARISER_HALF = Bug(
    name="regulariser-half",
    what="half of the penalty's gradient is missing",
    why=(
        "Some texts write the penalty with l2, with derivative `2 * l2 * W`, others with l2 / 2, with derivative "
        "`l2 * W`. Here the cost follows the first and the gradient the second: `l2 * W2` is missing. Training only "
        "behaves as if l2 were half as large, so nothing else gives it away. With l2 = 0 it cannot be seen."
    ),
    wrong="grad_W2 = h.T @ G + l2 * W2",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="the derivative of l2 * sum(W**2) is 2 * l2 * W: do not forget the 2 (or halve the cost's)",
)

REGULARISER_DOUBLE = Bug(
    name="regulariser-double",
    what="the penalty's gradient is twice the right one",
    why=(
        "The cost has half of l2 before the squares, so that the 2 of the derivative cancels, but the gradient "
        "still has that 2; or the penalty's gradient is added in two places. The gradient is too large by the "
        "penalty's right gradient, a multiple of the weights. With l2 = 0 it cannot be seen."
    ),
    wrong="grad_W = X.T @ G + 2 * l2 * W  # the cost has 0.5 * l2 * np.sum(W**2)",
    right="grad_W = X.T @ G + l2 * W  # the cost has 0.5 * l2 * np.sum(W**2)",
    repair="the penalty's gradient is twice what the cost asks for: halve it (or double the cost's)",
)

REGULARISER_SCALED = Bug(
    name="regulariser-scaled",
    what="the penalty's gradient has a factor too many",
    why=(
        "Mostly the factor is 1 / N: the penalty's gradient was added before everything was divided by the number "
        "of samples, while the cost adds the penalty to the mean; or the cost adds it inside the loop over the "
        "samples, once for each. How strong the penalty is then depends on the batch size. With l2 = 0 it cannot be "
        "seen, nor a factor of 1 / N with a single sample."
    ),
    wrong="grad_W2 = h.T @ G + 2 * l2 * W2 / N",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="use the same factor in cost and gradient, whichever is meant; a penalty is not averaged over samples",
)

REGULARISER_SIGN = Bug(
    name="regulariser-sign",
    what="the penalty's gradient is subtracted",
    why=(
        "The minus of the update step, or of the loss, was carried over to the penalty. The gradient is off by `-4 "
        "* l2 * W2`, and gradient descent with it makes the weights grow where the cost wants them small. With l2 = "
        "0 it cannot be seen."
    ),
    wrong="grad_W2 = h.T @ G - 2 * l2 * W2",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="add the penalty's gradient, do not subtract it",
)

REGULARISER_ON_GRADIENT = Bug(
    name="regulariser-on-gradient",
    what="the penalty multiplies gradients, not weights",
    why=(
        "The names are alike, and `grad_W1` was typed for `W1`. The data's part of the gradient is then multiplied "
        "by 1 + 2 * l2, and nothing pulls the weights to 0. With l2 = 0 it cannot be seen."
    ),
    wrong="grad_W1 += 2 * l2 * grad_W1",
    right="grad_W1 += 2 * l2 * W1",
    repair="the penalty's gradient is 2 * l2 * W: multiply the weights, not their gradient",
)

REGULARISER_SUMMED = Bug(
    name="regulariser-summed",
    what="the penalty's gradient sums all the weights",
    why=(
        "The sum of the penalty stayed when it was differentiated: `np.sum(W2)` is a single number, and broadcasting "
        "adds it to every entry, without a complaint. The derivative by one weight holds that weight alone. With l2 = "
        "0 it cannot be seen."
    ),
    wrong="grad_W2 = h.T @ G + 2 * l2 * np.sum(W2)",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="the derivative of l2 * sum(W**2) is 2 * l2 * W, entry by entry, without a sum",
)

BIAS_REGULARISED = Bug(
    name="bias-regularised",
    what="the bias is penalised in cost or gradient only",
    why=(
        "The gradient adds a penalty for the biases, as for the weights, and the cost has none; or the cost "
        "penalises all parameters, and the gradient only the weights. The difference is a multiple of the bias "
        "itself: with biases of 0, where most training starts, it cannot be seen, nor with l2 = 0. Batch norm's "
        "gamma and beta are penalised by mistake in the same way."
    ),
    wrong="grad_b2 = np.sum(G, axis=0) + 2 * l2 * b2",
    right="grad_b2 = np.sum(G, axis=0)",
    repair="penalise the same parameters in cost and gradient; biases are usually left out",
)

PENALTY_NOT_SQUARED = Bug(
    name="penalty-not-squared",
    what="the cost penalises weights that are not squared",
    why=(
        "The square was forgotten, often for one of several layers only. The derivative of `l2 * np.sum(W2)` is l2 "
        "in every entry, where the gradient has `2 * l2 * W2`; and as weights may be negative, such a penalty may "
        "be negative too. A norm without its square is the same bug. With l2 = 0 it cannot be seen."
    ),
    wrong="penalty = l2 * (np.sum(W1**2) + np.sum(W2))",
    right="penalty = l2 * (np.sum(W1**2) + np.sum(W2**2))",
    repair="the penalty is the sum of the squared weights: np.sum(W**2)",
)
