"""Settings and experiments: strict, all problems at once, each a line that names value, problem and repair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.nn.inits.normal import Normal
from chainrule.settings.settings import Settings
from chainrule.train.schedules.cycle import Cycle
from chainrule.train.schedules.decay import Decay
from support.tables import GOOD, lines


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
        ("learning_rate = 1\nlabel_smoothing = 1", "label_smoothing = 1: should be less than 1"),
        (
            "learning_rate = 1\nloss = 'hinge'\nlabel_smoothing = 0.1",
            "label_smoothing = 0.1: is of loss cross_entropy, not of 'hinge'; drop it",
        ),
        ("learning_rate = 1\nema = 1", "ema = 1: should be less than 1"),
        ("learning_rate = 1\ndropout = 0.2", "dropout = 0.2: there is no hidden layer to leave units out of"),
        ("learning_rate = 1\naugment = { shift = 0 }", "augment = {'shift': 0}: does nothing; write"),
        (
            "learning_rate = 1\naugment = { flop = true }",
            "augment.flop: is no known key; did you mean 'flip'?",
        ),
        ("learning_rate = 1\naugment = { shift = 1.5 }", "augment.shift = 1.5: should be a valid integer"),
        ("learning_rate = 1\nclip = -1", "clip = -1: should be greater than or equal to 0"),
        ("learning_rate = 1\norder = 'same'", "order = 'same': did you mean 'shared'?"),
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
        (
            "shuffle = true",
            "shuffle = false\norder = 'shared'",
            "order = 'shared': without shuffle all seeds see",
        ),
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
