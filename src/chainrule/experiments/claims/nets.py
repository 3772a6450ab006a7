"""Claims on nets themselves: how entries of weights and gradients are distributed, how large an init's weights are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from chainrule.components import INITS
from chainrule.experiments.claims.base import Decision, EntriesOf, Measured, Statement
from chainrule.settings.settings import Settings
from chainrule.statistics import of_differences

_BINS = 60


class SameDistribution(Statement):
    """A claim that the entries of W1, or of dJ/dW1, are distributed alike in two rows: their histograms look the same.

    What decides is the total variation between the histograms on common bins, the share of the entries that would have
    to lie in other bins, seed by seed: two one-sided t-tests at 5% against ``margin``.

    >>> halves = {"a": np.array([0.0, 1.0]), "b": np.array([0.0, 0.0])}
    >>> measured = Measured({}, entries=lambda of, row: [halves[row]])
    >>> claim = SameDistribution(text="", predicate="same_distribution", of="weights", row="a", to="b", margin=0.1)
    >>> claim.decide(measured)
    Decision(held=False, evidence='0.500 of the entries lie elsewhere, 0.1 allowed')
    """

    predicate: Literal["same_distribution"]
    of: EntriesOf
    row: str
    to: str
    margin: Annotated[float, Field(gt=0, lt=1)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return self.row, self.to

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        pairs = zip(*(measured.entries(self.of, row) for row in self.names), strict=True)
        shares = [total_variation(first, second) for first, second in pairs]
        evidence = f"{np.mean(shares):.3f} of the entries lie elsewhere, {self.margin:g} allowed"
        return Decision(of_differences(shares).within(self.margin), evidence)

    def contradictions(self, settings: Mapping[str, Settings]) -> list[str]:
        """Gradients of hidden layers are not at hand, nor are weights of nets that only validate."""
        deep = [row for row in self.names if self.of == "gradients" and settings[row].hidden]
        brief = [row for row in self.names if settings[row].evaluate == "validation"]
        lines = [
            f"row '{row}' has hidden layers; only gradients of one layer can be compared" for row in deep
        ]
        lines += [f"row '{row}' keeps no weights with evaluate = 'validation'; drop it" for row in brief]
        return [f"claims: '{self.text}': {line}" for line in lines]


class InitNear(Statement):
    """A claim that a row's weights start about as large as with another init, in every layer.

    It holds where for one of the inits ``to`` the ratio of deviations lies between 1 / ``factor`` and ``factor`` in all
    layers. Nothing is trained for it.

    >>> measured = Measured({}, settings={"a": Settings.model_construct(init="xavier", hidden=())}, inputs=100)
    >>> InitNear(text="", predicate="init_near", row="a", to=["he"], factor=2.0).decide(measured)
    Decision(held=True, evidence='layer by layer 0.71 times the deviation of he; 2 times allowed')
    """

    predicate: Literal["init_near"]
    row: str
    to: Annotated[tuple[Literal["xavier", "he"], ...], Field(strict=False, min_length=1)]
    factor: Annotated[float, Field(gt=1)]

    @property
    def names(self) -> tuple[str, ...]:
        """Rows that the claim is about."""
        return (self.row,)

    def decide(self, measured: Measured) -> Decision:
        """Decide it."""
        settings = measured.settings[self.row]
        layers = list(itertools.pairwise((measured.inputs, *settings.hidden, measured.outputs)))
        drawn = INITS.of(settings.init)
        ratios = {
            init: [drawn.deviation(settings.init, *n) / INITS[init].deviation(init, *n) for n in layers]
            for init in self.to
        }
        near = [all(1 / self.factor <= ratio <= self.factor for ratio in own) for own in ratios.values()]
        told = (
            f"{', '.join(f'{ratio:.2f}' for ratio in own)} times {'that' if index else 'the deviation'} of {init}"
            for index, (init, own) in enumerate(ratios.items())
        )
        return Decision(any(near), f"layer by layer {', '.join(told)}; {self.factor:g} times allowed")


def total_variation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Half the sum of |p - q| over common bins: 0 of equal histograms, 1 of those that do not overlap.

    >>> total_variation(np.array([0.0, 1.0]), np.array([0.0, 0.0]))  # half of the entries lie elsewhere
    0.5
    """
    edges = np.histogram_bin_edges(np.concatenate([first, second]), _BINS)
    shares = [np.histogram(values, edges)[0] / values.size for values in (first, second)]
    return float(np.abs(shares[0] - shares[1]).sum()) / 2
