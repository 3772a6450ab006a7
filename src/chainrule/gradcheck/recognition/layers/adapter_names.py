"""What an adapter of a layer calls what it has beside the layer's own arrays."""

from chainrule.gradcheck.recognition.layers.filled import SHELF

OUT = "out"
"""What an adapter calls what the forward pass gives."""

_RESERVED = {
    "R",
    "R2",
    "R3",
    "R4",
    OUT,
    "g",
    "put_out",
    "again",
    "layer",
    "made",
    "fresh",
    "left",
    "rng",
    "copy",
    "np",
    SHELF,
}
"""Names that an adapter has for something else."""


def free(name: str) -> str:
    """A name for an array that nothing else in an adapter has."""
    return f"{name}_" if name in _RESERVED else name
