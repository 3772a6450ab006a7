"""The gradient of a bias: the sum of the error over the samples."""

from chainrule.gradcheck.catalogue.bug import Bug

BIAS_MEAN_NOT_SUM = Bug(
    name="bias-mean-not-sum",
    what="",
    why="",
    wrong="",
    right="",
    repair="sum the error over the samples: the division by N has been made already",
)

BIAS_SUMMED_OVER_ALL = Bug(
    name="bias-summed-over-all",
    what="",
    why="",
    wrong="",
    right="",
    repair="sum over the samples only, so that each unit keeps its own entry",
)

BIAS_BROADCAST = Bug(
    name="bias-broadcast",
    what="",
    why="",
    wrong="",
    right="",
    repair="keep the bias as one entry a unit: sum its gradient over the samples, and mind broadcasting",
)

BIAS_RECIPROCAL = Bug(
    name="bias-reciprocal",
    what="",
    why="",
    wrong="",
    right="",
    repair="the sum belongs in the numerator: sum(G) / N, not 1 / (N * sum(G))",
)
