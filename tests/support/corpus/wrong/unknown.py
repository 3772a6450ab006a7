"""Wrong in a way that nothing in the catalogue explains."""

from support.corpus.mutation import wrong

WRONG = (wrong("unknown", "one_layer_columns", "G = P - Y", "G = P**2 - Y"),)
