"""Search files: what they say, and everything that is wrong with them at once."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.searches.search import check, read_file, read_search
from support.searching import L2, SETTINGS, document


def lines(*arguments, **named) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_search(*arguments, **named)
    return list(caught.value.problems)


def test_a_search_knows_its_nets():
    search = read_search(document())
    assert search.settings_of({"l2": 0.5}).l2 == 0.5
    assert search.settings_of({"l2": 0.5}).evaluate == "validation"
    assert [list(search.seeds(seed)) for seed in (0, 1)] == [[0, 1], [2, 3]]
    assert search.epochs == 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"strategy": {"kind": "random", "trials": 0}}, "strategy.random.trials = 0: should be greater than or equal"),
        ({"strategy": {"kind": "tpe", "trials": 5, "batch": 0}}, "strategy.tpe.batch = 0: should be greater"),
        ({"strategy": {"kind": "grid", "inits": 0}}, "strategy.grid.inits = 0: should be greater"),
        ({"strategy": {"kind": "halving", "eta": 1}}, "strategy.halving.eta = 1: should be greater"),
        ({"strategy": {"kind": "gird"}}, "strategy.kind = 'gird': did you mean 'grid'?"),
        ({"strategy": {}}, "strategy.kind"),
        ({"strategy": {"kind": "grid", "metric": "test_accuracy"}}, "metric = 'test_accuracy': did you mean 'val_"),
        ({"strategy": {"kind": "grid", "metric": "f1"}}, "strategy.grid.metric = 'f1': known: val_accuracy, val_loss"),
        ({"strategy": {"kind": "grid", "choose": "best"}}, "choose = 'best': known: mean, one_standard_error"),
        ({"strategy": {"kind": "grid", "trials": 3}}, "strategy.grid.trials: is no known key; known: choose, inits"),
        ({"strategy": {"kind": "tpe", "trails": 3}}, "strategy.tpe.trails: is no known key; did you mean 'trials'?"),
        ({"strategy": "grid"}, "strategy = 'grid'"),
        ({"spaces": {}}, "spaces: is no known key; did you mean 'space'?"),
        ({"settings": SETTINGS | {"epoch": 3}}, "epoch: is no known key; did you mean 'epochs'?"),
        ({"settings": SETTINGS | {"evaluate": "curves"}}, "settings.evaluate: a search evaluates the validation split"),
        ({"space": {"l2": [-1.0, 0.1]}}, "l2 = -1.0: should be greater than or equal to 0"),
        ({"space": {"l2": {"low": -1, "high": 0.1}}, "strategy": {"kind": "random", "trials": 2}}, "l2 = -1.0"),
        ({"space": {"learning_rate.max": [0.1]}}, "learning_rate.min: is missing"),
        ({"space": {"hidden": [[], [5]], "batch_norm": [True, False]}}, "batch_norm = true: there is no hidden layer"),
        ({"settings": SETTINGS | {"hidden": []}, "space": {"hidden.width": [5]}}, "space.hidden: there is no hidden"),
        ({"space": {}}, "space: is empty; write for example"),
        ({"space": 3}, "space = 3"),
        ({"settings": 3}, "settings = 3"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(changes, expected):
    found = lines(document() | changes)
    assert any(expected in line for line in found), found
    assert len(found) <= 2
    assert all("\n" not in line for line in found)


def test_missing_parts_are_named():
    assert {line.partition(":")[0] for line in lines({})} == {"settings", "space", "strategy"}


def test_all_problems_at_once():
    found = lines(
        document({"lx": [1], "l2": {"low": 2, "high": 1}}, {"kind": "random", "trials": 0}, epochs=0),
        ["batch_sizes"],
    )
    assert len(found) == 5


@pytest.mark.parametrize("hidden", [5, "ab", {"a": 1}, True])
def test_hidden_layers_that_are_none_are_refused_where_their_width_is_searched(hidden):
    said = lines(document({"hidden.width": [5, 6], "hidden.depth": [1]}, hidden=hidden))
    assert f"hidden = {hidden!r}: should be a valid tuple" in said


def test_overrides_replace_settings_that_are_not_searched(tmp_path):
    assert read_search(document(), ["epochs=7", "init.normal=0.5"]).settings["epochs"] == 7
    assert lines(document(), ["l2=1"]) == ["--set l2=1: l2 is set by the space; edit the file"]
    path = tmp_path / "s.toml"
    path.write_text("[settings]\n[space]\n")
    with pytest.raises(SettingsError, match=r"s\.toml: strategy: is missing"):
        read_file(path)


def test_a_data_set_that_does_not_fit_is_refused(digits):
    search = read_search(document({"batch_size": [50, 5000]}))
    with pytest.raises(
        SettingsError, match="batch_size = 5000: train holds 200 samples of digits; choose fewer"
    ):
        check(search, digits)
    check(read_search(document({"l2": L2}, {"kind": "random", "trials": 2})), digits)
