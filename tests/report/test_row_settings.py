"""The settings of a recipe's rows, as tables and in a sentence."""

from __future__ import annotations

import json

from chainrule.report.row_settings import settings_table, settings_tables, tried
from chainrule.report.run import open_run
from support.runs import example_run


def test_a_setting_that_only_some_rows_name_is_shown(tmp_path):
    folder = example_run(tmp_path)
    plan = json.loads((folder / "plan.json").read_text())
    plan["experiments"]["linear"]["settings"]["rate 0.1"]["activation"] = "tanh"
    first, *_ = plan["experiments"]["linear"]["settings"]
    for order in (1, -1):
        rows = dict(list(plan["experiments"]["linear"]["settings"].items())[::order])
        plan["experiments"]["linear"]["settings"] = rows
        (folder / "plan.json").write_text(json.dumps(plan))
        _, differing, *_ = settings_tables(open_run(folder), "linear")
        column = differing.columns.index("activation")
        assert {line[0]: line[column] for line in differing.body} == {
            first: "tanh",
            "rate 0.01, <b>bold</b>": "default",
        }


def test_fractions_of_single_nets_are_short():
    table = settings_table("settings", {"l2": [0.02828427, 0.01], "hidden": [1024], "clip": 0.12345})
    assert table.body == [["l2", "[0.0283, 0.01]"], ["hidden", "[1024]"], ["clip", "0.12345"]]


def test_the_sentence_says_what_was_trained_and_what_differs(tmp_path):
    folder = example_run(tmp_path)
    (sentence,) = tried(open_run(folder), "linear")
    assert sentence == "2 settings, trained each for 5 epochs; they differ in learning rate"
    (folder / "plan.json").unlink()
    assert tried(open_run(folder), "linear") == []
