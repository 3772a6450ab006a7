"""A complete net: from rows of a table to predictions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.data.datasets import Dataset
from chainrule.data.encoding import Encoding
from chainrule.data.fetching import fetched
from chainrule.data.frames import Frame
from chainrule.data.transforms.transform import Transform
from chainrule.data.values import column_keys, table
from chainrule.errors import DataError, SettingsError
from chainrule.nn.network import Network, Parameters
from chainrule.text import excerpt

_BLOCK = 4096
"""Rows at a time, so that what they are at all units needs little room."""


@dataclass(frozen=True, eq=False)
class CompleteNet:
    """P members that predict together: the probabilities that they give are averaged.

    All is computed in float64, whatever the weights were trained in, so that a row's prediction does not depend on the
    rows beside it.

    Attributes:
        network: layers and loss.
        parameters: those of P members.
        transform: what makes inputs of rows.
        classes: the K labels, in rising order; None where members say a number.
        columns: names of the D columns, where they had some.
        trained: how it was, as JSON can say it.
        encoding: what makes numbers of a data frame; None where rows are numbers as they are.
        image: channels, height and width, where rows are images.
        several: whether a row may have several of the classes or none, each told by its own score.

    Two inputs and two classes; the larger input tells:

    >>> W, b = np.array([[[1.0, 0.0], [0.0, 1.0]]]), np.zeros((1, 2))
    >>> network, as_they_are = Network((2, 2), "cross_entropy"), Transform(np.ones(2), np.zeros(2))
    >>> net = CompleteNet(network, {"W1": W, "b1": b}, as_they_are, np.array(["first", "second"]))
    >>> net.predict([[3.0, 1.0], [0.0, 2.0]]).tolist()
    ['first', 'second']
    >>> net.predict_proba([[2.0, 2.0]]).tolist(), net.decision_function([[2.0, 2.0]]).tolist()
    ([[0.5, 0.5]], [0.0])
    """

    network: Network
    parameters: Parameters
    transform: Transform
    classes: NDArray[Any] | None
    columns: tuple[str, ...] | None = None
    trained: Mapping[str, Any] = field(default_factory=dict)
    encoding: Encoding | None = None
    several: bool = False
    image: tuple[int, int, int] | None = None

    @property
    def members(self) -> int:
        """P."""
        return len(self.parameters["b1"])

    def member(self, number: int) -> CompleteNet:
        """One of the members by itself, by its number from 0."""
        own = {name: array[number : number + 1] for name, array in self.parameters.items()}
        return dataclasses.replace(self, parameters=own)

    def predict(self, X: Any) -> NDArray[Any]:
        """The class (N,) of every row: that of the highest score, the first of equals; or its number. Where rows may
        have several classes (N, K) of 0 and 1: those whose score is above 0.

        Args:
            X: numbers (N, D), or a data frame; where columns have names on both sides, they are taken by these. A net
                that was trained on categories or gaps takes data frames alone.

        Raises:
            DataError: a value is missing, infinite or no number, or columns are not those of the net.
        """
        scores = self._mean_scores(X)
        if self.several:
            return (scores > 0).astype(np.uint8)
        return scores[:, 0] if self.classes is None else np.asarray(self.classes[scores.argmax(axis=1)])

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Probabilities (N, K), the mean of those that members give; where rows may have several classes, each by
        itself, the sigmoid of its score.

        Raises:
            SettingsError: the net's loss gives no probabilities.
            DataError: as :meth:`predict`.
        """
        if self.several:
            return np.asarray((1 + np.tanh(self._mean_scores(X) / 2)) / 2)
        if not self.network.loss_function.probabilities:
            raise SettingsError(
                f"loss {self.network.loss!r}: gives no probabilities; take decision_function, or train with "
                "cross_entropy"
            )
        return np.exp(self._mean_scores(X))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """How much speaks for each class, (N, K): the logarithm of :meth:`predict_proba`, or, where the loss gives no
        probabilities, the mean of members' scores. Of two classes what the second has more than the first, (N,),
        unless rows may have both.

        Raises:
            DataError: as :meth:`predict`.
        """
        scores = self._mean_scores(X)
        return scores[:, 1] - scores[:, 0] if scores.shape[1] == 2 and not self.several else scores

    def _mean_scores(self, X: Any) -> NDArray[np.float64]:
        together = log_mean_softmax if self.network.loss_function.probabilities else _mean
        rows = self.rows(X)
        parameters = {name: array.astype(np.float64) for name, array in self.parameters.items()}
        means = np.empty((len(rows), self.network.widths[-1]))
        for start in range(0, len(rows), _BLOCK):
            inputs = rows[start : start + _BLOCK] * self.transform.scale + self.transform.shift
            means[start : start + _BLOCK] = together(self.network.predict(parameters, inputs))
        return means

    def rows(self, X: Any) -> Array:
        """X as numbers (N, D), its columns in the net's order, as layers get them but for the transform.

        Raises:
            DataError: as :meth:`predict`.
        """
        X = fetched(X)
        if self.encoding is not None:
            return self.encoding.rows(X)
        if self.columns is not None and isinstance(X, Frame):
            # A table in a file holds what is to be predicted, too.
            X = X.without(*{*X.columns} - {*self.columns})
        keys = column_keys(X)
        names = None if keys is None else tuple(keys)
        rows = table(X, columns=names or self.columns)
        if self.columns is not None and names is not None and names != self.columns:
            lacking = [name for name in self.columns if name not in names]
            if lacking:
                listed = ", ".join(excerpt(repr(name)) for name in lacking[:5])
                raise DataError(f"X: lacks {len(lacking)} columns of the net, such as {listed}; add them")
            return rows[:, [names.index(name) for name in self.columns]]
        if rows.shape[1] != self.network.widths[0]:
            raise DataError(
                f"X: has {rows.shape[1]} columns, the net was trained on {self.network.widths[0]}; give the same"
            )
        return rows


def complete(
    data: Dataset,
    network: Network,
    parameters: Parameters,
    transform: Transform,
    trained: Mapping[str, Any] | None = None,
) -> CompleteNet:
    """What nets predict that learned a data set: numbers as they were before they were standardised.

    >>> from chainrule.data.tables import from_arrays
    >>> data = from_arrays([[0.0], [1.0], [2.0], [3.0]], ["low", "low", "high", "high"], val=None)
    >>> network = Network((1, 2), "cross_entropy")
    >>> net = complete(data, network, network.initial(0, ["he"], np.float32), Transform(np.ones(1), np.zeros(1)))
    >>> net.classes.tolist(), net.image
    (['high', 'low'], None)
    """
    if data.unit is not None:
        parameters = restored(parameters, network.depth, *data.unit)
    return CompleteNet(
        network,
        parameters,
        transform,
        data.answers if data.classes else None,
        data.columns,
        trained or {},
        data.encoding,
        several=data.labels.ndim == 2,
        image=None if data.shape[:2] == (1, 1) else data.shape,
    )


def restored(parameters: Parameters, last: int, mean: float, deviation: float) -> Parameters:
    """Parameters whose last layer says numbers as they were, deviation (W h + b) + mean, in float64, which loses none.

    >>> parameters = {"W1": np.array([[[2.0]]], np.float32), "b1": np.array([[1.0]], np.float32)}
    >>> said = restored(parameters, 1, mean=100.0, deviation=10.0)
    >>> said["W1"].item(), said["b1"].item()
    (20.0, 110.0)
    """
    W, b = (parameters[f"{kind}{last}"].astype(np.float64) * deviation for kind in "Wb")
    return parameters | {f"W{last}": W, f"b{last}": b + mean}


def _mean(scores: Array) -> Array:
    return np.asarray(scores.mean(axis=0))


def log_mean_softmax(scores: Array) -> Array:
    """log of the mean over members of softmax(s), (N, K), of scores (P, N, K).

    Largest values are subtracted first: they cancel, and keep exp from overflowing.
    """
    z = scores - scores.max(axis=2, keepdims=True)
    logs = z - np.log(np.exp(z).sum(axis=2, keepdims=True))
    largest = logs.max(axis=0)
    return np.asarray(largest + np.log(np.exp(logs - largest).mean(axis=0)))
