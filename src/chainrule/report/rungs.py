"""Successive halving: every trial's score at the epochs where trials were compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chainrule.records.searches import SearchResults
from chainrule.report.searched import METRICS
from chainrule.report.style import MUTED, PALETTE, report_extra

if TYPE_CHECKING:
    import altair as alt


def has_rungs(search: SearchResults) -> bool:
    """Whether trials were compared on the way."""
    return any(len(trial.rungs) > 1 for trial in search.trials)


def rungs_chart(search: SearchResults) -> alt.LayerChart:
    """Score against epochs, a line a trial; the winner's is thick.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    winner = search.winner.trial if search.winner else None
    data = [
        {"trial": trial.number, "epochs": rung.epochs, "score": rung.mean, "winner": trial.number == winner}
        for trial in search.trials
        for rung in trial.rungs
        if rung.mean is not None
    ]
    epochs = sorted({point["epochs"] for point in data})
    x = alt.X("epochs:Q", title="epochs trained", axis=alt.Axis(values=epochs)).scale(type="log", padding=10)
    y = alt.Y("score:Q", title=METRICS[search.strategy["metric"]]).scale(zero=False)
    tooltip = [alt.Tooltip("trial:N"), alt.Tooltip("epochs:Q"), alt.Tooltip("score:Q", format=".4f")]
    base = alt.Chart().encode(x=x, y=y, detail="trial:N", tooltip=tooltip)
    others, own = base.transform_filter("!datum.winner"), base.transform_filter("datum.winner")
    layers = [
        others.mark_line(color=MUTED, opacity=0.35, strokeWidth=1.2),
        others.mark_point(color=MUTED, opacity=0.5, size=16, filled=True),
        own.mark_line(color=PALETTE[0], strokeWidth=3),
        own.mark_point(color=PALETTE[0], size=60, filled=True),
    ]
    return alt.LayerChart(layer=layers, data=alt.InlineData(values=data))
