"""Tree-structured Parzen estimator (Bergstra et al., 2011), optuna's, asked in synchronous batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from chainrule.records.searches import Trial
from chainrule.rng import stream
from chainrule.searches.dimensions import key
from chainrule.searches.distributions import direction, distributions, frozen, values_of
from chainrule.searches.extra import require_optuna, silent
from chainrule.searches.space import Space, Values
from chainrule.searches.strategies.base import Batch, Stage, Strategy, too_many

PURPOSE = "search"
_PATIENCE = 20


class Tpe(Strategy):
    """Trials where those before did well, ``batch`` at a time.

    Attributes:
        trials: how many in all.
        batch: how many are asked for before any of them is told; as many as workers keep busy.
        startup: how many are drawn at random before that; by default a third, 16 at most.

    >>> [stage.trials for stage in Tpe(kind="tpe", trials=20, batch=8).stages(Space({}), epochs=5)]
    [7, 8, 5]
    """

    kind: Literal["tpe"]
    trials: Annotated[int, Field(ge=1, le=100_000)]
    batch: Annotated[int, Field(ge=1, le=10_000)] = 8
    startup: Annotated[int, Field(ge=1, le=10_000)] | None = None

    def ask(self, space: Space, told: Sequence[Trial], seed: int, epochs: int) -> Batch | None:
        """The draws of the startup, then a batch after what was told."""
        if not told:
            return Batch(space.draws(self._startup, seed, PURPOSE), [])
        count = min(self.batch, self.trials - len(told))
        return Batch(self._asked(space, told, seed, count), []) if count > 0 else None

    def _asked(self, space: Space, told: Sequence[Trial], seed: int, count: int) -> list[Values]:
        """``count`` combinations that were not asked before, in a study made anew of what was told."""
        study = self._study(space, told, seed)
        seen = {key(trial.values) for trial in told}
        asked: list[Values] = []
        for _ in range(count * _PATIENCE):
            values = values_of(space, study.ask(distributions(space)).params)
            if key(values) not in seen:
                seen.add(key(values))
                asked.append(values)
            if len(asked) == count:
                break
        # A space of few combinations: what is left of it.
        return asked + space.draws(count - len(asked), seed, f"{PURPOSE} {len(told)}", seen)

    def _study(self, space: Space, told: Sequence[Trial], seed: int) -> Any:
        optuna = require_optuna()
        # The sampler's state is a function of the search's seed and of how many were told: of the batch.
        word = int(stream(seed, "search tpe", len(told)).integers(2**32))
        sampler = optuna.samplers.TPESampler(
            multivariate=True, constant_liar=True, seed=word, n_startup_trials=0
        )
        with silent():
            study = optuna.create_study(direction=direction(self.metric), sampler=sampler)
        study.add_trials([frozen(space, trial) for trial in told])
        return study

    def stages(self, space: Space, epochs: int) -> list[Stage]:
        """See :class:`Strategy`."""
        first = self._startup
        batches, rest = divmod(self.trials - first, self.batch)
        sizes = [first, *[self.batch] * batches, *([rest] if rest else [])]
        return [Stage(size, 0, epochs) for size in sizes]

    @property
    def _startup(self) -> int:
        return min(self.startup or min(16, -(-self.trials // 3)), self.trials)

    def problems(self, space: Space, epochs: int) -> list[str]:
        """See :class:`Strategy`."""
        lines = super().problems(space, epochs) + too_many(self.trials, space)
        if self.startup is not None and self.startup >= self.trials > 1:
            lines.append(
                f"strategy.startup = {self.startup}: leaves nothing of trials = {self.trials}; write fewer, or use "
                "kind = 'random'"
            )
        return lines
