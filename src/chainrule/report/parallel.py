"""Parallel coordinates: every trial of a search as a line through its settings, to where it scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainrule.records.figures import SearchPoint, SearchScores
from chainrule.report.searched import NAMES, best, flat, in_order, is_number, score_name, searched, short
from chainrule.report.style import AXIS, INK, MUTED, PALETTE, report_extra

if TYPE_CHECKING:
    import altair as alt

FEWEST = 2
"""Settings from which on lines through them say more than the score over each by itself."""
GOOD = 0.25
"""The part of the trials whose lines stand out."""
LEGEND = (
    f"every trial as a line through its settings; blue: the best {GOOD:.0%} of the trials; thick blue: the best; "
    "grey: all others"
)


CHOSEN = "; thick orange: the chosen one"
"""What the legend says besides where a rule has chosen another than the best."""


@dataclass(frozen=True)
class Scale:
    """An axis of its own: numbers between the smallest and the largest, logarithmic from a factor of ten on; other
    values side by side, in the order in which they are given."""

    values: tuple[Any, ...]

    @property
    def numeric(self) -> bool:
        """Whether all values are numbers."""
        return all(is_number(value) for value in self.values)

    def place(self, value: Any) -> float:
        """Where ``value`` stands, from 0 at the bottom to 1 at the top; the middle where all are the same."""
        if not self.numeric:
            return self.values.index(value) / (len(self.values) - 1) if len(self.values) > 1 else 0.5
        low, high = min(self.values), max(self.values)
        if low == high:
            return 0.5
        if low > 0 and high >= 10 * low:
            return math.log(value / low) / math.log(high / low)
        return float((value - low) / (high - low))

    def marks(self) -> list[tuple[float, str]]:
        """What is written along the axis: the ends of numbers, every other value."""
        shown = sorted({min(self.values), max(self.values)}) if self.numeric else self.values
        return [(self.place(value), _text(value)) for value in shown]


def has_lines(search: SearchScores) -> bool:
    """Whether lines say something: several trials that differ in several settings."""
    return len(searched(search)) >= FEWEST and len(search.replicates[0]) > FEWEST


def parallel_chart(search: SearchScores) -> alt.LayerChart:
    """A line a trial of the first replicate: an axis for every setting that was searched, the score last.

    Trials that were left behind on the way stay grey whatever they scored: their scores are of fewer epochs.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    points, metric = search.replicates[0], score_name(search)
    axes = {NAMES.get(key, key): _column(points, key) for key in searched(search)}
    axes[metric] = [point.score for point in points]
    scales = {name: Scale(tuple(in_order(values))) for name, values in axes.items()}
    kinds = _kinds(search)
    data = [
        {
            "trial": number, "axis": name, "place": scales[name].place(values[number]), "kind": kinds[number],
            "value": _text(values[number]), "score": point.score,
        }
        for number, point in enumerate(points)
        for name, values in axes.items()
    ]  # fmt: skip
    marks = [
        {"axis": name, "place": place, "text": text}
        for name, scale in scales.items()
        for place, text in scale.marks()
    ]
    x = alt.X("axis:N", title=None, sort=list(axes), axis=_heads()).scale(type="point", padding=0.3)
    y = alt.Y("place:Q", title=None, axis=None).scale(domain=[-0.06, 1.12], nice=False)
    tooltip = [alt.Tooltip("trial:N"), alt.Tooltip("axis:N", title="setting"), alt.Tooltip("value:N"),
               alt.Tooltip("score:Q", title=metric, format=".4f")]  # fmt: skip
    lines = alt.Chart(alt.InlineData(values=data)).encode(x=x, y=y, detail="trial:N", tooltip=tooltip)
    written = alt.Chart(alt.InlineData(values=marks)).encode(x=x, y=y, text="text:N")
    layers: list[alt.Chart] = [
        lines.transform_filter(f"datum.kind === '{kind}'").mark_line(color=color, opacity=opacity, strokeWidth=width)
        for kind, color, opacity, width in (
            ("other", MUTED, 0.3, 1.2), ("good", PALETTE[0], 0.75, 1.6), ("best", PALETTE[0], 1.0, 3.5),
            ("chosen", PALETTE[1], 1.0, 3.5),
        )
    ]  # fmt: skip
    layers.append(written.mark_text(align="left", dx=5, fontSize=12, color=INK))
    return alt.LayerChart(layer=layers)


def legend(*searches: SearchScores) -> str:
    """What the lines are."""
    return LEGEND + CHOSEN * any("chosen" in _kinds(search) for search in searches)


def in_words(search: SearchScores) -> str:
    """What the lines show, for those who do not see them: the settings of the best trials."""
    points, kinds = search.replicates[0], _kinds(search)
    ranked = sorted(range(len(points)), key=lambda number: -_good(search, points[number]))
    told = [
        f"{', '.join(f'{key} = {short(flat(points[number].values).get(key))}' for key in searched(search))}: "
        f"{points[number].score:.4f}"
        for number in ranked
        if kinds[number] != "other"
    ]
    return f"{len(points)} trials as lines through their settings to {score_name(search)}; the best: {'; '.join(told)}"


def _column(points: list[SearchPoint], key: str) -> list[Any]:
    """What the points have at ``key``: numbers, or everything as text."""
    values = [flat(point.values).get(key) for point in points]
    return values if all(map(is_number, values)) else [short(value) for value in values]


def _kinds(search: SearchScores) -> list[str]:
    """``best``, ``chosen`` where that is another, ``good`` or ``other``, one a trial of the first replicate."""
    points = search.replicates[0]
    complete = sorted((_good(search, point) for point in points if point.complete), reverse=True)
    enough = complete[max(1, round(GOOD * len(points))) - 1 :][:1] or complete[-1:]
    first = best(search)[:1]
    kinds = ["good" if point.complete and _good(search, point) >= enough[0] else "other" for point in points]
    if search.chosen is not None:
        kinds[search.chosen] = "chosen"
    if first:
        kinds[points.index(first[0])] = "best"
    return kinds


def _good(search: SearchScores, point: SearchPoint) -> float:
    """The score with a sign such that more is better."""
    return -point.score if search.metric == "val_loss" else point.score


def _heads() -> alt.Axis:
    import altair as alt

    return alt.Axis(
        orient="top", labelPadding=16, labelAngle=0, labelFontWeight=600, labelLimit=160, grid=True, gridColor=AXIS,
        domain=False, ticks=False, labelExpr="split(datum.label, regexp('[ ]|(?=[.])'))",
    )  # fmt: skip


def _text(value: Any) -> str:
    return value if isinstance(value, str) else short(value)
