"""The user's own numeric gradient."""

from chainrule.gradcheck.catalogue.bug import Bug

CHECK_ALIASED = Bug(
    name="check-aliased",
    what="",
    why="",
    wrong="",
    right="",
    repair="copy the parameters before perturbing them: W_try = W.copy(), not W_try = W",
)

PERTURBATION_NOT_UNDONE = Bug(
    name="perturbation-not-undone",
    what="",
    why="",
    wrong="",
    right="",
    repair="put the entry back after each difference",
)

WRONG_STEP = Bug(
    name="wrong-step",
    what="",
    why="",
    wrong="",
    right="",
    repair="check the step: its size and its sign, and what the difference is divided by",
)
