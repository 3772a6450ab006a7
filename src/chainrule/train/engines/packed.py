"""All parameters of all members in one array, and behind them in the same order words that are kept beside each."""

from __future__ import annotations

import numpy as np

from chainrule.arrays import Array
from chainrule.nn.network import Parameters
from chainrule.train.engines import memory

_COLUMNS = {
    "W": memory.WEIGHTS,
    "b": memory.BIASES,
    "gamma": memory.GAMMA,
    "beta": memory.BETA,
    "mean": memory.MEAN,
    "variance": memory.VARIANCE,
}


class Packed:
    """Parameters one behind the other.

    Attributes:
        size: how many numbers there are.
        theta: (words * size,): the parameters, and for each word as many zeros.
        layout: the first eight columns of :data:`chainrule.train.engines.memory.Net.layers`, (L, 8).
    """

    def __init__(self, initial: Parameters, depth: int, words: int) -> None:
        self.size = sum(array.size for array in initial.values())
        self.theta = np.zeros(words * self.size, initial["W1"].dtype)
        self.layout, at = np.zeros((depth, 2 + len(_COLUMNS)), np.int64), 0
        self._places: dict[str, tuple[int, Array]] = {}
        for layer in range(depth):
            _, self.layout[layer, memory.OUTPUTS], self.layout[layer, memory.INPUTS] = initial[
                f"W{layer + 1}"
            ].shape
            for kind, column in _COLUMNS.items():
                array = initial.get(f"{kind}{layer + 1}")
                if array is not None:
                    self.theta[at : at + array.size] = array.ravel()
                    self._places[f"{kind}{layer + 1}"] = at, array
                    self.layout[layer, column] = at
                    at += array.size

    def views(self, word: int) -> Parameters:
        """A word of every parameter in its shape, changed where they are."""
        return {
            name: self.theta[word * self.size + at :][: array.size].reshape(array.shape)
            for name, (at, array) in self._places.items()
        }
