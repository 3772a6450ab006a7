"""Searches: the score over what was searched, the best point and its standard error marked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from chainrule.records.figures import SearchesFigure, SearchScores
from chainrule.report.parallel import has_lines, parallel_chart
from chainrule.report.parallel import legend as legend_of_lines
from chainrule.report.searched import (
    NAMES,
    best,
    direction,
    flat,
    in_order,
    inits_text,
    is_number,
    score_name,
    searched,
    short,
)
from chainrule.report.style import AXIS, PALETTE, colour, report_extra, title_lines, titled
from chainrule.text import as_toml

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 480, 280
MOST_BARRED = 40
"""Points whose bars can be told apart."""
SIDE_BY_SIDE = 6
"""Points between the marks of two replicates."""


def draw_searches(figure: SearchesFigure) -> alt.VConcatChart:
    """Every search below each other: its trials as lines, where several settings were searched, then the score over
    each.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    lines = [
        parallel_chart(search).properties(
            width=WIDTH, height=HEIGHT, title=title_lines(f"{search.name}: {legend_of_lines(search)}", 70)
        )
        for search in figure.searches
        if has_lines(search)
    ]
    panels = [
        search_chart(search, key).properties(
            width=WIDTH,
            height=HEIGHT,
            title=title_lines(search.name if i else f"{search.name}: {said(search)}", 70),
        )
        for search in figure.searches
        for i, key in enumerate(searched(search))
    ]
    return titled(alt.vconcat(*lines, *panels, spacing=30), figure.title or figure.recipe)


def _numeric(search: SearchScores, key: str) -> bool:
    return all(is_number(flat(point.values).get(key)) for points in search.replicates for point in points)


def said(search: SearchScores) -> str:
    """The best points in words."""
    keys = searched(search)
    texts = [
        f"{', '.join(f'{key} = {short(flat(top.values).get(key))}' for key in keys)}: "
        f"{top.score:.4f}" + ("" if top.error is None else f" ± {top.error:.4f}")
        for top in best(search)
    ]
    nets = f"{inits_text(search)} a point"
    errors = "standard error; " * any(top.error is not None for top in best(search))
    better = f"; {score_name(search)}: {direction(search)}" * bool(search.called)
    return f"best at {'; '.join(texts)} ({errors}{nets}{better})" if texts else f"none complete ({nets})"


def legend(figure: SearchesFigure) -> str:
    """What the marks are."""
    several = any(len(search.replicates) > 1 for search in figure.searches)
    single = any(len(search.replicates) == 1 for search in figure.searches)
    parts = ["rings: the best point of each replicate" if several else "ring: the best point"]
    parts += ["bars: standard errors (where points are many, of the best alone)"]
    parts += ["band: within one standard error of the best"] * single
    replicates = [points for search in figure.searches for points in search.replicates]
    left = any(not point.complete for points in replicates for point in points)
    parts += ["pale: left behind on the way"] * left
    parts += ["dashed: the published best setting"] * any(search.published_best for search in figure.searches)
    return "; ".join(parts)


def search_chart(search: SearchScores, key: str) -> alt.LayerChart:
    """The score over ``key``, a colour a replicate; bars are standard errors, rings the best, the band one standard
    error around the best. A dashed line stands at the published best setting; points left behind are pale.

    Replicates stand side by side. Where several things are searched, many points have one value of ``key``: then, and
    where points are many, only the best have bars.
    """
    import altair as alt

    data, metric = _points(search, key), score_name(search)
    numeric = _numeric(search, key)
    order = in_order(point["value"] for point in data)
    x = alt.X("value:N", title=NAMES.get(key, key), sort=order, axis=alt.Axis(labelAngle=0, labelLimit=90))
    if numeric:
        x = alt.X("value:Q", title=NAMES.get(key, key), axis=_axis(data)).scale(_scale(data))
    names = list(dict.fromkeys(point["replicate"] for point in data))
    colours = alt.Color("replicate:N", title="replicate").scale(
        domain=names, range=[colour(i) for i in range(len(names))]
    )
    colours = colours.legend(orient="bottom") if len(names) > 1 else colours.legend(None)
    pale = alt.condition("datum.complete", alt.value(1.0), alt.value(0.25))
    y = alt.Y("score:Q", title=metric).scale(zero=False)
    value = alt.Tooltip("value:Q", title=key, format=".3~g") if numeric else alt.Tooltip("value:N", title=key)
    tooltip = [
        value, alt.Tooltip("score:Q", title=metric, format=".4f"),
        alt.Tooltip("error:Q", title="standard error", format=".4f"), alt.Tooltip("replicate:N"),
    ]  # fmt: skip
    layers: list[alt.Chart] = []
    top = next(iter(best(search)), None)
    if len(names) == 1 and top is not None and top.error is not None:
        band = alt.InlineData(values=[{"low": top.score - top.error, "high": top.score + top.error}])
        layers.append(
            alt.Chart(band).mark_rect(color=PALETTE[0], opacity=0.12).encode(y="low:Q", y2="high:Q")
        )
    published = flat(search.published_best).get(key)
    if is_number(published):
        line = alt.Chart(alt.InlineData(values=[{"value": published, "what": "published best"}]))
        dashed = line.mark_rule(color=AXIS, strokeDash=[4, 3], strokeWidth=1.5)
        layers.append(dashed.encode(x="value:Q", tooltip=["what:N", alt.Tooltip("value:Q", format=".4~g")]))
    for number, name in enumerate(names):
        aside = SIDE_BY_SIDE * (number - (len(names) - 1) / 2)
        base = alt.Chart().encode(x=x, color=colours, opacity=pale)
        base = base.transform_filter(f"datum.replicate === '{name}'")
        barred = (
            base
            if len(searched(search)) == 1 and len(data) <= MOST_BARRED
            else base.transform_filter("datum.best")
        )
        layers += [
            barred.mark_rule(strokeWidth=1.5, xOffset=aside).encode(y=alt.Y("low:Q"), y2="high:Q"),
            base.mark_point(filled=True, size=45, xOffset=aside).encode(y=y, tooltip=tooltip),
            base.transform_filter("datum.best")
            .mark_point(size=190, strokeWidth=2, xOffset=aside)
            .encode(y=y, tooltip=tooltip),
        ]
    return alt.LayerChart(layer=layers, data=alt.InlineData(values=data))


def _points(search: SearchScores, key: str) -> list[dict[str, Any]]:
    tops = best(search)
    numeric = _numeric(search, key)
    return [
        {
            "value": flat(point.values).get(key) if numeric else as_toml(flat(point.values).get(key)),
            "complete": point.complete, "score": point.score, "error": point.error,
            "low": point.score - (point.error or 0.0), "high": point.score + (point.error or 0.0),
            "replicate": str(number + 1), "best": number < len(tops) and point == tops[number],
        }
        for number, points in enumerate(search.replicates)
        for point in points
    ]  # fmt: skip


def _scale(data: list[dict[str, Any]]) -> alt.Scale:
    """Logarithmic; where 0 is among the values, linear between 0 and the smallest other one."""
    import altair as alt

    values = [point["value"] for point in data]
    if min(values) > 0:
        return alt.Scale(type="log", nice=False, padding=14)
    positive = [value for value in values if value > 0]
    if min(values) == 0 and positive:
        return alt.Scale(type="symlog", constant=min(positive), nice=False, padding=14)
    return alt.Scale(zero=False, nice=False, padding=14)


def _axis(data: list[dict[str, Any]]) -> alt.Axis:
    import altair as alt

    values = sorted({point["value"] for point in data})
    plainly = values[0] == 0 or (values[0] >= 0.01 and values[-1] < 10_000)
    ticks = values if len(values) <= 6 else alt.Undefined
    if len(values) > 6 and values[0] > 0 and values[-1] >= 100 * values[0]:
        ticks = [
            10.0**n for n in range(math.ceil(math.log10(values[0])), math.floor(math.log10(values[-1])) + 1)
        ]
    return alt.Axis(format="~r" if plainly else ".1~e", labelOverlap=True, values=ticks, tickCount=5)
