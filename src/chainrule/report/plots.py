"""A run's figures as altair charts, by name: for notebooks, and for files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from chainrule.errors import SettingsError, suggestion
from chainrule.records.figures import (
    CurvesFigure,
    Figure,
    HistogramsFigure,
    PredictionsFigure,
    ResidualsFigure,
    SearchesFigure,
    TemplatesFigure,
)
from chainrule.report import inits, overlay
from chainrule.report.confusion import draw_confusion
from chainrule.report.curves import COLUMNS, draw_curves
from chainrule.report.folder import RunFolder
from chainrule.report.histograms import draw_histograms
from chainrule.report.residuals import draw_residuals
from chainrule.report.searches import draw_searches
from chainrule.report.templates import draw_mistakes, draw_templates

if TYPE_CHECKING:
    import altair as alt

FigureKind = TypeVar("FigureKind", bound=Figure)


class Plots:
    """Each method draws one figure of a run; a run of several tables needs the name of one. ``narrow``: fewer panels
    stand side by side, for a column of a paper.

    Raises (every method):
        SettingsError: the table is not named, unknown, or has no such figure.
        MissingExtraError: altair or Pillow is not installed.
    """

    def __init__(self, run: RunFolder, *, narrow: bool = False) -> None:
        self._run = run
        self._narrow = narrow

    def __call__(self, recipe: str | None = None) -> alt.VConcatChart:
        """What was searched, where there was a search; else the curves."""
        searched = any(isinstance(figure, SearchesFigure) for figure in self._run.figures)
        return self.searches(recipe) if searched else self.curves(recipe)

    def curves(self, recipe: str | None = None) -> alt.VConcatChart:
        """Loss, cost and accuracy, a panel a setting."""
        return draw_curves(self._find(CurvesFigure, recipe), columns=2 if self._narrow else COLUMNS)

    def loss(self, recipe: str | None = None) -> alt.LayerChart:
        """Mean loss of a sample, of all settings in one chart."""
        return overlay.draw_overlay(self._find(CurvesFigure, recipe), "loss")

    def cost(self, recipe: str | None = None) -> alt.LayerChart:
        """Loss + penalty."""
        return overlay.draw_overlay(self._find(CurvesFigure, recipe), "cost")

    def accuracy(self, recipe: str | None = None) -> alt.LayerChart:
        """Share of right answers."""
        return overlay.draw_overlay(self._find(CurvesFigure, recipe), "accuracy")

    def learning_rate(self, recipe: str | None = None) -> alt.LayerChart:
        """The rate of the last update before each epoch's end."""
        return overlay.draw_overlay(self._find(CurvesFigure, recipe), "learning_rate")

    def inits(self, recipe: str | None = None) -> alt.VConcatChart:
        """The loss of settings that differ in their init, as small multiples."""
        figure = self._find(CurvesFigure, recipe)
        groups = inits.init_groups([row for row in self._run.results.rows if row.recipe == figure.recipe])
        if not groups:
            raise SettingsError(f"{figure.recipe}: no two settings differ in nothing but the init")
        return inits.draw_inits(figure, groups)

    def templates(self, recipe: str | None = None) -> alt.VConcatChart:
        """The rows of one-layer nets' W as pictures."""
        return draw_templates(self._find(TemplatesFigure, recipe), 5 if self._narrow else None)

    def gradients(self, recipe: str | None = None) -> alt.ConcatChart:
        """Histograms of dJ/dW after training."""
        return draw_histograms(self._find(HistogramsFigure, recipe), 1 if self._narrow else 2)

    def confusion(self, recipe: str | None = None) -> alt.ConcatChart:
        """Test images by true and predicted class."""
        return draw_confusion(self._find(PredictionsFigure, recipe), 1 if self._narrow else 2)

    def mistakes(self, recipe: str | None = None) -> alt.VConcatChart:
        """The mistakes on the test split that the nets are surest of."""
        return draw_mistakes(self._find(PredictionsFigure, recipe))

    def residuals(self, recipe: str | None = None) -> alt.LayerChart:
        """Numbers as they were predicted against those that were measured."""
        return draw_residuals(self._find(ResidualsFigure, recipe))

    def searches(self, recipe: str | None = None) -> alt.VConcatChart:
        """Validation accuracy over what was searched."""
        return draw_searches(self._find(SearchesFigure, recipe))

    def _find(self, kind: type[FigureKind], recipe: str | None) -> FigureKind:
        known = list(dict.fromkeys(figure.recipe for figure in self._run.figures))
        if recipe is not None and recipe not in known:
            raise SettingsError(
                f"recipe '{recipe}': {self._run.folder} has no figures of it; {suggestion(recipe, known)}"
            )
        own = [figure for figure in self._run.figures if recipe in (None, figure.recipe)]
        figures = [figure for figure in own if isinstance(figure, kind)]
        if not figures:
            raise SettingsError(
                f"{self._run.folder}: holds no data of this figure; where an older chainrule wrote it, "
                "run its command again with the same --out"
            )
        if len(figures) > 1:
            raise SettingsError(f"{self._run.folder}: holds several tables; name one of {', '.join(known)}")
        return figures[0]


Drawing = Callable[[], Any]
"""Draws a chart when it is called."""


NARROW = 100.0
"""Millimetres up to which a figure is narrow."""


def drawings(run: RunFolder, recipe: str, *, narrow: bool = False) -> dict[str, Drawing]:
    """All figures that there are of a recipe, by name, in the order of the page."""
    plot = Plots(run, narrow=narrow)
    own = [figure for figure in run.figures if figure.recipe == recipe]
    drawn: dict[str, Drawing] = {}
    for figure in own:
        for name in _names(figure, run):
            drawn[name] = _drawing(plot, name, recipe)
    return {name: drawn[name] for name in ORDER if name in drawn}


ORDER = (
    "loss", "cost", "accuracy", "learning_rate", "curves", "inits", "searches", "templates", "gradients", "confusion",
    "mistakes", "residuals",
)  # fmt: skip
"""The figures' names, which are those of the methods of :class:`Plots`."""


def _drawing(plot: Plots, name: str, recipe: str) -> Drawing:
    return lambda: getattr(plot, name)(recipe)


def _names(figure: Figure, run: RunFolder) -> list[str]:
    """The names under which a figure's data is drawn."""
    if isinstance(figure, CurvesFigure):
        varied = inits.init_groups([row for row in run.results.rows if row.recipe == figure.recipe])
        return [*overlay.metrics(figure), "curves", *(["inits"] if varied else [])]
    if isinstance(figure, PredictionsFigure):
        return ["confusion", *(["mistakes"] if any(row.mistakes for row in figure.rows) else [])]
    return [figure.kind]
