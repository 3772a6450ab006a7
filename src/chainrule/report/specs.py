"""Charts as the page holds them: specifications whose colours follow the page's light or dark theme."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chainrule.report.style import AXIS, CONFIG, GRID, INK, MUTED, PALETTE
from chainrule.text import one_line

if TYPE_CHECKING:
    import altair as alt

DIGITS = 6
"""Significant digits of a chart's data: more than any screen resolves."""

VARIABLES = {
    INK: "var(--ink)", MUTED: "var(--muted)", AXIS: "var(--axis)", GRID: "var(--grid)",
    **{colour: f"var(--c{i})" for i, colour in enumerate(PALETTE)},
}  # fmt: skip
"""The page's variable for each colour of a figure."""


@dataclass(frozen=True)
class Placed:
    """A chart's number on the page, and what it says in words."""

    number: int
    description: str


@dataclass(frozen=True)
class Specs:
    """All charts of a page, in order."""

    specs: list[dict[str, Any]] = field(default_factory=list)

    def place(self, chart: alt.Chart | alt.LayerChart, description: str, height: int = 260) -> Placed:
        """Take a chart in; it becomes as wide as its place on the page."""
        sized = chart.properties(
            width="container",
            height=height,
            description=one_line(description),
            autosize={"type": "fit-x", "contains": "padding"},
        )
        # Charts are made by us and drawn by tests: to validate each anew takes a fifth of the time of a page.
        spec = sized.to_dict(validate=False)
        del spec["config"], spec["$schema"]
        self.specs.append(themed(spec))
        return Placed(len(self.specs) - 1, description)

    @property
    def config(self) -> dict[str, Any]:
        """Vega-Lite's configuration of all charts."""
        settings: dict[str, Any] = themed(CONFIG)
        return settings | {"background": "transparent"}


def themed(value: Any) -> Any:
    """A part of a specification with the page's colours, numbers rounded."""
    if isinstance(value, dict):
        return {key: themed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [themed(inner) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    return VARIABLES.get(value, value) if isinstance(value, str) else value
