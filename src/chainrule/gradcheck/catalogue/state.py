"""What a function keeps, changes or draws that it should not."""

from chainrule.gradcheck.catalogue.bug import Bug

PARAMETERS_MUTATED = Bug(
    name="parameters-mutated",
    what="",
    why="",
    wrong="",
    right="",
    repair="work on copies: the function changes the parameters that it is given",
)

COST_NOT_DETERMINISTIC = Bug(
    name="cost-not-deterministic",
    what="",
    why="",
    wrong="",
    right="",
    repair="make the cost a function of its arguments: no dropout, no moving averages, a fixed seed",
)

COST_MODE_MISMATCH = Bug(
    name="cost-mode-mismatch",
    what="",
    why="",
    wrong="",
    right="",
    repair="compute cost and gradient in the same mode: batch statistics in both",
)

COST_CONSTANT = Bug(
    name="cost-constant",
    what="",
    why="",
    wrong="",
    right="",
    repair="the cost does not depend on the parameters it is given: compute it from them at each call",
)
