"""A finished run in somebody's hands."""

from __future__ import annotations

import subprocess
import sys

import pytest

import chainrule
from chainrule.errors import SettingsError
from chainrule.files import write_text
from chainrule.report.run import Run, open_run
from support.halved import results
from support.runs import CLASSES, ROWS, example_results, example_run


def test_importing_chainrule_imports_no_drawing():
    code = "import sys, chainrule; assert not {'altair', 'numpy', 'jinja2', 'pydantic'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert chainrule.open_run is open_run
    assert set(ROWS) == {"linear", "deep"}
    assert len(CLASSES) == 3


def test_a_run_says_what_came_of_it(tmp_path):
    run = open_run(example_run(tmp_path / "r"))
    assert isinstance(run, Run)
    assert run.record == example_results()
    assert run.best is None
    assert run.trials == []
    assert str(run).splitlines()[0] == run.heading == "r"
    assert str(run).splitlines()[1:] == run.words
    assert run.words[-1].startswith("2 agree, 2 differ, 1 uninformative; ")
    assert run.table(recipe="deep").body[0][0] == "sigma 1"
    assert run.only(["linear"]).table().body[0][0] == "rate 0.1"
    with pytest.raises(SettingsError, match="holds several tables; name one of linear, deep"):
        run.table()
    with pytest.raises(SettingsError, match=r"recipe 'dep': .* did you mean 'deep'"):
        run.table(recipe="dep")


def test_a_search_is_a_run_too(tmp_path):
    write_text(tmp_path / "search.json", "{}")
    write_text(tmp_path / "results.json", results(winner=None).to_json())
    run = open_run(tmp_path)
    assert run.record == run.search == results(winner=None)
    assert run.best is None
    assert run.trials[1]["l2"] == 0.01
    assert (
        run.heading
        == "a <search> on digits: halving, 4 trials of 2 inits each, scored by validation accuracy"
    )
    assert run.words[-1].startswith("no winner: of 4 trials, 2 complete")
    assert len(run.table(2).body) == 2
    assert run.only(run.recipes).search == run.search


def test_the_page_is_written_into_the_folder(tmp_path):
    run = open_run(example_run(tmp_path))
    assert run.write_page() == tmp_path / "report.html"
    assert "One layer" in (tmp_path / "report.html").read_text()
