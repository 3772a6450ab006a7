"""The demo."""

from __future__ import annotations

from chainrule.cli.app import run
from chainrule.experiments import recipes
from chainrule.records.runs import Results


def test_demo_runs_every_recipe_on_digits(capsys, tmp_path):
    assert run(["demo", "--seeds", "1", "--out", "out", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert "on digits they need not hold" in captured.out
    results = Results.read(tmp_path / "out" / "results.json")
    assert {row.recipe for row in results.rows} == set(recipes.names())
    assert {row.published for row in results.rows} == {None}
    assert all(value is not None and value > 0.05 for row in results.rows for value in row.values)
