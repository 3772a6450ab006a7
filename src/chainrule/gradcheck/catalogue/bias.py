"""The gradient of a bias: the sum of the error over the samples."""

from chainrule.gradcheck.catalogue.bug import Bug

BIAS_MEAN_NOT_SUM = Bug(
    name="bias-mean-not-sum",
    what="the bias's gradient is a mean, not a sum",
    why=(
        "A bias is added to the scores of every sample, so its gradient is the sum of the error over the samples. "
        "The error already holds the 1 / N of the cost's mean, and `np.mean` divides by N again. The weights are "
        "right, the bias has 1 / N of the numeric gradient; gamma and beta of batch norm can be wrong in the same "
        "way. With a single sample it cannot be seen."
    ),
    wrong="grad_b2 = np.mean(G, axis=0)",
    right="grad_b2 = np.sum(G, axis=0)",
    repair="sum the error over the samples: the division by N has been made already",
)

BIAS_SUMMED_OVER_ALL = Bug(
    name="bias-summed-over-all",
    what="the bias's gradient is one sum over all units",
    why=(
        "Without `axis` the sum is a single number, and broadcasting gives it to every unit in the update, without "
        "a complaint. Each entry is then the sum of all entries of the right gradient. In the last layer it is 0, "
        "for softmax and hinge alike, as the errors of a sample's classes sum to 0."
    ),
    wrong="grad_b1 = np.sum(G)",
    right="grad_b1 = np.sum(G, axis=0)",
    repair="sum over the samples only, so that each unit keeps its own entry",
)

BIAS_BROADCAST = Bug(
    name="bias-broadcast",
    what="the bias's gradient has a row for every sample",
    why=(
        "The sum over the samples was forgotten, or the bias was broadcast to the whole batch before. The update "
        "does not complain: broadcasting turns the bias into an array with a row for every sample, so that each "
        "sample is trained with a bias of its own. The shape gives it away."
    ),
    wrong="grad_b1 = G",
    right="grad_b1 = np.sum(G, axis=0)",
    repair="keep the bias as one entry a unit: sum its gradient over the samples, and mind broadcasting",
)

BIAS_RECIPROCAL = Bug(
    name="bias-reciprocal",
    what="the sum of the error stands in the denominator",
    why=(
        "A factor of 1 / N times the sum was written with the sum inside the parentheses, so that one divides by "
        "it. Each entry is a constant over the right one: small gradients become large, and a sum of 0 infinite. "
        "The sign stays right, so that training may seem to work."
    ),
    wrong="grad_b2 = 1 / (N * np.sum(G, axis=0))",
    right="grad_b2 = np.sum(G, axis=0)",
    repair="the sum belongs in the numerator: sum(G) / N, not 1 / (N * sum(G))",
)

BIAS_DROPPED = Bug(
    name="bias-dropped",
    what="a bias is left out of the scores",
    why=(
        "The way forward is run again inside the gradient, and there the bias was forgotten: all that comes after is "
        "the gradient of another net, at other scores. In front of ReLU it moves the mask as well. With biases of 0, "
        "where most training starts, it cannot be seen. A cost that leaves the bias out has a numeric gradient of 0 "
        "for it."
    ),
    wrong="h = np.tanh(X @ W1)",
    right="h = np.tanh(X @ W1 + b1)",
    repair="add the bias wherever the scores are computed: the gradient needs the same net as the cost",
)
