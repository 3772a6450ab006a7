"""What a report says that its own gradient check gave: a claim, which nothing here checks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from chainrule.experiments.verdicts import Published
from chainrule.records.gradients import Compared
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict

if TYPE_CHECKING:
    from chainrule.experiments.experiment import Experiment

FIGURES = (
    "smallest_relative", "largest_relative", "mean_relative", "relative_norm", "largest_absolute", "mean_absolute",
    "share_below",
)  # fmt: skip
"""What can be published of a comparison, as in :class:`chainrule.records.runs.GradientDifference`."""


def _parameter(name: object) -> object:
    if not isinstance(name, str) or not re.fullmatch(r"(W|b|gamma|beta)[1-9]\d?", name):
        raise ValueError('name a parameter with its layer, such as "W1" or "gamma2"')
    return name


PublishedFigures = dict[Annotated[str, BeforeValidator(_parameter)], Published]
"""A published number for each parameter."""


class PublishedDifference(Strict):
    """What a report says of one comparison on one net, all parameters together.

    Attributes:
        set: what the net sets beyond the table's first row.
        compared: which two gradients.
        smallest_relative, largest_relative, mean_relative, largest_absolute, mean_absolute: over the entries.
        relative_norm: one relative difference for a whole parameter.
        share_below: share of entries whose absolute difference lies below 1e-6.
    """

    set: dict[str, Any] = Field(default_factory=dict)
    compared: Compared
    smallest_relative: PublishedFigures = Field(default_factory=dict)
    largest_relative: PublishedFigures = Field(default_factory=dict)
    mean_relative: PublishedFigures = Field(default_factory=dict)
    relative_norm: PublishedFigures = Field(default_factory=dict)
    largest_absolute: PublishedFigures = Field(default_factory=dict)
    mean_absolute: PublishedFigures = Field(default_factory=dict)
    share_below: PublishedFigures = Field(default_factory=dict)

    @property
    def parameters(self) -> list[str]:
        """The parameters that any figure is about."""
        return list(dict.fromkeys(name for figure in FIGURES for name in getattr(self, figure)))

    def of(self, parameter: str) -> dict[str, str]:
        """The figures of one parameter, as printed."""
        figures = {figure: getattr(self, figure).get(parameter) for figure in FIGURES}
        return {figure: value for figure, value in figures.items() if value is not None}

    def bare(self) -> PublishedDifference:
        """The same comparison with nothing published of it."""
        return self.model_copy(update={figure: {} for figure in FIGURES})


class GradientCheck(Strict):
    """How a report checked its gradient.

    Attributes:
        samples: images in the check.
        inferred: what the report does not state.
        published: see :class:`PublishedDifference`.
    """

    samples: Annotated[int, Field(ge=1)] = 100
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    published: Annotated[tuple[PublishedDifference, ...], Field(strict=False)] = ()

    def bare(self) -> GradientCheck:
        """The same nets with nothing published of them."""
        return self.model_copy(update={"published": tuple(line.bare() for line in self.published)})


def own_settings(experiment: Experiment) -> list[dict[str, Any]]:
    """What the net of each published line sets beyond the table's common settings."""
    first = experiment.table[0].set if experiment.table else {}
    return [{**first, **line.set} for line in experiment.gradient_check.published]


def problems(experiment: Experiment, settings: Sequence[Settings]) -> list[str]:
    """Published lines about parameters that their nets, with ``settings``, do not have; one line each."""
    return [
        f"gradient_check: published line {number} names {parameter}, which a net of {len(own.hidden) + 1} layers "
        f"{'with' if own.batch_norm else 'without'} batch norm does not have"
        for number, (line, own) in enumerate(
            zip(experiment.gradient_check.published, settings, strict=True), start=1
        )
        for parameter in line.parameters
        if not _has(own, parameter)
    ]


def _has(settings: Settings, parameter: str) -> bool:
    layer, depth = int(re.sub(r"\D", "", parameter)), len(settings.hidden) + 1
    return (
        layer <= depth
        if parameter[0] in "Wb" and parameter[1].isdigit()
        else settings.batch_norm and layer < depth
    )
