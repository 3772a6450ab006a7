"""What training leaves behind: histories, trained nets, results."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from chainrule.records.base import Decimals, Environment, FileRecord, Number, Record

METRICS = ("train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
"""What is known of a net's last weights."""

CURVES = ("train_loss", "train_cost", "train_accuracy", "val_loss", "val_cost", "val_accuracy")
"""The curves of a history: per-sample mean loss, loss + penalty, share of right answers."""


EngineName = Literal["compiled", "layers"]
ENGINES: tuple[EngineName, ...] = ("compiled", "layers")
"""What takes the steps and evaluates; see :mod:`chainrule.train.engines`."""


class History(Record):
    """One member's curves: entry i of each list belongs to ``epoch[i]``; epoch 0 is the start.

    Attributes:
        epoch: passes over the training images so far.
        step: updates so far.
        learning_rate: the rate of the last update before the entry (of the first update at epoch 0).
        train_loss, val_loss: mean loss of the split's samples.
        train_cost, val_cost: the same plus the l2 penalty.
        train_accuracy, val_accuracy: share of right answers, in [0, 1].
    """

    epoch: list[int]
    step: list[int]
    learning_rate: list[float]
    train_loss: list[Number]
    train_cost: list[Number]
    train_accuracy: list[Number]
    val_loss: list[Number]
    val_cost: list[Number]
    val_accuracy: list[Number]

    @model_validator(mode="after")
    def _equally_long(self) -> History:
        names = ("epoch", "step", "learning_rate", *CURVES)
        if len({len(getattr(self, name)) for name in names}) > 1:
            raise ValueError("lists of different lengths")
        return self

    def curve(self, name: str) -> list[Number]:
        """The curve of that name, one of :data:`CURVES`."""
        values: list[Number] = getattr(self, name)
        return values


class Divergence(Record):
    """A member's loss stopped being finite at update ``step``; its weights of update ``kept_step`` were kept."""

    step: int
    kept_step: int


class Best(Record):
    """The epoch of the highest validation accuracy, the first of equals."""

    epoch: int
    val_accuracy: float


class Member(FileRecord):
    """One trained net: what it was asked to be and what became of it.

    Attributes:
        id: hash of dataset, settings and seed.
        dataset: ``name`` and ``checksum`` of its images and labels.
        settings: its whole settings.
        seed: of its random streams.
        history: its curves.
        final: metrics of the last weights: ``{train,val,test}_accuracy`` in [0, 1], ``{train,val,test}_loss``.
        best: where validation accuracy was highest.
        input_means: mean of all preprocessed inputs of each split.
        diverged: null where it did not.
        weights_sha256: of the file of its weights; null where none were kept, as in searches.
        engine: what trained it, to its end at least; null in files of version 0.1.0.
        kept_epoch: of a net that may stop early, the epoch whose weights are the last ones, the best of what it
            watches; its curves are null after it stopped.
    """

    id: str
    dataset: dict[str, str]
    settings: dict[str, Any]
    seed: int
    history: History
    final: dict[str, Number]
    best: Best
    input_means: dict[str, float]
    diverged: Divergence | None
    weights_sha256: str | None = None
    engine: EngineName | None = None
    kept_epoch: int | None = None

    @model_validator(mode="after")
    def _complete(self) -> Member:
        if set(self.final) != set(METRICS):
            raise ValueError("final lacks metrics")
        return self


class ResultRow(Record):
    """One number of a table: published beside measured.

    Attributes:
        recipe, name: the table and its line.
        setting: what the line sets beyond the table's common settings.
        metric: ``train_accuracy``, ``val_accuracy`` or ``test_accuracy``; of a search,
            ``{best,second_best,third_best}_val_accuracy``, or ``best_setting_shortfall``: by how much the published
            best setting, which ``setting`` then holds, scores below the replicate's best.
        published: the report's value, null where there is none; 0 for a shortfall, which nobody published: that
            is what its setting being the best comes to.
        published_decimals: decimals that the report prints.
        values: one a seed, of a search one a replicate.
        mean, low, high: mean and 95% prediction interval for one more run, widened as ``verdict`` needs;
            low and high are null under 3 seeds.
        verdict: null under 3 seeds or without a published value.
        inferred: the settings that the report does not state.
        diverged: the seeds whose run diverged; their values are those of the weights kept.
    """

    recipe: str
    name: str
    setting: dict[str, Any]
    metric: str
    published: Number
    published_decimals: Decimals | None
    values: list[Number]
    mean: Number
    low: Number
    high: Number
    verdict: Literal["agrees", "differs", "uninformative"] | None
    inferred: list[str]
    diverged: list[int]

    @model_validator(mode="before")
    @classmethod
    def _outside_differs(cls, row: Any) -> Any:
        """Version 0.1.0 called every published value beside a wide interval uninformative, those outside it, too."""
        if not isinstance(row, dict) or row.get("verdict") != "uninformative":
            return row
        match [row.get(key) for key in ("low", "published", "high")]:
            case [float() | int() as low, float() | int() as published, float() | int() as high] if (
                not low <= published <= high
            ):
                return row | {"verdict": "differs"}
        return row


Outcome = Literal["holds", "fails", "cannot be told"]


class ClaimResult(Record):
    """A claim of a report, whether it held here, and the figures that decided.

    Attributes:
        held: null where it cannot be told (:class:`chainrule.experiments.claims.base.Decision`).
        supposed: the report only supposed it; it was tried here.
    """

    recipe: str
    text: str
    held: bool | None
    evidence: str
    supposed: bool = False

    @property
    def outcome(self) -> Outcome:
        """What became of it, in words."""
        if self.held is None:
            return "cannot be told"
        return "holds" if self.held else "fails"


class InputMeans(Record):
    """Mean of all preprocessed inputs of each split, beside the published ones where there are any."""

    recipe: str
    measured: dict[str, float]
    published: dict[str, float] | None


class Remark(Record):
    """What another run than this one told about a number that differs or says nothing.

    Attributes:
        seeds, version, date, command: of that run, null where they are not known.
    """

    recipe: str
    text: str
    seeds: int | None = None
    version: str | None = None
    date: str | None = None
    command: str | None = None

    @property
    def told(self) -> str:
        """The text behind the run that it is of: ``found with 16 seeds, chainrule 0.1.0, 2026-05-01: ...``."""
        known = [
            "" if self.seeds is None else f"with {self.seeds} seed{'s' * (self.seeds > 1)}",
            self.version and f"chainrule {self.version}",
            self.date,
            self.command and f"by {self.command}",
        ]
        return f"found {', '.join(filter(None, known)) or 'in an earlier run'}: {self.text}"


class ScoreRow(Record):
    """How nets of one table do on rows kept aside, by a scorer of scikit-learn's.

    Attributes:
        metric: its name; larger is better.
        together: all nets as one.
        alone: each by itself.
    """

    metric: str
    together: Number
    alone: list[Number]


class FittedNets(Record):
    """What ``fit`` made of one table.

    Attributes:
        recipe: what it is called.
        words: what was done, and what comes of it, in sentences without an end.
        rows: that were kept aside.
        scores: on these.
        settings: of the nets.
    """

    recipe: str
    words: list[str]
    rows: int
    scores: list[ScoreRow]
    settings: dict[str, Any]


class Results(FileRecord):
    """All that a run of recipes found out.

    Attributes:
        titles: of each recipe.
        fits: of ``fit``, in the place of rows.
        found: see :class:`Remark`.
        environment: dataset (name, checksum, official or not, by how much intervals are widened), seeds,
            versions, machine, command.
    """

    rows: list[ResultRow]
    claims: list[ClaimResult]
    input_means: list[InputMeans]
    titles: dict[str, str] = Field(default_factory=dict)
    found: list[Remark] = Field(default_factory=list)
    fits: list[FittedNets] = Field(default_factory=list)
    environment: Environment
