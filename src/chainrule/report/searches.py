"""Searches: the score over what was searched, the best point and its standard error marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chainrule.figure_records import SearchesFigure, SearchPoint, SearchScores
from chainrule.report.style import AXIS, PALETTE, plain, report_extra, titled

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 480, 280
NAMES = {"l2": "λ (l2)"}
METRICS = {"val_accuracy": "validation accuracy", "val_loss": "validation loss"}


def draw_searches(figure: SearchesFigure) -> alt.VConcatChart:
    """Every search below each other.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    panels = [
        search_chart(search, key).properties(
            width=WIDTH, height=HEIGHT, title=f"{search.name}: {said(search)}"
        )
        for search in figure.searches
        for key in searched(search)
    ]
    return titled(alt.vconcat(*panels, spacing=30), figure.title or figure.recipe)


def searched(search: SearchScores) -> list[str]:
    """What the search varies: each is an axis."""
    points = [point for replicate in search.replicates for point in replicate]
    return list(points[0].values) if points else []


def _numeric(search: SearchScores, key: str) -> bool:
    return all(_is_number(point.values[key]) for points in search.replicates for point in points)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def best(search: SearchScores) -> list[SearchPoint]:
    """Each replicate's best point, the first of equals."""
    sign = -1 if search.metric == "val_loss" else 1
    complete = [[point for point in points if point.complete] for points in search.replicates]
    return [max(points, key=lambda point: sign * point.score) for points in complete if points]


def said(search: SearchScores) -> str:
    """The best points in words."""
    texts = [
        f"{', '.join(f'{key} = {_text(value)}' for key, value in top.values.items())}: "
        f"{top.score:.4f} ± {top.error:.4f}"
        for top in best(search)
    ]
    nets = f"{search.inits} init{'s' * (search.inits > 1)} a point"
    return f"best at {'; '.join(texts)} (standard error; {nets})" if texts else f"none complete ({nets})"


def _text(value: Any) -> str:
    return f"{value:.3g}" if _is_number(value) else plain(value)


def search_chart(search: SearchScores, key: str) -> alt.LayerChart:
    """The score over ``key``, a colour a replicate; bars are standard errors, rings the best, the band one standard
    error around the best. A dashed line stands at the published best setting; points left behind are pale."""
    import altair as alt

    data, metric = _points(search, key), METRICS[search.metric]
    numeric = _numeric(search, key)
    x = alt.X("value:N", title=NAMES.get(key, key), sort=None, axis=alt.Axis(labelAngle=0, labelLimit=90))
    if numeric:
        x = alt.X("value:Q", title=NAMES.get(key, key), axis=_axis(data)).scale(_scale(data))
    names = sorted({point["replicate"] for point in data})
    colours = alt.Color("replicate:N", title="replicate").scale(
        domain=names, range=list(PALETTE[: len(names)])
    )
    colours = colours.legend(orient="bottom") if len(names) > 1 else colours.legend(None)
    pale = alt.condition("datum.complete", alt.value(1.0), alt.value(0.25))
    base = alt.Chart().encode(x=x, color=colours, opacity=pale)
    y = alt.Y("score:Q", title=metric).scale(zero=False)
    value = alt.Tooltip("value:Q", title=key, format=".3~g") if numeric else alt.Tooltip("value:N", title=key)
    tooltip = [
        value, alt.Tooltip("score:Q", title=metric, format=".4f"),
        alt.Tooltip("error:Q", title="standard error", format=".4f"), alt.Tooltip("replicate:N"),
    ]  # fmt: skip
    layers: list[alt.Chart] = []
    if len(names) == 1 and best(search):
        top = best(search)[0]
        band = alt.InlineData(values=[{"low": top.score - top.error, "high": top.score + top.error}])
        layers.append(
            alt.Chart(band).mark_rect(color=PALETTE[0], opacity=0.12).encode(y="low:Q", y2="high:Q")
        )
    published = search.published_best.get(key)
    if published is not None and _is_number(published):
        line = alt.Chart(alt.InlineData(values=[{"value": published, "what": "published best"}]))
        dashed = line.mark_rule(color=AXIS, strokeDash=[4, 3], strokeWidth=1.5)
        layers.append(dashed.encode(x="value:Q", tooltip=["what:N", alt.Tooltip("value:Q", format=".4~g")]))
    layers += [
        base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2="high:Q"),
        base.mark_point(filled=True, size=45).encode(y=y, tooltip=tooltip),
        base.transform_filter("datum.best").mark_point(size=190, strokeWidth=2).encode(y=y, tooltip=tooltip),
    ]
    return alt.LayerChart(layer=layers, data=alt.InlineData(values=data))


def _points(search: SearchScores, key: str) -> list[dict[str, Any]]:
    tops = best(search)
    numeric = _numeric(search, key)
    return [
        {
            "value": point.values[key] if numeric else plain(point.values[key]), "complete": point.complete,
"score": point.score, "error": point.error, "low": point.score - point.error,
            "high": point.score + point.error, "replicate": str(number + 1), "best": point in tops,
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
    return alt.Axis(format="~r" if plainly else ".1~e", labelOverlap=True, values=ticks, tickCount=5)
