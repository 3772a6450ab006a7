"""The loss and its error: the mean over the batch, the labels, the margins."""

from chainrule.gradcheck.catalogue.bug import Bug

MISSING_BATCH_MEAN = Bug(
    name="missing-batch-mean",
    what="",
    why="",
    wrong="",
    right="",
    repair="divide by the number of samples N, once, where the error of the scores is formed",
)

DOUBLE_BATCH_MEAN = Bug(
    name="double-batch-mean",
    what="",
    why="",
    wrong="",
    right="",
    repair="divide by the number of samples once, not twice",
)

HARD_WIRED_BATCH_SIZE = Bug(
    name="hard-wired-batch-size",
    what="",
    why="",
    wrong="",
    right="",
    repair="divide by the number of samples in the batch at hand, not by a constant",
)

WRONG_SIGN = Bug(
    name="wrong-sign",
    what="",
    why="",
    wrong="",
    right="",
    repair="turn the sign: for softmax with cross-entropy the error of the scores is P - Y",
)

MISSING_ONE_HOT = Bug(
    name="missing-one-hot",
    what="",
    why="",
    wrong="",
    right="",
    repair="subtract the one-hot labels: the error of the scores is P - Y, not P",
)

LABEL_AS_INDEX = Bug(
    name="label-as-index",
    what="",
    why="",
    wrong="",
    right="",
    repair="index samples and labels together: P[np.arange(N), y], not P[y]",
)

HINGE_CORRECT_CLASS = Bug(
    name="hinge-correct-class",
    what="",
    why="",
    wrong="",
    right="",
    repair="the correct class gets minus the number of violated margins, and no margin of its own",
)

HINGE_ON_PROBABILITIES = Bug(
    name="hinge-on-probabilities",
    what="",
    why="",
    wrong="",
    right="",
    repair="compute the hinge loss on the scores, not on softmax probabilities",
)

SCORES_CLIPPED = Bug(
    name="scores-clipped",
    what="",
    why="",
    wrong="",
    right="",
    repair="do not clip the scores of the last layer: ReLU belongs between layers only",
)

WRONG_LOG_BASE = Bug(
    name="wrong-log-base",
    what="",
    why="",
    wrong="",
    right="",
    repair="use the natural logarithm, np.log",
)
