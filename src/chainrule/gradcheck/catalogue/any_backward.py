"""A value on the way back of any layer, against the true one"""

from chainrule.gradcheck.catalogue.bug import Bug

WRONG_FACTOR = Bug(
    name="wrong-factor",
    what="a value has another factor than it should",
    why=(
        "The value is the true one times a number. The number often says what it is: a size of the arrays, where "
        "something is divided by a count once too often or not at all, its square root, as attention divides by the "
        "root of the width, 2 or 1/2 from a square, 1 - p from dropout. Here the scores are divided by the root of "
        "their width on the way forward alone."
    ),
    wrong="dq = dscores @ k",
    right="dq = dscores @ k / np.sqrt(d)",
    repair="every factor of the way forward belongs on the way back, once",
)

MEAN_FOR_SUM = Bug(
    name="mean-for-sum",
    what="a mean where a sum belongs, or the reverse",
    why=(
        "A value that is used several times gets the sum of what comes back from its uses; a mean on the way forward "
        "hands the count back as a divisor. Where the two are taken for each other the value is wrong by the number of "
        "its entries along an axis."
    ),
    wrong="dc = dv.mean(axis=(0, 1))",
    right="dc = dv.sum(axis=(0, 1))",
    repair="sum over what the value was spread over; divide by a count only where the way forward does",
)

WRONG_AXIS = Bug(
    name="wrong-axis",
    what="a sum or product runs over another axis",
    why=(
        "The way back sums over the axes along which the value was spread on the way forward, and over no others. "
        "With as many rows as columns the shapes do not give it away; elsewhere broadcasting may hide it. Here softmax "
        "is taken over each row, and the sum on the way back over each column."
    ),
    wrong="dscores = P * (dP - (dP * P).sum(axis=1, keepdims=True))",
    right="dscores = P * (dP - (dP * P).sum(axis=-1, keepdims=True))",
    repair="use the axis of the way forward",
)

MASK_MISSING = Bug(
    name="mask-missing",
    what="what a mask cuts off gets a gradient",
    why=(
        "What was cut off on the way forward has no part in the cost, and so no gradient: units that dropout leaves "
        "out, entries that are not the largest of their window, positions that a causal mask or padding hides. The "
        "value is right but for these entries, which should be 0."
    ),
    wrong="drelu = da / keep",
    right="drelu = da * mask / keep",
    repair="multiply by the mask of the way forward",
)

MASK_WRONG = Bug(
    name="mask-wrong",
    what="the mask is not that of the way forward",
    why=(
        "Some entries get a gradient that should be 0, or none where they should have one; the others are right. The "
        "mask is made of another value, or drawn again, or the comparison runs the other way."
    ),
    wrong="dmixed = drelu * (drelu > 0)",
    right="dmixed = drelu * (mixed > 0)",
    repair="keep the mask of the way forward, and multiply by that",
)

DERIVATIVE_MISSING = Bug(
    name="derivative-missing",
    what="the derivative of one step is left out",
    why=(
        "The value is the derivative by what a step gives, and should be the one by what goes into it: the factor of "
        "that step is missing. Here the error goes back behind tanh, and is used in front of it."
    ),
    wrong="dz = dh",
    right="dz = dh * (1 - h[t] ** 2)",
    repair="multiply by the derivative of that step",
)

DERIVATIVE_WRONG = Bug(
    name="derivative-wrong",
    what="the derivative is not that of the step",
    why=(
        "What comes into the step is right and what goes out of it is not, entry by entry: the factor between them is "
        "not the slope of the function that was applied. Often it is the slope of another one, or the right one taken "
        "of the output instead of the input. Here the derivative of the sigmoid stands behind tanh."
    ),
    wrong="dz = dh * h[t] * (1 - h[t])",
    right="dz = dh * (1 - h[t] ** 2)",
    repair="use the derivative of the function of the way forward, at the value that it was given",
)

PATH_LEFT_OUT = Bug(
    name="path-left-out",
    what="one of a value's ways to the cost is left out",
    why=(
        "A value that is used in several places gets a part of its gradient from each of them. Exactly the part of one "
        "is missing: of the mean or the variance in a norm, of the recurrent state, of the branch beside a residual "
        "one, of the other entries of a softmax. Here the state reaches the cost by the next step as well."
    ),
    wrong="dh = dout[t]",
    right="dh = dout[t] + dh_next",
    repair="add what comes back by the place that is named",
)

PATH_COUNTED_TWICE = Bug(
    name="path-counted-twice",
    what="what comes back on one way is added twice",
    why=(
        "A value gets a part of its gradient from each place where it is used. The part of one place is in the sum "
        "twice: because it was added where it is formed and again at the end, or because a gradient that is kept from "
        "call to call is not set to 0."
    ),
    wrong="dv = P.transpose(0, 2, 1) @ dmixed + dy * (1 - g) + dy * (1 - g)",
    right="dv = P.transpose(0, 2, 1) @ dmixed + dy * (1 - g)",
    repair="add what comes back on each way once",
)

OVERWRITTEN_NOT_ACCUMULATED = Bug(
    name="overwritten-not-accumulated",
    what="each turn overwrites the one before",
    why=(
        "What is used in every turn of a loop, as the weights of a recurrent net are or a pixel in several windows, "
        "gets the sum of what comes back from all of them. With `=` in the place of `+=` only the last turn is left."
    ),
    wrong="dWh = h[t - 1].T @ dz",
    right="dWh += h[t - 1].T @ dz",
    repair="start from 0, and add with +=",
)

DUPLICATE_INDICES_LOST = Bug(
    name="duplicate-indices-lost",
    what="rows picked more than once count once",
    why=(
        "`dW[index] += d` reads, adds and writes once for each row, however often it stands in the index: of the "
        "same word at two places only the last counts. Without a word that comes twice it cannot be seen."
    ),
    wrong="dE[words[t]] += dx",
    right="np.add.at(dE, words[t], dx)",
    repair="use np.add.at(dW, index, d), which adds for every index",
)

VALUES_SWAPPED = Bug(
    name="values-swapped",
    what="the value of another quantity stands there",
    why=(
        "The value is a true derivative, but by something else than what it is used for: two gates, two branches or "
        "two factors have been mixed up. Here `g` of `a` and `1 - g` of `v` are added on the way forward, and the "
        "error of `a` gets the factor of `v`."
    ),
    wrong="da = dy * (1 - g)",
    right="da = dy * g",
    repair="use the value of the quantity itself; the line says whose it is now",
)

WRONG_VALUE = Bug(
    name="wrong-value",
    what="a factor is another value of the way forward",
    why=(
        "The derivative of a product by one factor is the other one, as it was on the way forward. Here stands another "
        "value: before the norm instead of behind it, of the next step instead of the one before, the scores instead "
        "of the probabilities."
    ),
    wrong="dgamma = (dout * a).sum(axis=(0, 1))",
    right="dgamma = (dout * y_hat).sum(axis=(0, 1))",
    repair="use the value that was the other factor on the way forward",
)

SHIFTED_BY_ONE = Bug(
    name="shifted-by-one",
    what="rows, steps or windows are shifted by one",
    why=(
        "Every value is right and stands one place too early or too late. The loop starts or ends one off, or reads "
        "the state behind a step where the one in front of it belongs."
    ),
    wrong="dWh += h[t].T @ dz",
    right="dWh += h[t - 1].T @ dz",
    repair="use the index of the way forward",
)

WRONG_INDEX = Bug(
    name="wrong-index",
    what="entries come from, or go to, another place",
    why=(
        "Every value is right and goes where another belongs, or comes from there: the first entry is cut off where "
        "the last should be, a kernel is turned around once too often, rows stand for columns. Here the last row of "
        "the states holds what the first step begins with, and is no state of a step."
    ),
    wrong='dV = np.einsum("tnh,tnk->hk", h[1:], dy)',
    right='dV = np.einsum("tnh,tnk->hk", h[:-1], dy)',
    repair="use the places of the way forward",
)

UNDEFINED_NAME = Bug(
    name="undefined-name",
    what="a name is read that nothing gives a value",
    why=(
        "The function ends with a NameError wherever it is called, and gives no gradient. What it needs is called "
        "otherwise, was never taken out of the cache, or is an argument that the function does not have. Here the mask "
        "of ReLU goes by a name that nothing has."
    ),
    wrong="dmixed = drelu * active",
    right="dmixed = drelu * (mixed > 0)",
    repair="give the name a value before this line: take it out of the cache, or hand it in",
)
