"""Batch norm and the way back through it."""

from chainrule.gradcheck.catalogue.bug import Bug

BATCHNORM_MEAN_CONSTANT = Bug(
    name="batchnorm-mean-constant",
    what="the mean is held constant on the way back",
    why=(
        "The mean depends on every sample, so each score acts on the whole batch through it. Without that term all "
        "gradients below batch norm are wrong. It shows in the bias in front: subtracting the mean takes the bias "
        "away, so its gradient must be 0, and here it is not."
    ),
    wrong="G = G - s_hat * np.mean(G * s_hat, axis=0)",
    right="G = G - np.mean(G, axis=0) - s_hat * np.mean(G * s_hat, axis=0)",
    repair="the mean depends on every sample: take its derivative too",
)

BATCHNORM_VARIANCE_CONSTANT = Bug(
    name="batchnorm-variance-constant",
    what="the variance is held constant on the way back",
    why=(
        "The variance depends on every sample, so each score acts on the whole batch through it. Without that term "
        "the gradients of the weights below batch norm are wrong, while the bias in front still has its right "
        "gradient, 0."
    ),
    wrong="G = G - np.mean(G, axis=0)",
    right="G = G - np.mean(G, axis=0) - s_hat * np.mean(G * s_hat, axis=0)",
    repair="the variance depends on every sample: take its derivative too",
)

BATCHNORM_STATISTICS_CONSTANT = Bug(
    name="batchnorm-statistics-constant",
    what="mean and variance are both held constant",
    why=(
        "Batch norm is taken for a fixed scale and shift, which it is only in evaluation mode. In training mode "
        "mean and variance depend on every sample, and both terms are missing. All gradients below are wrong, and "
        "the bias in front has one, where 0 is right."
    ),
    wrong="G = G * gamma / sigma",
    right="G = G * gamma / sigma\nG = G - np.mean(G, axis=0) - s_hat * np.mean(G * s_hat, axis=0)",
    repair="mean and variance depend on every sample: take their derivatives too",
)

BATCHNORM_NOT_AVERAGED = Bug(
    name="batchnorm-not-averaged",
    what="a term of the derivative is a sum, not a mean",
    why=(
        "The derivative of batch norm has three terms: the error, minus its mean, minus the normalised scores times a "
        "mean. Where one of the means is a sum, its term is N times too large. In the form with `1 / N` in front the "
        "first term needs a factor of N, which gets lost as easily. All gradients below are wrong."
    ),
    wrong="G = G - np.mean(G, axis=0) - s_hat * np.sum(G * s_hat, axis=0)",
    right="G = G - np.mean(G, axis=0) - s_hat * np.mean(G * s_hat, axis=0)",
    repair="divide the sums of the mean's and the variance's terms by N, and nothing else",
)

BATCHNORM_RUNNING_STATISTICS = Bug(
    name="batchnorm-running-statistics",
    what="the way back uses the moving averages",
    why=(
        "In training mode the way forward normalises with mean and variance of the batch, and its derivative is made "
        "of those. Moving averages are for evaluation. They come close to the batch's values after long training, so "
        "that the gradient is nearly right then; at the start they are far off."
    ),
    wrong="G = G * gamma / np.sqrt(running_variance + 1e-5)",
    right="G = G * gamma / sigma",
    repair="use the batch's own mean and variance on the way back, as on the way forward",
)

BATCHNORM_DDOF = Bug(
    name="batchnorm-ddof",
    what="the variance is taken with N - 1 on one side",
    why=(
        "`np.var` divides by N, with `ddof=1` by N - 1, as other libraries do by default; the usual derivative "
        "belongs to N. Here cost and gradient normalise with N - 1, and the way back is the usual one: its variance "
        "term is off by 1 part in N, so that large batches hide it. With a single sample N - 1 is a division by 0."
    ),
    wrong="variance = np.var(s, axis=0, ddof=1)",
    right="variance = np.var(s, axis=0)",
    repair="use the same variance in cost and gradient: with 1/N, np.var without ddof",
)

BATCHNORM_GAMMA_MISSING = Bug(
    name="batchnorm-gamma-missing",
    what="gamma is left out on the way back",
    why=(
        "Batch norm gives `gamma * s_hat + beta`, so the error of the normalised scores is gamma times that of the "
        "output. Without it the gradient of the weights in front is, but for the penalty's part, 1 / gamma of the "
        "right one, unit by unit; what lies further below is wrong too. With gamma = 1, where most training starts, "
        "it cannot be seen."
    ),
    wrong="G = G / sigma",
    right="G = G * gamma / sigma",
    repair="multiply the error by gamma on its way back through batch norm",
)

BATCHNORM_UNNORMALISED_INPUT = Bug(
    name="batchnorm-unnormalised-input",
    what="the scores on the way back are not normalised",
    why=(
        "Gamma multiplies the normalised scores, so these make its gradient. With the plain scores it becomes sigma "
        "times the right one plus the mean times beta's, and only gamma is wrong. The same slip in the derivative "
        "by the scores makes all gradients below wrong."
    ),
    wrong="grad_gamma = np.sum(G * s, axis=0)",
    right="grad_gamma = np.sum(G * s_hat, axis=0)",
    repair="gamma multiplies the normalised scores: its gradient is sum(G * s_hat)",
)

BATCHNORM_WRONG_AXIS = Bug(
    name="batchnorm-wrong-axis",
    what="mean and variance run over the wrong axis",
    why=(
        "With samples as rows, mean and variance run down the columns: one of each for every unit. Here they run "
        "over the units, so that every sample is normalised by itself, which is layer norm, a different net; the "
        "way back of batch norm does not fit it. Broadcasting hides it, as the shapes fit."
    ),
    wrong="mean = np.mean(s, axis=1, keepdims=True)\nvariance = np.var(s, axis=1, keepdims=True)",
    right="mean = np.mean(s, axis=0)\nvariance = np.var(s, axis=0)",
    repair="mean, variance and their gradients run over the samples, for each unit by itself",
)

BATCHNORM_BIAS_FOR_BETA = Bug(
    name="batchnorm-bias-for-beta",
    what="batch norm adds the bias where beta belongs",
    why=(
        "Both have one entry a unit, and code from before batch norm had the bias there. Now the cost depends on "
        "the bias and not on beta: beta's numeric gradient is 0, and the bias in front, which batch norm should "
        "take away, has one. With beta and bias both 0, where most training starts, the cost is the right one."
    ),
    wrong="h = np.maximum(gamma * s_hat + b1, 0)",
    right="h = np.maximum(gamma * s_hat + beta, 0)",
    repair="batch norm adds beta: gamma * s_hat + beta",
)
