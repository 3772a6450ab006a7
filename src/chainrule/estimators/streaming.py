"""Rows that come part by part: nets that go on from where the part before left them, their optimizers included.

The first part says how columns and measurements are standardised, and which categories there are. The rate is the same
for all updates, as nobody knows how many are to come.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chainrule.arrays import Array
from chainrule.components import OPTIMIZERS
from chainrule.data.centring import CentredEncoding
from chainrule.data.datasets import Dataset
from chainrule.data.prepared import fitted
from chainrule.data.splits import split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError
from chainrule.estimators import rows
from chainrule.estimators.base import MLPEstimator
from chainrule.estimators.parameters import FitNotice, MLPParameters, ParameterError, told_as_value_errors
from chainrule.estimators.population import first_seeds
from chainrule.machine import threads
from chainrule.nets.net import CompleteNet, restored
from chainrule.nn.network import Parameters
from chainrule.settings.settings import Settings
from chainrule.train.population import Training
from chainrule.train.state import State
from chainrule.work import planner


@dataclass(frozen=True)
class PartsSoFar:
    """Where nets stand between two parts.

    Attributes:
        transform: what makes inputs of rows as they are given.
        said: the mean and the deviation of the measurements that are standardised.
        inits, seed: of the nets, and of what is drawn.
        initial: weights that they begin with; none: random ones.
        state, settings: what training goes on from, and how nets were trained last; None before the first part.
        updates, rows, parts: how many there were.
        history: how nets did after each part, on its rows, (P,) each.
    """

    transform: Transform
    said: tuple[float, float]
    inits: tuple[int, ...]
    seed: int
    initial: Parameters = field(default_factory=dict)
    state: State | None = None
    settings: Settings | None = None
    updates: int = 0
    rows: int = 0
    parts: int = 0
    history: tuple[dict[str, NDArray[np.float64]], ...] = ()

    def further(
        self, data: Dataset, given: MLPParameters, mean: NDArray[np.float64]
    ) -> tuple[PartsSoFar, Training]:
        """Train on another part, of whose columns ``mean`` was subtracted; give where nets stand then, and what trained
        them."""
        count = self.rows + rows.counting(data.weights, len(data.images))
        settings = _settings(given, data, count)
        transform = Transform(self.transform.scale, self.transform.shift + mean * self.transform.scale)
        members = [settings] * len(self.inits)
        training = Training(
            members,
            # Another order of minibatches for each part.
            self.seed + self.parts,
            split(data, {"train": "train"}),
            transform,
            data.outputs,
            start=self.state,
            inits=self.inits,
            initial={name: array.astype(np.float32) for name, array in self.initial.items()} or None,
            before=self.updates,
        )
        together = planner.TrainedTogether(
            tuple(self.inits), {str(m): one for m, one in enumerate(members)}, training.engine
        )
        useful = planner.useful_threads(together, data)
        with threads.limited(max(1, min(threads.available_cores(), useful))):
            training.train_epoch()
        after = replace(
            self,
            initial={},
            state=training.state().anew(),
            settings=settings,
            updates=self.updates + -(-len(data.images) // settings.batch_size),
            rows=count,
            parts=self.parts + 1,
            history=(*self.history, {k: v for k, v in training.latest().items() if np.isfinite(v).any()}),
        )
        return after, training


class StreamingEstimator(MLPEstimator):
    """An estimator whose rows may come part by part, too."""

    _stream: PartsSoFar | None = None

    def _train(self, *given: Any, **options: Any) -> Self:
        self._stream = None
        return super()._train(*given, **options)

    def _is_first(self) -> bool:
        return not hasattr(self, "net_")

    def _for_parts(self) -> MLPParameters:
        """The parameters, checked.

        Raises:
            ParameterError: one needs all rows at once.
        """
        given = self._parameters()
        needless = {
            "early_stopping": given.early_stopping not in ("auto", False),
            "validation_fraction": given.validation_fraction is not None,
            "callbacks": bool(given.callbacks),
            "class_weight": given.class_weight == "balanced",
        }
        problems = [
            f"{name}: is of all rows together, which partial_fit does not see; leave it out"
            for name, is_given in needless.items()
            if is_given
        ]
        if problems:
            raise ParameterError(*problems)
        return given.model_copy(update={"schedule": "constant", "epochs": 1, "early_stopping": 0})

    def _further(
        self,
        given: MLPParameters,
        X: Any,
        y: Array,
        weights: NDArray[np.float64] | None,
        classes: Array | None,
        encoding: CentredEncoding | None,
        said: tuple[float, float] = (0.0, 1.0),
    ) -> Self:
        """Train on a part: checked rows X (N, D), as ``encoding`` made them, and y (N,), the numbers of ``classes``, or
        measurements where it is None, as they are. ``said``: their mean and deviation, for nets that see their first
        part."""
        names = getattr(self, "feature_names_in_", None) if encoding is None else encoding.encoding.outputs
        columns = None if names is None else tuple(map(str, names))
        stream = self._stream
        center, deviation = said if stream is None else stream.said
        if classes is None:
            y = (y - center) / deviation
        with told_as_value_errors():
            data, mean = rows.part(X, y, columns, classes, weights)
        mean = mean if encoding is None else mean + encoding.centre
        given = given.normalised(data.images.shape[1], numbers=classes is None)
        if given.normalises and len(y) < 2:
            raise ParameterError(
                "batch_norm: compares rows, and there is one; give two or more at a time, or batch_norm = False"
            )
        if stream is None:
            stream = self._begun(given, data, mean, columns, classes, said)
        self._require_layers(given, data, classes, len(stream.inits))
        self._require_state(given)
        stream, training = stream.further(data, given, mean)
        self._stream = stream
        self.history_ = _history(stream)
        self.net_ = self._net(stream, training, data, columns, classes, encoding, given)
        return self

    def _begun(
        self,
        given: MLPParameters,
        data: Dataset,
        mean: NDArray[np.float64],
        columns: tuple[str, ...] | None,
        classes: Array | None,
        said: tuple[float, float],
    ) -> PartsSoFar:
        """Where nets stand before their first part: those of ``fit``, where there are some, without their optimizer."""
        if not self._is_first():
            before = self._before(columns, classes, mean, said)
            transform, inits, seed = before.transform, tuple(before.trained["inits"]), before.trained["seed"]
            initial = before.parameters
        else:
            seed, initial = self._seed(is_warm=False), {}
            inits = tuple(first_seeds(seed, given.members))
            transform = fitted("standardize", split(data, {"train": "train"})["train"], data.max_value)
        raw = Transform(transform.scale, transform.shift - mean * transform.scale)
        return PartsSoFar(raw, said, inits, seed, initial)

    def _require_layers(
        self, given: MLPParameters, data: Dataset, classes: Array | None, members: int
    ) -> None:
        """Refuse parameters that make other nets than there are."""
        if self._is_first():
            return
        network = planner.network(_settings(given, data, len(data.images)), data)
        if network != self.net_.network or given.members != self.net_.trained["members"]:
            raise ParameterError(
                f"partial_fit: hidden, activation, batch_norm and members are those of {members} nets with layers of "
                f"{self.net_.network.widths} units before; leave them, or clone the estimator"
            )

    def _require_state(self, given: MLPParameters) -> None:
        """Refuse what keeps other numbers beside the weights than the parts before did."""
        before = None if self._stream is None else self._stream.settings
        if before is None:
            return
        kept = {
            "optimizer": [OPTIMIZERS.of(one.optimizer).name for one in (given, before)],
            "ema": [f"{one.ema:g}" if one.ema else "0" for one in (given, before)],
        }
        problems = [
            f"{name} = {now}: keeps other numbers than {then} of the parts before; leave it, or clone the estimator"
            for name, (now, then) in kept.items()
            if now != then and (name == "optimizer" or "0" in (now, then))
        ]
        if problems:
            raise ParameterError(*problems)

    def _net(
        self,
        stream: PartsSoFar,
        training: Training,
        data: Dataset,
        columns: tuple[str, ...] | None,
        classes: Array | None,
        encoding: CentredEncoding | None,
        given: MLPParameters,
    ) -> CompleteNet:
        """What predicts: those that did not diverge."""
        arrays = {} if stream.state is None else stream.state.arrays
        kept = _healthy(arrays["frozen"], stream.parts)
        parameters = {
            name.removeprefix("now."): array[kept]
            for name, array in arrays.items()
            if name.startswith("now.")
        }
        network = planner.network(training.members[0], data)
        if classes is None:
            parameters = restored(parameters, network.depth, *stream.said)
        about: dict[str, object] = {
            "settings": training.members[0].model_dump(
                mode="json", exclude={"train", "val", "test", "epochs"}
            ),
            "rows": {"train": stream.rows},
            "parts": stream.parts,
            "seed": stream.seed,
            "members": given.members,
            "inits": [stream.inits[m] for m in kept],
            "engine": training.engine,
            "final": [{name: float(values[m]) for name, values in stream.history[-1].items()} for m in kept],
        }
        made_by = None if encoding is None else encoding.encoding
        return CompleteNet(network, parameters, stream.transform, classes, columns, about, made_by)


def _settings(given: MLPParameters, data: Dataset, rows_so_far: int) -> Settings:
    loss = "cross_entropy" if data.classes else "squared_error"
    return given.settings(len(data.images), loss, rows_so_far)


def _healthy(frozen: NDArray[np.bool_], parts: int) -> Sequence[int]:
    """The members that did not diverge; all of them where all did."""
    if not frozen.any():
        return range(len(frozen))
    left = np.flatnonzero(~frozen).tolist()
    what = "they are left out" if left else "their last finite weights predict"
    warnings.warn(
        f"{int(frozen.sum())} of {len(frozen)} members diverged in {parts} parts; {what}; choose a smaller "
        "learning_rate",
        FitNotice,
        stacklevel=5,
    )
    return left or range(len(frozen))


def _history(stream: PartsSoFar) -> dict[str, NDArray[np.float64]]:
    """``part`` (E,) from 1, and (E, P) of what was measured after each part on its rows."""
    # NaN where all had diverged, of whom nothing was taken down.
    unknown = np.full(len(stream.inits), np.nan)
    curves = {
        name: np.stack([entry.get(name, unknown) for entry in stream.history])
        for name in dict.fromkeys(name for entry in stream.history for name in entry)
    }
    return {"part": np.arange(1.0, 1 + stream.parts), **curves}


def require_rows(X: Any, y: Any) -> None:
    """Refuse labels that are not as many as rows."""
    if len(X) != len(y):
        raise DataError(f"y: has {len(y)} labels for {len(X)} rows; give one for each")
