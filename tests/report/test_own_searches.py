"""Searches that other programs wrote."""

from __future__ import annotations

import pytest

from chainrule.errors import DataError
from chainrule.report.own_searches import read_search


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


def test_a_loss_is_chosen_by_where_there_is_no_accuracy_or_it_is_named(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("eta,val_loss,test_acc,betyg\n0.1,2,0.5,0.1\n0.2,1,0.6,0.2\n")
    assert read_search(path)[0].searches[0].metric == "val_loss"
    assert read_search(path, "val_loss")[0].searches[0].metric == "val_loss"
    named = read_search(path, "betyg")[0].searches[0]
    assert (named.metric, named.replicates[0][1].score) == ("val_accuracy", 0.2)


def test_what_is_no_search_is_refused(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("eta,betyg\n0.1,2\n0.2,1\n")
    with pytest.raises(DataError, match="no column is a score"):
        read_search(path)
