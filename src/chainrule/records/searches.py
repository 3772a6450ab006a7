"""What searches leave behind, as plain versioned data: every trial, and the winner."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import model_validator

from chainrule.records.base import Environment, FileRecord, Number, Record, ShapedTable, shaped

Metric = Literal["val_accuracy", "val_loss"]
"""What trials are scored by: the mean of the validation split, with the last weights."""

Choose = Literal["mean", "one_standard_error"]
"""How the winner is chosen."""


class Rung(Record):
    """What a trial scored when it was trained for so many epochs."""

    epochs: int
    mean: Number
    error: Number


class Trial(Record):
    """One combination of values and how it scored.

    Attributes:
        number: counted from 0, in the order asked.
        values: by path of the space.
        scores: the metric of every init at the last rung; null where it diverged.
        mean, error: of the scores, and the mean's standard error; null where there is none.
        rungs: every evaluation, the last one at the end; several with successive halving.
        state: ``running`` on its way to the next rung; ``complete`` after all its epochs; ``pruned`` when it left at a
            rung; ``failed`` when a net of its could not be trained.
        why: what failed, in a line.
    """

    number: int
    values: dict[str, Any]
    scores: list[Number]
    mean: Number
    error: Number
    rungs: list[Rung]
    state: Literal["running", "complete", "pruned", "failed"]
    why: str = ""

    @property
    def epochs(self) -> int:
        """For how many epochs it has been trained."""
        return self.rungs[-1].epochs if self.rungs else 0


class Winner(Record):
    """The trial that was chosen, trained once more with curves; it alone met the test split.

    Attributes:
        trial: its number.
        settings: whole.
        members: ids of its nets, one an init.
        test_accuracy: of each.
        mean, error: of these, and the mean's standard error.
        reason: by which rule it was chosen, in words.
    """

    trial: int
    settings: dict[str, Any]
    members: list[str]
    test_accuracy: list[Number]
    mean: Number
    error: Number
    reason: str


class _StrategyForm(ShapedTable):
    kind: str
    inits: int
    metric: Metric
    choose: Choose


class SearchResults(FileRecord):
    """All that a search found out.

    Attributes:
        title: the search's.
        dataset: name and checksum.
        strategy: its keys and values; ``kind``, ``inits``, ``metric``, ``choose`` among them.
        space: what was searched, by path.
        seeds: of every trial's inits.
        images: of the validation split.
        trials: in the order asked.
        winner: null where no trial is complete.
        environment: versions, machine, command, and whether one process trained all.
    """

    title: str
    dataset: dict[str, str]
    strategy: Annotated[dict[str, Any], shaped(_StrategyForm)]
    space: dict[str, Any]
    seeds: list[int]
    images: int
    trials: list[Trial]
    winner: Winner | None
    environment: Environment

    @model_validator(mode="after")
    def _complete(self) -> SearchResults:
        if not self.dataset.keys() >= {"name", "checksum"}:
            raise ValueError("dataset lacks its name or checksum")
        if [trial.number for trial in self.trials] != list(range(len(self.trials))):
            raise ValueError("trials are not counted from 0")
        if any(trial.values.keys() != self.trials[0].values.keys() for trial in self.trials):
            raise ValueError("trials have values of different settings")
        if self.winner is not None and not 0 <= self.winner.trial < len(self.trials):
            raise ValueError("the winner is none of the trials")
        return self
