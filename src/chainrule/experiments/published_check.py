"""What a report says that its own gradient check gave: a claim, which nothing here checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from chainrule.experiments.verdicts import Published
from chainrule.records.gradients import Compared, CourseMistake
from chainrule.settings.settings import Settings
from chainrule.settings.strict import Strict

FIGURES = (
    "smallest_relative", "largest_relative", "mean_relative", "relative_norm", "largest_absolute", "mean_absolute",
    "share_below",
)  # fmt: skip
"""What can be published of a comparison, as in :class:`chainrule.records.gradients.GradientDifference`."""


def _parameter(name: object) -> object:
    if not isinstance(name, str) or not re.fullmatch(r"(W|b|gamma|beta)[1-9]\d?", name):
        raise ValueError('name a parameter with its layer, such as "W1" or "gamma2"')
    return name


PublishedFigures = dict[Annotated[str, BeforeValidator(_parameter)], Published]
"""A published number for each parameter."""


class PublishedComparison(Strict):
    """The figures of one comparison, all parameters together.

    Attributes:
        smallest_relative, largest_relative, mean_relative, largest_absolute, mean_absolute: over the entries.
        relative_norm: one relative difference for a whole parameter.
        share_below: share of entries whose absolute difference lies below :attr:`GradientCheck.below`.
    """

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

    def without(self, *figures: str) -> Self:
        """The same comparison with nothing published of some figures."""
        return self.model_copy(update={figure: {} for figure in figures})

    def bare(self) -> Self:
        """The same comparison with nothing published of it."""
        return self.without(*FIGURES)


class PublishedDifference(PublishedComparison):
    """What a report says of one comparison on one net.

    Attributes:
        set: what the net sets beyond the table's first row.
        compared: which two gradients.
    """

    set: dict[str, Any] = Field(default_factory=dict)
    compared: Compared


class PublishedStage(PublishedComparison):
    """One stage of the errors that a report tells it met: the first row's net, by forward differences, without l2.

    Attributes:
        samples: images in the check.
        mistake: what was wrong; nothing by default.
        said: the report's words, where it gives no figure.
    """

    samples: Annotated[int, Field(ge=1)]
    mistake: CourseMistake | None = None
    said: str = ""

    def bare(self) -> PublishedStage:
        """The same stage with nothing published of it."""
        return super().bare().model_copy(update={"said": ""})


class GradientCheck(Strict):
    """How a report checked its gradient.

    Attributes:
        samples: images in the check.
        eps: sizes that add up to less count as this much in relative differences.
        below: the absolute difference that ``share_below`` is about.
        inferred: what the report does not state.
        published: see :class:`PublishedDifference`.
        course: errors on the way, in their order; see :class:`PublishedStage`.
    """

    samples: Annotated[int, Field(ge=1)] = 100
    eps: Annotated[float, Field(gt=0)] = 1e-6
    below: Annotated[float, Field(gt=0)] = 1e-6
    inferred: Annotated[tuple[str, ...], Field(strict=False)] = ()
    published: Annotated[tuple[PublishedDifference, ...], Field(strict=False)] = ()
    course: Annotated[tuple[PublishedStage, ...], Field(strict=False)] = ()

    def bare(self) -> GradientCheck:
        """The same nets with nothing published of them."""
        published, course = ([part.bare() for part in parts] for parts in (self.published, self.course))
        return self.model_copy(update={"published": tuple(published), "course": tuple(course)})

    def with_threshold(self, below: float) -> GradientCheck:
        """The same with shares below another difference; a share published of the old one is then left out."""
        if below == self.below:
            return self
        published, course = (
            [part.without("share_below") for part in parts] for parts in (self.published, self.course)
        )
        return self.model_copy(
            update={"below": below, "published": tuple(published), "course": tuple(course)}
        )

    @property
    def places(self) -> list[str]:
        """What each published line, then each stage, is called."""
        lines = [f"published line {number}" for number in range(1, len(self.published) + 1)]
        return [*lines, *(f"course, stage {number}" for number in range(1, len(self.course) + 1))]

    def own_settings(self, first: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the net at each of :attr:`places` sets; ``first`` is what the table's first row sets."""
        return [*({**first, **line.set} for line in self.published), *(dict(first) for _ in self.course)]

    def problems(self, settings: Sequence[Settings]) -> list[str]:
        """What does not fit together, with ``settings`` of the net at each of :attr:`places`; one line each."""
        parts: tuple[PublishedComparison, ...] = (*self.published, *self.course)
        lines = [
            f"gradient_check: {place} {said}"
            for place, part, own in zip(self.places, parts, settings, strict=True)
            for said in _unfit(part, own)
        ]
        if "below" not in self.model_fields_set and any(part.share_below for part in parts):
            lines.append("gradient_check: share_below is of which threshold? add it, such as below = 1e-6")
        return lines


def _unfit(part: PublishedComparison, settings: Settings) -> Iterator[str]:
    """Why a comparison cannot be one of a net."""
    for parameter in part.parameters:
        if not _has(settings, parameter):
            norm = "with" if settings.batch_norm else "without"
            yield f"names {parameter}, which a net of {len(settings.hidden) + 1} layers {norm} batch norm does not have"
    if not isinstance(part, PublishedStage):
        return
    if part.mistake == "logarithm_of_sum" and settings.loss != "cross_entropy":
        yield f"takes logarithms of probabilities, which loss = '{settings.loss}' has none of; drop the mistake"
    if settings.batch_norm and part.samples < 2:
        yield f"has samples = {part.samples}, but batch norm needs 2 or more; choose more"


def _has(settings: Settings, parameter: str) -> bool:
    layer, depth = int(re.sub(r"\D", "", parameter)), len(settings.hidden) + 1
    return (
        layer <= depth
        if parameter[0] in "Wb" and parameter[1].isdigit()
        else settings.batch_norm and layer < depth
    )
