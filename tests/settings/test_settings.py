"""Settings and experiments: strict, all problems at once, each a line that names value, problem and repair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.errors import SettingsError
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.reading import read_experiment
from chainrule.nn.inits.normal import Normal
from chainrule.settings.settings import Settings
from chainrule.train.schedules.cycle import Cycle
from chainrule.train.schedules.decay import Decay

GOOD = """
title = "t"
[settings]
train = "data_batch_1"
val = "data_batch_2"
test = "test_batch"
preprocess = "center"
init = { normal = 0.01 }
batch_size = 100
epochs = 40
shuffle = true
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text: str, *overrides: str) -> Experiment:
        path = tmp_path / "f.toml"
        path.write_text(text)
        return read_experiment(path, overrides)

    return read_text


def lines(read, text, *overrides):
    with pytest.raises(SettingsError) as caught:
        read(text, *overrides)
    return [problem.partition("f.toml: ")[2] or problem for problem in caught.value.problems]


def test_a_file_without_rows_is_one_row(read):
    settings = read(GOOD + "learning_rate = 0.1").resolved()
    assert list(settings) == ["all"]
    assert settings["all"].learning_rate == 0.1
    assert settings["all"].init == Normal(normal=0.01)
    assert settings["all"].l2 == 0.0


def test_rows_set_over_what_is_common(read):
    rows = """
learning_rate = 1
[[rows]]
name = "a"
set = { l2 = 1, learning_rate = { start = 0.2, decay_per_epoch = 0.9 }, hidden = [50, 30] }
[[rows]]
name = "b"
"""
    settings = read(GOOD + rows).resolved()
    assert settings["a"].learning_rate == Decay(start=0.2, decay_per_epoch=0.9)
    assert settings["a"].hidden == (50, 30)
    assert (settings["b"].learning_rate, settings["b"].l2) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "learning_rate: is missing and has no default"),
        ("learning_rate = -1", "learning_rate = -1: write a number above 0"),
        ("learning_rate = nan", "learning_rate = nan: write a number above 0"),
        ("learning_rate = inf", "learning_rate = inf: write a number above 0"),
        ("learning_rate = true", "learning_rate = True: write a number above 0"),
        ("learning_rate = 1\nl2 = -0.1", "l2 = -0.1: should be greater than or equal to 0"),
        ("learning_rate = 1\nl2 = nan", "l2 = nan: should be a finite number"),
        ("learning_rate = 1\nhiden = [3]", "hiden: is no known key; did you mean 'hidden'?"),
        ("learning_rate = 1\nloss = 'hinges'", "loss = 'hinges': did you mean 'hinge'?"),
        ("learning_rate = 1\nloss = 3", "loss = 3: should be"),
        ("learning_rate = 1\nhidden = [0]", "hidden.0 = 0: should be greater than or equal to 1"),
        ("learning_rate = 1\nhidden = 5", "hidden = 5: should be"),
        ("learning_rate = { start = 1 }", "learning_rate.decay_per_epoch: is missing"),
        (
            "learning_rate = { start = 1, decay_per_epoch = 1.5 }",
            "learning_rate.decay_per_epoch = 1.5: should be less",
        ),
        ("learning_rate = 1\nbatch_norm = true", "batch_norm = true: there is no hidden layer"),
        (
            "learning_rate = 1\nrunning_share = 0.5",
            "running_share = 0.5: there are no running values without batch",
        ),
        ("learning_rate = 1\nrunning_share = 1", "running_share = 1: should be less than 1"),
        (
            "learning_rate = { min = 1, max = 0.5, half_cycle = 5 }",
            "learning_rate = {'min': 1, 'max': 0.5, 'half_cycle': 5}: min = 1 is not below max = 0.5; swap",
        ),
        ("learning_rate = { min = 0.1, max = 0.5 }", "learning_rate.half_cycle: is missing"),
        (
            "learning_rate = { min = 0.1, max = 0.5, half_cycle = 0 }",
            "learning_rate.half_cycle = 0: should be",
        ),
        ("learning_rate = { start = 1, decay = 0.5 }", "learning_rate.decay: is no known key"),
    ],
)
def test_one_problem(read, text, expected):
    assert any(line.startswith(expected) for line in lines(read, GOOD + text))


def test_what_came_later_stands_in_records_only_where_it_is_not_usual(read):
    rate = "learning_rate = 1\nhidden = [5]\nbatch_norm = true\n"
    usual = read(GOOD + rate).resolved()["all"]
    assert "running_share" not in usual.model_dump()
    other = read(GOOD + rate + "running_share = 0.5").resolved()["all"]
    assert other.model_dump() == usual.model_dump() | {"running_share": 0.5}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("epochs = 40", "epochs = 4.0", "epochs = 4.0: should be a valid integer"),
        ("epochs = 40", "epochs = 0", "epochs = 0: should be greater than or equal to 1"),
        ("shuffle = true", "shuffle = 1", "shuffle = 1: should be a valid boolean"),
        ("batch_size = 100", 'batch_size = "100"', "batch_size = '100': should be a valid integer"),
        ('"center"', '"centre"', "preprocess = 'centre': did you mean 'center'?"),
        ("{ normal = 0.01 }", '"hee"', "init = 'hee': write"),
        ("{ normal = 0.01 }", "{ normal = 0 }", "init.normal = 0: should be greater than 0"),
        ("{ normal = 0.01 }", "{ normal = 1, bais = 1 }", "init.bais: is no known key; did you mean 'bias'?"),
        ('"data_batch_1"', "0", "train = 0: write"),
        ('"data_batch_1"', "true", "train = True: write"),
        ('"data_batch_1"', "[]", "train = []: write"),
        ('"data_batch_1"', '["a", "a"]', "train = ['a', 'a']: a batch is named twice"),
        ("[settings]", "[setings]", "settings: is missing"),
        ("[settings]", "[setings]", "setings: is no known key; did you mean 'settings'?"),
        ('title = "t"', "title = 3", "title = 3: should be a valid string"),
        ('title = "t"', 'title = "', "is not TOML"),
        ('title = "t"', "settings = 3", "is not TOML"),
    ],
)
def test_one_problem_elsewhere(read, old, new, expected):
    found = lines(read, (GOOD + "learning_rate = 1").replace(old, new))
    assert any(expected in line for line in found), found


def test_all_problems_at_once(read):
    text = """
learning_rate = -1
hiden = [3]
[[rows]]
name = "a"
set = { l2 = -1 }
published = { test_acc = "0.1", val_accuracy = "0.3x" }
[[rows]]
name = "a"
set = { batch_sise = 3 }
[[claims]]
text = "q"
predicate = "lowr"
"""
    found = lines(read, GOOD + text)
    assert len(found) == 7, found
    assert "row 'a': l2 = -1: should be greater than or equal to 0" in found


def test_names_in_claims_and_metrics_are_checked(read):
    text = """
learning_rate = 1
[[rows]]
name = "fast"
published = { val_accuracy = "0.3" }
[[rows]]
name = "fast"
[[claims]]
text = "q"
predicate = "lower"
quantity = "loss_gap"
row = "fats"
than = "fast"
"""
    found = lines(read, GOOD + text)
    assert "rows: the name 'fast' is given twice" in found
    assert "claims: 'q' names the row 'fats'; did you mean 'fast'?" in found
    assert "rows: 'fast' publishes val_accuracy, which metrics does not list; add it there" in found


def test_what_other_runs_told_is_a_strict_record(read):
    text = """
learning_rate = 1
[[found]]
text = "it is so"
seeds = 0
date = "May"
comand = "c"
"""
    told = lines(read, GOOD + text)
    assert "found.0.seeds = 0: should be greater than or equal to 1" in told
    assert "found.0.comand: is no known key; did you mean 'command'?" in told
    assert any(line.startswith("found.0.date = 'May'") for line in told)
    (run,) = read(GOOD + text[: text.index("seeds")]).found
    assert (run.text, run.seeds) == ("it is so", None)


def test_what_rows_rule_out_is_refused(read):
    rows = """
learning_rate = 1
[[rows]]
name = "deep"
set = { hidden = [5] }
[[rows]]
name = "brief"
set = { evaluate = "validation" }
[[claims]]
text = "q"
predicate = "same_distribution"
of = "gradients"
row = "deep"
to = "deep"
margin = 0.1
"""
    assert list(dict.fromkeys(lines(read, 'gradient_histograms = ["deep"]' + GOOD + rows))) == [
        "gradient_histograms: row 'deep' has hidden layers; only one layer is shown",
        "claims: 'q': row 'deep' has hidden layers; only gradients of one layer can be compared",
        "row 'brief': evaluate = 'validation' measures val_accuracy alone; drop it or the other metrics",
    ]


def test_settings_of_searches_are_checked(read):
    text = (
        GOOD.replace("epochs = 40", "")
        + """
learning_rate = 1
[[searches]]
name = "s"
space = { l2 = [0, -1], batch_size = [10] }
strategy = { kind = "grid", inits = 1 }
"""
    )
    assert lines(read, text, "l2=3", "batch_size=5") == [
        "--set l2=3: l2 is set by s; edit the file",
        "--set batch_size=5: batch_size is set by s; edit the file",
        "epochs: is missing and has no default; add it",
        "row 'search s': l2 = -1: should be greater than or equal to 0",
    ]


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


def test_unreadable_files(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_experiment(tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_experiment(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"title = '\xe9'")
    with pytest.raises(SettingsError, match="is not UTF-8"):
        read_experiment(tmp_path / "latin.toml")


positive = st.floats(1e-6, 1e6)
everything = st.builds(
    Settings,
    train=st.one_of(st.sampled_from(["data_batch_1"]), st.integers(1, 50000), st.just(("data_batch_1", "x"))),
    val=st.integers(1, 9),
    test=st.just("test_batch"),
    preprocess=st.sampled_from(["scale_to_unit", "center", "standardize"]),
    hidden=st.lists(st.integers(1, 99), min_size=1, max_size=4).map(tuple),
    batch_norm=st.booleans(),
    loss=st.sampled_from(["cross_entropy", "hinge"]),
    init=st.one_of(
        st.sampled_from(["he", "xavier"]), st.builds(Normal, normal=positive, bias=st.just(0.0) | positive)
    ),
    batch_size=st.integers(2, 500),
    epochs=st.integers(1, 99),
    shuffle=st.booleans(),
    learning_rate=st.one_of(
        positive,
        st.builds(Decay, start=positive, decay_per_epoch=st.floats(0.1, 0.9)),
        st.builds(Cycle, min=st.floats(1e-6, 0.1), max=st.floats(0.2, 1), half_cycle=st.integers(1, 99)),
    ),
    l2=st.just(0.0) | positive,
)


@given(everything)
def test_settings_survive_json(settings):
    assert Settings.model_validate_json(settings.model_dump_json()) == settings
    assert Settings.model_validate(settings.model_dump(mode="json")) == settings


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("x") / "f.toml"
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")
    with pytest.raises(SettingsError):
        read_experiment(path)
