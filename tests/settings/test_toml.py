"""Files of settings and what is written over them on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SettingsError
from chainrule.experiments.reading import read_experiment
from chainrule.settings.toml import overridden
from chainrule.train.schedules.decay import Decay
from support.tables import GOOD, lines


def test_overrides(read):
    common = GOOD + "learning_rate = { start = 0.1, decay_per_epoch = 0.5 }"
    settings = read(
        common, "epochs=3", "init=he", "learning_rate.start = 0.3", "hidden=[5]", "loss='hinge'"
    ).resolved()
    one = settings["all"]
    assert (one.epochs, one.init, one.hidden, one.loss) == (3, "he", (5,), "hinge")
    assert one.learning_rate == Decay(start=0.3, decay_per_epoch=0.5)


def test_overrides_that_cannot_work_are_refused_together(read):
    text = GOOD + 'learning_rate = 1\n[[rows]]\nname = "a"\nset = { l2 = 0.1 }'
    found = lines(read, text, "epochs", "l2=0.5", "epochz=3", "batch_size=-1")
    assert found == [
        "--set epochs: is no key=value; write for example --set epochs=5",
        "--set l2=0.5: l2 is set by a; edit the file",
        "batch_size = -1: should be greater than or equal to 1",
        "epochz: is no known key; did you mean 'epochs'?",
    ]


@pytest.mark.parametrize(
    ("value", "repair"),
    [
        ('{"metric": "roc_auc", "patience": 3}', "write --set 'a={metric=\"roc_auc\", patience=3}'"),
        ("{'metric': 'roc_auc', 'patience':3}", "write --set 'a={metric=\"roc_auc\", patience=3}'"),
        ("{metric=roc_auc}", "write --set 'a={name=value, other=\"text\"}'"),
    ],
)
def test_a_table_in_another_language_is_answered_in_toml(value, repair):
    assert overridden({}, [f"a={value}"], owners=lambda key: []) == (
        {},
        [f"--set a={value}: is no table of TOML; {repair}"],
    )


def test_unreadable_files(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_experiment(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="is a folder; give a TOML file"):
        read_experiment(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    with pytest.raises(SettingsError, match="is not TOML: it is no UTF-8 text"):
        read_experiment(tmp_path / "latin.toml")


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("x") / "f.toml"
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")
    with pytest.raises(SettingsError):
        read_experiment(path)
