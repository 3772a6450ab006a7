"""What is said below a table of gradient checks, computed from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chainrule.records.gradients import CheckedStage, CourseMistake, GradientDifference

RELATIVE = ("smallest_relative", "largest_relative", "mean_relative", "relative_norm")

MISTAKES: dict[CourseMistake | None, str] = {
    None: "nothing is wrong",
    "difference_without_copy": (
        "W_try = W makes no copy: what was moved stays moved, so entry i's difference is the sum of the gradient's "
        "entries up to i"
    ),
    "logarithm_of_sum": (
        "the cost sums y^T p over the samples before the logarithm: right for one; for N, 1/N of the gradient as long "
        "as all p are alike, (N - 1) / (N + 1) off"
    ),
}
"""What happens in a stage of a course of errors."""


def short(value: float) -> str:
    """A small number without zeros that say nothing: ``1.5e-8``."""
    return f"{value:g}".replace("e-0", "e-")


def kinks(rows: Sequence[GradientDifference]) -> str:
    """How often a step crossed a kink, where any value between the one-sided slopes was accepted."""
    central = [row for row in rows if row.compared == "analytic-central"]
    met = ", ".join(f"{row.parameter} {row.kinks} of {row.entries}" for row in central if row.kinks)
    crossed = f"kinks within the step: {met}" if met else "no kink within the step"
    return f"{sum(row.entries for row in central)} entries, {crossed}{_spread(rows)}"


def _spread(rows: Sequence[GradientDifference]) -> str:
    """Where some comparisons took fewer entries than there are."""
    every = {row.parameter: row.entries for row in rows if row.compared == "analytic-central"}
    fewer = {row.parameter: row.entries for row in rows if row.entries < every[row.parameter]}
    parts = ", ".join(f"{count} of {name}" for name, count in fewer.items())
    return f"; forward differences and complex step of {parts}" if parts else ""


def every_entry(rows: Sequence[GradientDifference], below: float) -> Iterator[str]:
    """Whether every entry differs by less than a threshold here, of comparisons of which that is published."""
    claimed = [row for row in rows if row.published.get("share_below") == 1]
    failing = [f"{row.parameter} {row.compared}" for row in claimed if row.share_below != 1]
    if claimed:
        here = f"not so here: {', '.join(failing)}" if failing else "so it is here"
        yield f"|a - n| < {short(below)} for every entry, as published of {len(claimed)} comparisons: {here}"


def zeros(rows: Sequence[GradientDifference], eps: float) -> Iterator[str]:
    """What published relative differences say of gradients that are rounding noise: nothing, or that costs were equal.

    |a| + |n| lies below ``eps`` there, so such a figure is |a - n| / eps. A difference of two costs is 0 or as large as
    the row's resolution at least; where |a - n| is less than half of that, both costs were the same number.
    """
    published = [
        (row, figure, row.published[figure])
        for row in rows
        if row.verdict == "zero"
        for figure in RELATIVE
        if figure in row.published
    ]
    for row, _, value in published:
        yield (
            f"{row.parameter}: the gradient is 0, so no error is relative to it: the published {value:.1e} is "
            f"|a - n| = {value * eps:.1e} over {short(eps)}{_origin(value * eps, row.resolution)}"
        )


def _origin(absolute: float, resolution: float | None) -> str:
    """Where a difference from a gradient of 0 comes from; nothing where the record does not hold the resolution."""
    if resolution is None:
        return ""
    least = f"the least that two costs which differ can show ({resolution:.1e} here)"
    if absolute < resolution / 2:
        return f", far below {least}: both costs were the same number, by luck"
    return f", rounding of the costs, of the order of {least}"


def stages(course: Sequence[CheckedStage]) -> list[str]:
    """What happens in each stage of a course of errors, and the report's words."""
    return [
        f"{number}: {counted(stage.samples)}: {MISTAKES[stage.mistake]}"
        + (f'; the report: "{stage.said}"' if stage.said else "")
        for number, stage in enumerate(course, start=1)
    ]


def counted(samples: int) -> str:
    """How many samples."""
    return f"{samples} sample{'s' * (samples != 1)}"
