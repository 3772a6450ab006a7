"""Every wrong program of the corpus, by area."""

from support.corpus.mutation import Mutation
from support.corpus.wrong import batchnorm, biases, checks, layers, loss, penalty, several, state

WRONG: tuple[Mutation, ...] = (
    *loss.WRONG,
    *penalty.WRONG,
    *biases.WRONG,
    *layers.WRONG,
    *batchnorm.WRONG,
    *state.WRONG,
    *checks.WRONG,
)
"""Programs with one bug each."""

SEVERAL: tuple[Mutation, ...] = several.WRONG
"""Programs with two bugs at once; both are to be named."""
