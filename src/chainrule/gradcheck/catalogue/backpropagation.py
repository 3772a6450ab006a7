"""The way back through affine layers and ReLU."""

from chainrule.gradcheck.catalogue.bug import Bug

TRANSPOSED = Bug(
    name="transposed",
    what="the gradient of the weights is transposed",
    why=(
        "The factors of the product stand in the wrong order. Where the weights are not square, the shape gives it "
        "away. Where they are, only the numbers do: but for the penalty's part, the entry in row i and column j is "
        "the numeric one in row j and column i."
    ),
    wrong="grad_W2 = G.T @ h + 2 * l2 * W2",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="transpose the gradient: it must have the weights' orientation",
)

RESHAPED = Bug(
    name="reshaped",
    what="a reshape has mixed up the gradient's entries",
    why=(
        "The product came out transposed and was brought into shape with `reshape`, which keeps the entries in "
        "reading order and does not move them to their places. The shape is right and so is every value, but most "
        "stand in a wrong place. In a matrix of one row or one column it cannot be seen."
    ),
    wrong="grad_W1 = (G.T @ X).reshape(W1.shape)",
    right="grad_W1 = X.T @ G",
    repair="use a transposition, or the same order in both, instead of a reshape that mixes up entries",
)

SWAPPED = Bug(
    name="swapped",
    what="parameters have each other's gradient",
    why=(
        "The gradients are returned or assigned in another order than the parameters. Where two have the same "
        "shape, nothing complains: each is the numeric gradient of the other. With different sizes for all layers "
        "the shapes give it away, but for gamma and beta, which always have the same."
    ),
    wrong='return {"W1": grad_W1, "b1": grad_b2, "W2": grad_W2, "b2": grad_b1}',
    right='return {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}',
    repair="return or assign each gradient to its own parameter",
)

WRONG_LAYER_INPUT = Bug(
    name="wrong-layer-input",
    what="the weights' gradient is made of a wrong input",
    why=(
        "The gradient of the weights is the layer's input times the error of its output. Often the scores in front "
        "of ReLU are taken, as here, or the layer's own output, or another layer's input. Only these weights are "
        "wrong: the bias of the same layer and all layers below do not need the input."
    ),
    wrong="grad_W2 = s.T @ G + 2 * l2 * W2",
    right="grad_W2 = h.T @ G + 2 * l2 * W2",
    repair="the gradient of W is the error times the input of this very layer",
)

LOST_UPSTREAM = Bug(
    name="lost-upstream",
    what="the error from the layer above gets lost",
    why=(
        "On its way down the error is multiplied by the weights of the layer that it has passed. Here this step is "
        "left out; elsewhere ones stand in the error's place, or the error of another layer. All gradients below "
        "are wrong, all above are right. Where two layers are equally wide the shapes fit, and nothing complains."
    ),
    wrong="G = G * (h > 0)",
    right="G = (G @ W2.T) * (h > 0)",
    repair="carry the error from the layer above: multiply by its weights, G @ W",
)

RELU_MASK_MISSING = Bug(
    name="relu-mask-missing",
    what="the error is not masked by ReLU's derivative",
    why=(
        "ReLU lets the error through only where its input is positive. Without the mask the error also reaches "
        "units that gave 0: with a single sample, their weights have a gradient where the numeric one is 0. All "
        "gradients below are wrong, all above are right. Where every unit is active it cannot be seen."
    ),
    wrong="G = G @ W2.T",
    right="G = (G @ W2.T) * (h > 0)",
    repair="multiply the error by the ReLU's derivative: G * (s > 0)",
)

RELU_MASK_WRONG = Bug(
    name="relu-mask-wrong",
    what="the mask is not ReLU's derivative",
    why=(
        "Here ReLU itself is applied to the error, which removes negative errors and lets the others through to "
        "units that gave 0. Other such masks are inverted, taken from another layer, or from the scores in front of "
        "batch norm. All gradients below are wrong, all above are right."
    ),
    wrong="G = np.maximum(G @ W2.T, 0)",
    right="G = (G @ W2.T) * (h > 0)",
    repair="the ReLU's derivative is 1 where its own input is positive, 0 elsewhere",
)

LEAKY_SLOPE_MISMATCH = Bug(
    name="leaky-slope-mismatch",
    what="the slope of leaky ReLU differs on the way back",
    why=(
        "Leaky ReLU stands in only one of both ways, or its slope is another number there. The way forward clips at "
        "0, the way back lets a small part of the error through, or the other way round. All gradients below are off "
        "by a little, all above are right. Where every unit is active it cannot be seen."
    ),
    wrong="G = (G @ W2.T) * np.where(h > 0, 1, 0.01)",
    right="G = (G @ W2.T) * (h > 0)",
    repair="use the same slope below 0 forward and back: 0 for ReLU",
)

ACTIVATION_DERIVATIVE_MISSING = Bug(
    name="activation-derivative-missing",
    what="the derivative of the activation is left out",
    why=(
        "On its way through tanh, sigmoid or another smooth activation the error is multiplied by the derivative "
        "there, for every unit and sample. Without it all gradients below are wrong, all above are right. Sigmoid "
        "outputs of a squared error need theirs too. Where all scores are near 0 it can hardly be seen with tanh, "
        "whose derivative is 1 there."
    ),
    wrong="G = G @ W2.T",
    right="G = (G @ W2.T) * (1 - h**2)",
    repair="multiply the error by the activation's derivative: 1 - h**2 for tanh, h * (1 - h) for sigmoid",
)

ACTIVATION_DERIVATIVE_WRONG = Bug(
    name="activation-derivative-wrong",
    what="the derivative is not that of the activation",
    why=(
        "`h * (1 - h)` is the derivative of sigmoid in terms of its output, `1 - h**2` that of tanh; one was used for "
        "the other. Others forget the square, or put scores where the output belongs, or the other way round. All "
        "gradients below are wrong, all above are right."
    ),
    wrong="G = (G @ W2.T) * h * (1 - h)",
    right="G = (G @ W2.T) * (1 - h**2)",
    repair="use the derivative of this activation: 1 - h**2 for tanh, h * (1 - h) for sigmoid",
)

WEIGHTS_NOT_TRANSPOSED = Bug(
    name="weights-not-transposed",
    what="the error goes back through W instead of W.T",
    why=(
        "The scores are `h @ W2 + b2`, so the error goes back through `W2.T`. Only where the weights are square do "
        "the shapes fit without the transposition; a net with a different width for every layer ends in an error "
        "message. All gradients below are wrong, all above are right."
    ),
    wrong="G = (G @ W2) * (h > 0)",
    right="G = (G @ W2.T) * (h > 0)",
    repair="the error goes back through the transposed weights",
)

STALE_WEIGHTS = Bug(
    name="stale-weights",
    what="the error goes back through updated weights",
    why=(
        "Each layer is updated as soon as its gradient is known, and the error then goes down through the new "
        "weights. All gradients below are off by an amount proportional to the learning rate, often so small that "
        "it looks like rounding. The last layer is right."
    ),
    wrong="W2 = W2 - 0.1 * grad_W2\nG = (G @ W2.T) * (h > 0)",
    right="G = (G @ W2.T) * (h > 0)",
    repair="compute all gradients with the same weights, and update them afterwards",
)
