"""Every wrong program of the corpus: one file for each family of the catalogue, and one for two bugs at once."""

from support.corpus.mutation import Mutation
from support.corpus.wrong import (
    backpropagation,
    batchnorm,
    bias,
    loss,
    numeric_check,
    penalty,
    several,
    state,
    unknown,
    update,
)

# Their order says on which shapes the tests run them.
WRONG: tuple[Mutation, ...] = (
    *loss.BATCH_AND_LABELS,
    *unknown.WRONG,
    *loss.MARGINS_AND_COST,
    *penalty.WRONG,
    *bias.WRONG,
    *backpropagation.WRONG,
    *batchnorm.WRONG,
    *state.WRONG,
    *numeric_check.WRONG,
    *update.WRONG,
)
"""Programs with one bug each."""

SEVERAL: tuple[Mutation, ...] = several.WRONG
"""Programs with two bugs at once; both are to be named."""
