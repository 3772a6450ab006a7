"""Searches that other programs wrote."""

from __future__ import annotations

import pytest

from chainrule.errors import DataError, SettingsError
from chainrule.records.figures import SearchesFigure
from chainrule.report.own_searches import read_search
from chainrule.report.own_tables import search_table
from chainrule.report.searched import score_name
from chainrule.report.searches import draw_searches
from chainrule.report.searches import said as best_said


def test_settings_are_what_varies_and_per_cents_are_shares(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("eta,lam,epochs,n,val_acc\n0.1,0,40,1,50\n0.1,1,40,1,60\n0.2,0,40,1,70\n")
    figure, said = read_search(path)
    (search,) = figure.searches
    assert [point.values for point in search.replicates[0]] == [
        {"eta": 0.1, "lam": 0.0}, {"eta": 0.1, "lam": 1.0}, {"eta": 0.2, "lam": 0.0},
    ]  # fmt: skip
    assert [point.score for point in search.replicates[0]] == [0.5, 0.6, 0.7]
    assert said == ["s.csv: val_acc is the score; searched: eta, lam", "3 settings of 1 init each"]


def searched(tmp_path, *lines, **options):
    path = tmp_path / "s.csv"
    path.write_text("\n".join(lines) + "\n")
    figure, said = read_search(path, **options)
    return figure.searches[0], said


def test_a_loss_is_chosen_by_where_there_is_no_accuracy_or_it_is_named(tmp_path):
    lines = "eta,val_loss,test_acc,betyg,fel_rmse", "0.1,2,50,0.1,3", "0.2,1,60,2,4"
    for score in (None, "val_loss"):
        search, _ = searched(tmp_path, *lines, score=score)
        assert (search.metric, search.called, score_name(search)) == ("val_loss", "", "validation loss")
    # A score of an unknown name is headed by it and stays as it is; which way is better is said.
    search, said = searched(tmp_path, *lines, score="betyg")
    assert (search.metric, score_name(search)) == ("val_accuracy", "betyg")
    assert [point.score for point in search.replicates[0]] == [0.1, 2]
    assert "betyg is the score, larger is better; searched: eta" in said[0]
    assert searched(tmp_path, *lines, score="betyg", smaller=True)[0].metric == "val_loss"
    assert searched(tmp_path, *lines, score="fel_rmse")[0].metric == "val_loss"
    search, _ = searched(tmp_path, *lines, score="test_acc")
    assert (score_name(search), search.replicates[0][1].score) == ("test_acc", 0.6)
    with pytest.raises(SettingsError, match="is not there"):
        searched(tmp_path, *lines, score="beytg")


def test_nets_that_differ_in_a_text_are_no_inits_of_one_and_neither_are_those_that_lack_a_number(tmp_path):
    search, _ = searched(
        tmp_path,
        "lam,act,width,seed,val_acc",
        "1,relu,,1,.9",
        "1,relu,,2,.7",
        "1,tanh,,1,.5",
        "1,tanh,50,1,.6",
    )
    assert [(point.values["act"], point.values["width"], point.inits) for point in search.replicates[0]] == [
        ("relu", "none", 2), ("tanh", "none", 1), ("tanh", 50.0, 1),
    ]  # fmt: skip


def test_epochs_are_a_setting_where_nets_share_them_and_results_never(tmp_path):
    search, said = searched(
        tmp_path,
        "epochs,lam,seconds,error_rate,acc_val",
        "10,1,3,.5,.5",
        "20,1,4,.4,.6",
        "10,2,5,.3,.7",
        "20,2,6,.2,.8",
    )
    assert search.replicates[0][0].values == {"epochs": 10.0, "lam": 1.0}
    assert said[0].endswith("; searched: epochs, lam; not searched: seconds, error_rate")
    search, _ = searched(tmp_path, "epochs,lam,acc_val", "17,1,.5", "21,1,.6", "34,2,.7")
    assert [point.values for point in search.replicates[0]] == [{"lam": 1.0}, {"lam": 2.0}]
    search, _ = searched(tmp_path, "epochs,acc_val", "10,.5", "20,.6")
    assert search.replicates[0][1].values == {"epochs": 20.0}


def test_inits_are_counted_by_the_setting_and_one_has_no_error(tmp_path):
    search, said = searched(tmp_path, "lam,seed,val_acc", "1,1,.5", "1,2,.6", "2,1,.9")
    assert said[1] == "2 settings of 1 to 2 inits each, averaged"
    table = search_table(search).table
    assert table.columns == ["lam", "validation accuracy", "±", "inits"]
    assert table.body == [["2", "0.9000", "-", "1"], ["1", "0.5500", "0.0500", "2"]]
    assert draw_searches(SearchesFigure(recipe="r", title="t", searches=[search])).to_dict()
    assert best_said(search) == "best at lam = 2: 0.9000 (1 to 2 inits a point)"


def test_what_is_no_search_is_refused(tmp_path):
    with pytest.raises(DataError, match="no column is a score"):
        searched(tmp_path, "eta,betyg", "0.1,2", "0.2,1")
    with pytest.raises(DataError, match="'val_acc' holds no number that settings could be chosen by"):
        searched(tmp_path, "eta,val_acc", "0.1,nan", "0.2,")
