"""A search in tables, words and charts."""

from __future__ import annotations

from chainrule.report import search_tables
from support.halved import halving, results


def test_the_best_stand_first_and_those_left_behind_after_those_trained_longer():
    assert [one.number for one in search_tables.in_order(halving(), "val_accuracy")] == [1, 2, 0, 3]
    assert [one.number for one in search_tables.in_order(halving(), "val_loss")] == [2, 1, 0, 3]


def test_the_table_of_trials():
    table = search_tables.trials_table(halving(), "val_accuracy", 1)
    assert table.columns == ["trial", "state", "l2", "init", "val_accuracy", "±", "epochs"]
    assert table.body[0] == ["1", "winner", "0.01", "normal = 0.1", "0.6000", "0.0100", "3"]
    assert table.body[-1] == ["3", "failed", "1", "he", "-", "0.0100", "-"]
    assert table.notes == []
    few = search_tables.trials_table(halving(), "val_accuracy", 1, most=2)
    assert len(few.body) == 2
    assert few.notes == ["2 more trials are in results.json"]
    alone = search_tables.trials_table(halving()[1:3], "val_accuracy", None)
    assert "epochs" not in alone.columns


def test_words():
    lines = search_tables.words(results())
    assert lines[0] == "failed: trial 3: no memory"
    assert lines[1] == "winner: trial 1 (l2 = 0.01, init = normal = 0.1): val_accuracy 0.6000 ± 0.0100"
    assert "test accuracy 0.5000 ± 0.0200 (standard error over 2 inits)" in lines[3]
    assert search_tables.words(results(winner=None))[-1].startswith("no winner: of 4 trials, 2 complete")
    assert (
        search_tables.strategy_text(results())
        == "halving, 4 trials of 2 inits each, scored by validation accuracy"
    )


def test_what_came_of_it_is_said_in_a_sentence():
    assert search_tables.found(results()) == (
        "Trial 1 of 4 was chosen: l2 = 0.01, init = normal = 0.1. Its validation accuracy is 0.6000 ± 0.0100; "
        "trained once more, its test accuracy is 0.5000 ± 0.0200."
    )
    assert search_tables.found(results(winner=None)).startswith("Of 4 trials none could be chosen")
