"""Sensitivity to the init: the loss of settings that differ in it, as small multiples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from chainrule.records.figures import CurvesFigure
from chainrule.records.runs import ResultRow
from chainrule.report.curves import draw_line, metric_panels, seeds_text
from chainrule.report.style import report_extra, titled
from chainrule.text import as_toml

if TYPE_CHECKING:
    import altair as alt

METRIC = "loss"


class InitGroup(NamedTuple):
    """Settings that differ in nothing but the init: what they have in common, and their names."""

    common: str
    rows: list[str]


def init_groups(results: Sequence[ResultRow]) -> list[InitGroup]:
    """The lines of small multiples of one recipe; none where the table does not vary the init."""
    groups: dict[str, list[str]] = {}
    for name, setting in {
        row.name: row.setting for row in results if not row.metric.endswith(SEARCHED)
    }.items():
        if "init" in setting:
            rest = {key: value for key, value in setting.items() if key != "init"}
            groups.setdefault(json.dumps(rest, sort_keys=True), []).append(name)
    several = {common: rows for common, rows in groups.items() if len(rows) > 1}
    settings = [json.loads(common) for common in several]
    return [InitGroup(_said(json.loads(common), settings), rows) for common, rows in several.items()]


SEARCHED = ("best_val_accuracy", "shortfall")
"""How the metrics of searches end, whose settings are points."""


def _said(setting: dict[str, Any], lines: Sequence[dict[str, Any]]) -> str:
    """What sets a line apart from the others."""
    told = []
    for key in dict.fromkeys(key for line in lines for key in line):
        values = [line[key] for line in lines if key in line]
        if len(values) == len(lines) and all(value == values[0] for value in values):
            continue
        name, value = key.replace("_", " "), setting.get(key)
        if value is True or (key not in setting and values[0] is True):
            told.append(f"with {name}" if value else f"without {name}")
        else:
            told.append(f"{name} {as_toml(value) if key in setting else 'as in the settings of all rows'}")
    return ", ".join(told)


def draw_inits(figure: CurvesFigure, groups: Sequence[InitGroup]) -> alt.VConcatChart:
    """A line of panels for each of ``groups``; all share their y axis where they can.

    Raises:
        MissingExtraError: altair is not installed.
    """
    with report_extra():
        import altair as alt

    chosen = {row.row: row for row in figure.rows}
    rows = [chosen[name] for group in groups for name in group.rows if name in chosen]
    panels = iter(metric_panels(rows, METRIC))
    drawn = [
        alt.hconcat(
            *draw_line([next(panels) for name in group.rows if name in chosen], top=True, bottom=True),
            spacing=14,
        )
        for group in groups
    ]
    chart: alt.VConcatChart = alt.vconcat(*drawn, spacing=20)
    return titled(chart, f"{figure.title or figure.recipe}: sensitivity to the init", seeds_text(rows))
