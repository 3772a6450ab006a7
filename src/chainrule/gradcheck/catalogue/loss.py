"""The loss and its error: the mean over the batch, the labels, the margins."""

from chainrule.gradcheck.catalogue.bug import Bug

MISSING_BATCH_MEAN = Bug(
    name="missing-batch-mean",
    what="the gradient is not divided by the batch size",
    why=(
        "The cost is a mean over the N samples, the gradient a sum over them. The part of the gradient that comes "
        "from the data is N times the numeric one, the penalty's part is right: only with l2 = 0 is the whole "
        "gradient N times too large. With a single sample it cannot be seen. A cost that is a sum, beside the "
        "gradient of a mean, is the same bug the other way round."
    ),
    wrong="G = P - Y",
    right="G = (P - Y) / N",
    repair="divide by the number of samples N, once, where the error of the scores is formed",
)

DOUBLE_BATCH_MEAN = Bug(
    name="double-batch-mean",
    what="the gradient is divided by the batch size twice",
    why=(
        "The error of the scores has been divided by N, and a later step divides again. The data's part of the "
        "gradient is 1 / N of the numeric one in every parameter behind the second division. With a single sample "
        "it cannot be seen. A division inside the loop over the samples is the same bug: what was summed so far is "
        "divided again at every sample."
    ),
    wrong="grad_W1 = X.T @ G / N",
    right="grad_W1 = X.T @ G",
    repair="divide by the number of samples once, not twice",
)

HARD_WIRED_BATCH_SIZE = Bug(
    name="hard-wired-batch-size",
    what="the gradient is divided by a fixed batch size",
    why=(
        "The batch size of one experiment was written into the code. The gradient is right for a batch of exactly "
        "that size, and off by N over the constant for every other, such as the smaller batch at the end of an "
        "epoch. It cannot be seen in a check with as many samples as the constant says."
    ),
    wrong="G = (P - Y) / 100",
    right="G = (P - Y) / N",
    repair="divide by the number of samples in the batch at hand, not by a constant",
)

WRONG_SIGN = Bug(
    name="wrong-sign",
    what="the sign of the loss's gradient is turned",
    why=(
        "The loss is minus a logarithm, and the minus got lost or was taken twice. The data's part of the gradient "
        "is minus the numeric one, while the penalty's part, which does not come from the scores, keeps its sign. "
        "Gradient descent with it raises the loss. A term of batch norm's derivative with a turned sign has the "
        "same name."
    ),
    wrong="G = (Y - P) / N",
    right="G = (P - Y) / N",
    repair="turn the sign: for softmax with cross-entropy the error of the scores is P - Y",
)

MISSING_ONE_HOT = Bug(
    name="missing-one-hot",
    what="the error of the scores leaves out the labels",
    why=(
        "For softmax with cross-entropy the derivative by the scores is P - Y. Made from P alone, the gradient does "
        "not depend on the labels at all. It shows in the bias of the last layer: gradient minus numeric gradient, "
        "times N, is the number of samples of each class."
    ),
    wrong="G = P / N",
    right="G = (P - Y) / N",
    repair="subtract the one-hot labels: the error of the scores is P - Y, not P",
)

LABEL_AS_INDEX = Bug(
    name="label-as-index",
    what="samples are picked by their labels",
    why=(
        "`G[y]` is not the entry of the correct class of every sample: it is the rows whose numbers occur among the "
        "labels, with all their columns. So at most the first K samples are changed, in every class, and from all "
        "others no label is subtracted. With fewer samples than classes it may end in an IndexError."
    ),
    wrong="G[y] -= 1",
    right="G[np.arange(N), y] -= 1",
    repair="index samples and labels together: P[np.arange(N), y], not P[y]",
)

HINGE_CORRECT_CLASS = Bug(
    name="hinge-correct-class",
    what="the hinge's term of the correct class is wrong",
    why=(
        "The correct class's score stands with a minus in every margin of its sample, so its derivative is minus "
        "the number of violated margins. Often it gets -1, or nothing, or its own margin, which is always 1, is "
        "counted as violated. A cost that counts it is too large by 1, which no gradient shows: at scores of 0 such "
        "a cost is K, where K - 1 is right."
    ),
    wrong="G[np.arange(N), y] = -1 / N",
    right="G[np.arange(N), y] = -np.sum(G, axis=1)",
    repair="the correct class gets minus the number of violated margins, and no margin of its own",
)

HINGE_ON_PROBABILITIES = Bug(
    name="hinge-on-probabilities",
    what="the hinge loss is taken of probabilities",
    why=(
        "The softmax stayed when the cross-entropy was replaced by the hinge loss. Two probabilities differ by less "
        "than 1, so every margin is violated at every sample. The gradient of the hinge loss goes straight to the "
        "scores; it leaves out the softmax's derivative, and every parameter's gradient is wrong."
    ),
    wrong="scores = np.exp(X @ W + b)\nscores = scores / np.sum(scores, axis=1, keepdims=True)",
    right="scores = X @ W + b",
    repair="compute the hinge loss on the scores, not on softmax probabilities",
)

SCORES_CLIPPED = Bug(
    name="scores-clipped",
    what="the scores of the last layer go through ReLU",
    why=(
        "The loop over the layers applies ReLU to the last one as well. Negative scores become 0, and no class can "
        "be made less likely than that. P - Y is then the derivative by the clipped scores, and wrong wherever a "
        "score was negative; where all are positive it cannot be seen."
    ),
    wrong="scores = np.maximum(h @ W2 + b2, 0)",
    right="scores = h @ W2 + b2",
    repair="do not clip the scores of the last layer: ReLU belongs between layers only",
)

SOFTMAX_WRONG_AXIS = Bug(
    name="softmax-wrong-axis",
    what="softmax runs over the wrong axis",
    why=(
        "With samples as rows a sample's scores stand in a row, so softmax sums along axis 1, over the classes. Here "
        "it sums over the samples, or over everything: the probabilities of a sample do not sum to 1, and each "
        "depends on all samples. P - Y is not the derivative of that. Broadcasting hides it, as the shapes fit."
    ),
    wrong="P = np.exp(scores) / np.sum(np.exp(scores), axis=0, keepdims=True)",
    right="P = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)",
    repair="softmax runs over the classes: the probabilities of each sample must sum to 1",
)

EXTRA_SIGMOID_DERIVATIVE = Bug(
    name="extra-sigmoid-derivative",
    what="the error is multiplied by P (1 - P) once more",
    why=(
        "P - Y is the derivative of the cross-entropy by the scores already: the derivative of the outputs, `P * (1 - "
        "P)`, has cancelled. With a squared error it stays, and from there it was carried over. All gradients of the "
        "data's part are wrong, and too small, most of all where the net is sure of itself."
    ),
    wrong="G = (P - Y) * P * (1 - P) / N",
    right="G = (P - Y) / N",
    repair="with cross-entropy the error of the scores is P - Y, without the derivative of sigmoid or softmax",
)

WRONG_LOG_BASE = Bug(
    name="wrong-log-base",
    what="the cost's logarithm is not the natural one",
    why=(
        "P - Y is the derivative of the cross-entropy with the natural logarithm. To base 10 the loss is smaller by "
        "ln 10: the data's part of the gradient is 2.303 times the numeric one. To base 2 it is 0.693 times the "
        "numeric one. It shows in the value too: at scores of 0 the loss should be ln K."
    ),
    wrong="loss = -np.mean(np.log10(np.sum(Y * P, axis=1)))",
    right="loss = -np.mean(np.log(np.sum(Y * P, axis=1)))",
    repair="use the natural logarithm, np.log",
)
