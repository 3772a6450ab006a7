"""Numeric gradients: the user's own check, and what is handed in for a derivation."""

from chainrule.gradcheck.catalogue.bug import Bug

CHECK_ALIASED = Bug(
    name="check-aliased",
    what="the parameters are perturbed without a copy",
    why=(
        "`above = value` is a second name for the same array, not a copy. Here the step up and the step down "
        "cancel, both costs are taken at the same parameters, and every difference is 0. Where a cost is computed "
        "between the two, the numeric gradient is half the derivative. The gradient itself may be right."
    ),
    wrong="above, below = value, value",
    right="above, below = value.copy(), value.copy()",
    repair="copy the parameters before perturbing them: W_try = W.copy(), not W_try = W",
)

PERTURBATION_NOT_UNDONE = Bug(
    name="perturbation-not-undone",
    what="an entry is not put back after its difference",
    why=(
        "Each entry stays moved by a step, and all later differences are taken at parameters that drift further "
        "away. The first entry is right and the error grows from there, with the size of the step. When the check "
        "returns, the parameters are not what they were."
    ),
    wrong="numeric[i] = (above - below) / (2 * step)",
    right="value[i] = before\nnumeric[i] = (above - below) / (2 * step)",
    repair="put the entry back after each difference",
)

WRONG_STEP = Bug(
    name="wrong-step",
    what="the step does not fit what is done with it",
    why=(
        "A central difference spans two steps: divided by one step it is twice the derivative, and a forward "
        "difference divided by two steps is half of it. A step of 1e-13 leaves little but rounding, and within one "
        "of 0.1 the cost bends too much. An update whose step has a wrong sign or size has the same name. The "
        "gradient itself may be right."
    ),
    wrong="gradients[name][i] = (upper - lower) / step",
    right="gradients[name][i] = (upper - lower) / (2 * step)",
    repair="check the step: its size and its sign, and what the difference is divided by",
)

NUMERIC_DIFFERENCE = Bug(
    name="numeric-difference",
    what="the gradient is itself a numeric difference",
    why=(
        "The gradient moves each parameter by a step, computes a cost again and divides, or takes the imaginary part "
        "after a complex step. Its numbers are nearly right, as those of a check are; but every parameter costs runs "
        "of the whole net, and nothing was derived. A numeric check that stands beside a derived gradient is no such "
        "thing: what counts is what the gradient itself calls."
    ),
    wrong="return numeric_gradient(W1, b1, W2, b2, X, Y, l2)",
    right='return {"W1": grad_W1, "b1": grad_b1, "W2": grad_W2, "b2": grad_b2}',
    repair="derive the gradient, and compare it with the differences",
)
