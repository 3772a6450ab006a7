"""Figures of a run by name."""

from __future__ import annotations

import pytest

import chainrule
from chainrule.errors import SettingsError
from chainrule.report.plots import ORDER, drawings
from chainrule.report.run import open_run
from support.runs import example_run


def test_every_figure_is_a_chart_by_name(tmp_path):
    run = chainrule.open_run(str(example_run(tmp_path)))
    charts = drawings(run, "linear") | drawings(run, "deep")
    # Numbers are of fits alone.
    assert [name for name in ORDER if name in charts] == [name for name in ORDER if name != "residuals"]
    for name, drawn in charts.items():
        recipe = "deep" if name == "inits" else "linear"
        spec = getattr(run.plot, name)(recipe).to_dict()
        assert spec["title"]["text"][0].startswith(("One layer", "Sensitivity")), name
        assert drawn().to_dict()["config"] == spec["config"]


def test_a_notebook_names_the_table_where_there_are_several(tmp_path):
    plot = open_run(example_run(tmp_path)).plot
    with pytest.raises(SettingsError, match="holds several tables; name one of linear, deep"):
        plot.loss()
    with pytest.raises(SettingsError, match=r"recipe 'liner': .* did you mean 'linear'"):
        plot.loss("liner")
    with pytest.raises(SettingsError, match="holds no data of this figure"):
        plot.templates("deep")
    with pytest.raises(SettingsError, match="no two settings differ in nothing but the init"):
        plot.inits("linear")
    assert plot.templates().to_dict()["title"]["text"]


def test_the_first_of_all_figures_is_that_of_the_search_or_the_curves(tmp_path):
    plot = open_run(example_run(tmp_path / "a")).plot
    assert plot("linear").to_dict() == plot.searches("linear").to_dict()
    plot = open_run(example_run(tmp_path / "b", kinds={"curves"})).plot
    assert plot("linear").to_dict() == plot.curves("linear").to_dict()
