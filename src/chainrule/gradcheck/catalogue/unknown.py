"""What nothing in the catalogue explains."""

from chainrule.gradcheck.catalogue.bug import Bug

UNKNOWN = Bug(
    name="unknown",
    what="",
    why="",
    wrong="",
    right="",
    repair="nothing in the catalogue explains this; look at the tensors that are wrong, last layer first",
)
