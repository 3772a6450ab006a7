"""Which nets a table's gradient check covers, and what its report says that its own check gave."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from chainrule.config import Settings, Strict
from chainrule.errors import SettingsError
from chainrule.experiments.verdicts import Published
from chainrule.records import Compared

if TYPE_CHECKING:
    from chainrule.experiments.experiment import Experiment

FIGURES = (
    "smallest_relative", "largest_relative", "mean_relative", "relative_norm", "largest_absolute", "mean_absolute",
    "share_below",
)  # fmt: skip
"""What can be published of a comparison, as in :class:`chainrule.records.GradientDifference`."""


def _parameter(name: object) -> object:
    if not isinstance(name, str) or not re.fullmatch(r"(W|b|gamma|beta)[1-9]\d?", name):
        raise ValueError('name a parameter with its layer, such as "W1" or "gamma2"')
    return name


Figures = dict[Annotated[str, BeforeValidator(_parameter)], Published]
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
    smallest_relative: Figures = Field(default_factory=dict)
    largest_relative: Figures = Field(default_factory=dict)
    mean_relative: Figures = Field(default_factory=dict)
    relative_norm: Figures = Field(default_factory=dict)
    largest_absolute: Figures = Field(default_factory=dict)
    mean_absolute: Figures = Field(default_factory=dict)
    share_below: Figures = Field(default_factory=dict)

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


@dataclass(frozen=True)
class CheckedNet:
    """One architecture to check: its settings, its l2 from small to large, and what is published of it for some."""

    settings: Settings
    l2: tuple[float, ...]
    published: tuple[tuple[float, PublishedDifference], ...] = ()

    def figures(self, l2: float, compared: Compared, parameter: str) -> dict[str, str]:
        """What is published of one comparison, as printed."""
        lines = [line for of, line in self.published if of == l2 and line.compared == compared]
        return {figure: value for line in lines for figure, value in line.of(parameter).items()}


def own_settings(experiment: Experiment) -> list[dict[str, Any]]:
    """What the net of each published line sets beyond the table's common settings."""
    first = experiment.table[0].set if experiment.table else {}
    return [{**first, **line.set} for line in experiment.gradient_check.published]


def problems(experiment: Experiment, settings: Sequence[Settings]) -> list[str]:
    """Published lines about parameters that their nets, with ``settings``, do not have; one line each."""
    return [
        f"gradient_check: published line {number} names {parameter}, which a net of {len(one.hidden) + 1} layers "
        f"{'with' if one.batch_norm else 'without'} batch norm does not have"
        for number, (line, one) in enumerate(
            zip(experiment.gradient_check.published, settings, strict=True), start=1
        )
        for parameter in line.parameters
        if not _has(one, parameter)
    ]


def _has(settings: Settings, parameter: str) -> bool:
    layer, depth = int(re.sub(r"\D", "", parameter)), len(settings.hidden) + 1
    return (
        layer <= depth
        if parameter[0] in "Wb" and parameter[1].isdigit()
        else settings.batch_norm and layer < depth
    )


def nets(experiment: Experiment, batch_norm: bool | None = None) -> list[CheckedNet]:
    """The architectures of a table, each once: those of published lines first, then those of rows and searches.

    Each is checked with l2 = 0, with the table's common l2 (the largest that is used, where rows set their own) and
    with those of published lines.

    Args:
        experiment: the table.
        batch_norm: for all nets, instead of what they set; figures of others are then left out.

    Raises:
        SettingsError: batch norm is wanted of a net without hidden layers.
    """
    common = experiment.settings
    lines = [
        (Settings.model_validate({**common, **own}), line)
        for own, line in zip(own_settings(experiment), experiment.gradient_check.published, strict=True)
    ]
    found: dict[object, list[tuple[Settings, PublishedDifference | None]]] = {}
    for settings, line in [*lines, *((one, None) for one in experiment.every_setting())]:
        wanted = settings if batch_norm is None else _set(settings, batch_norm)
        kept = line if wanted == settings else None
        found.setdefault((wanted.hidden, wanted.batch_norm, wanted.loss), []).append((wanted, kept))
    usual = common.get("l2", 0.0)
    return [
        _net([one for one, _ in group], [(s.l2, p) for s, p in group if p], usual) for group in found.values()
    ]


def _net(
    group: Sequence[Settings], published: list[tuple[float, PublishedDifference]], usual: float
) -> CheckedNet:
    penalty = usual or max(settings.l2 for settings in group)
    return CheckedNet(group[0], tuple(sorted({0.0, penalty, *(l2 for l2, _ in published)})), tuple(published))


def _set(settings: Settings, batch_norm: bool) -> Settings:
    if batch_norm and not settings.hidden:
        raise SettingsError("batch norm: a net of this recipe has no hidden layer to normalise; leave it out")
    return settings.model_copy(update={"batch_norm": batch_norm})
