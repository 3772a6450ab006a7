"""What nothing in the catalogue explains."""

from chainrule.gradcheck.catalogue.bug import Bug

UNKNOWN = Bug(
    name="unknown",
    what="no known bug gives this gradient",
    why=(
        "Every known bug was tried, and none gives exactly this gradient at every point; so no name would be "
        "honest. Which tensors are wrong still says where to look: the error goes from the last layer to the first, "
        "so that the mistake is in the last layer that is wrong, or between it and the layer or loss above. Here "
        "the error is made of sorted cosines."
    ),
    wrong="G = np.sort(np.cos(2 * P) / N, axis=0)",
    right="G = (P - Y) / N",
    repair="nothing in the catalogue explains this; look at the tensors that are wrong, last layer first",
)
