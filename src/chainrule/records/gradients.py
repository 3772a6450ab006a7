"""Gradient checks of our own nets, as plain versioned data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chainrule.records.base import Environment, FileRecord, Number, Record

Compared = Literal["analytic-central", "analytic-forward", "analytic-complex", "forward-central"]
"""Two gradients of the same cost: derived by hand, by central or forward differences, by the complex step."""

CourseMistake = Literal["difference_without_copy", "logarithm_of_sum"]
"""A mistake in a check or a cost, as :mod:`chainrule.selfcheck.course` makes it."""

GradientVerdict = Literal["right", "suspect", "wrong", "zero"]
"""What a gradient is worth; ``zero``: it is rounding noise and has to be, as of a bias in front of batch norm."""


class DifferenceFigures(Record):
    """How far two gradients of one parameter lie apart.

    Attributes:
        parameter: such as ``W1``.
        compared: which two gradients.
        entries, kinks: how many were compared, and in how many a ReLU or a hinge switches within the step.
        smallest_relative, largest_relative, mean_relative, relative_norm, largest_absolute, mean_absolute,
            share_below: see :class:`chainrule.gradcheck.result.Discrepancy`; null where a gradient is not finite.
    """

    parameter: str
    compared: str
    entries: int
    kinks: int
    smallest_relative: Number
    largest_relative: Number
    mean_relative: Number
    relative_norm: Number
    largest_absolute: Number
    mean_absolute: Number
    share_below: Number


class MeasuredDifference(DifferenceFigures):
    """That of somebody's program, as :class:`chainrule.gradcheck.result.MethodDifference`."""


class GradientDifference(DifferenceFigures):
    """That of a net of ours, as :mod:`chainrule.selfcheck.entrywise` measures it.

    Attributes:
        net: widths, batch norm, loss.
        l2: of the cost.
        verdict: of the analytic gradient; null where nothing is judged, as with forward differences.
        published: the report's figures, by the names above.
        resolution: the least slope but 0 that a difference of two whole costs can show: one unit in the last place of
            the cost over twice the step; null where it was not measured, as before it came in.
    """

    compared: Compared
    net: str
    l2: float
    verdict: GradientVerdict | None
    published: dict[str, float]
    resolution: Number = None


class CheckedStage(Record):
    """One stage of a report's course of errors, run again.

    Attributes:
        samples: images in every cost.
        mistake: what is wrong; null where nothing is.
        step: of the forward differences.
        said: the report's words, where it gives no figure.
    """

    samples: int
    mistake: CourseMistake | None
    step: float
    said: str
    rows: list[GradientDifference]


class GradientChecks(FileRecord):
    """All comparisons of a recipe's nets.

    Attributes:
        dataset: ``name`` and ``checksum`` of the images.
        samples: images in every cost.
        seed: of initial parameters.
        eps: sizes that add up to less count as this much in relative differences; 1e-6 before it was kept.
        below: the absolute difference that ``share_below`` is about; 1e-6 before it was kept.
        inferred: what the report does not state.
        course: the errors that the report tells it met, run again.
        environment: command, versions and machine, where it was kept in a folder.
    """

    recipe: str
    dataset: dict[str, str]
    samples: int
    seed: int
    eps: float = 1e-6
    below: float = 1e-6
    inferred: list[str]
    rows: list[GradientDifference]
    course: list[CheckedStage] = Field(default_factory=list)
    environment: Environment = Field(default_factory=dict)
