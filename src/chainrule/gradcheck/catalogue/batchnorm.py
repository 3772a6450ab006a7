"""Batch norm and the way back through it."""

from chainrule.gradcheck.catalogue.bug import Bug

BATCHNORM_MEAN_CONSTANT = Bug(
    name="batchnorm-mean-constant",
    what="",
    why="",
    wrong="",
    right="",
    repair="the mean depends on every sample: take its derivative too",
)

BATCHNORM_VARIANCE_CONSTANT = Bug(
    name="batchnorm-variance-constant",
    what="",
    why="",
    wrong="",
    right="",
    repair="the variance depends on every sample: take its derivative too",
)

BATCHNORM_STATISTICS_CONSTANT = Bug(
    name="batchnorm-statistics-constant",
    what="",
    why="",
    wrong="",
    right="",
    repair="mean and variance depend on every sample: take their derivatives too",
)

BATCHNORM_DDOF = Bug(
    name="batchnorm-ddof",
    what="",
    why="",
    wrong="",
    right="",
    repair="use the same variance in cost and gradient: with 1/N, np.var without ddof",
)

BATCHNORM_GAMMA_MISSING = Bug(
    name="batchnorm-gamma-missing",
    what="",
    why="",
    wrong="",
    right="",
    repair="multiply the error by gamma on its way back through batch norm",
)

BATCHNORM_UNNORMALISED_INPUT = Bug(
    name="batchnorm-unnormalised-input",
    what="",
    why="",
    wrong="",
    right="",
    repair="gamma multiplies the normalised scores: its gradient is sum(G * s_hat)",
)

BATCHNORM_WRONG_AXIS = Bug(
    name="batchnorm-wrong-axis",
    what="",
    why="",
    wrong="",
    right="",
    repair="mean, variance and their gradients run over the samples, for each unit by itself",
)

BATCHNORM_BIAS_FOR_BETA = Bug(
    name="batchnorm-bias-for-beta",
    what="",
    why="",
    wrong="",
    right="",
    repair="batch norm adds beta: gamma * s_hat + beta",
)
