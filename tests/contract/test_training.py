"""What holds for the training of nets of every component: both engines, members, states, types."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.components import ACTIVATIONS, INITS, LOSSES, OPTIMIZERS, SCHEDULES, TRANSFORMS
from chainrule.data.transforms.transform import fit
from chainrule.errors import SettingsError
from chainrule.nn.network import Network
from chainrule.records.runs import CURVES, Divergence
from chainrule.train.engines import choice
from chainrule.train.population import Training, train
from support.components import names
from support.nets import assert_close
from support.prototypes import learned_splits, prototype_settings

DEEP = {"hidden": (6, 5), "batch_norm": True}
CHOSEN = {
    "loss": LOSSES,
    "activation": ACTIVATIONS,
    "optimizer": OPTIMIZERS,
    "init": INITS,
    "preprocess": TRANSFORMS,
    "learning_rate": SCHEDULES,
}
TABLES = {
    "normal": {"normal": 0.3, "bias": 0.1},
    "constant": 0.05,
    "decay": {"start": 0.1, "decay_per_epoch": 0.5},
    "cycle": {"min": 0.01, "max": 0.2, "half_cycle": 7},
    "cosine": {"peak": 0.2, "warm_up": 0.25, "end": 0.01},
    "warmed": {"rate": 0.05, "warm_up": 0.25},
    "half_wave": {"highest": 0.2, "lowest": 0.01},
}
NUMBERS = {"label_smoothing": 0.1, "clip": 0.3, "ema": 0.9, "dropout": 0.2}
"""Settings that are numbers, which members may have of their own; 0 is for nothing."""
EVERY = [
    {setting: TABLES.get(name, name)} for setting, registry in CHOSEN.items() for name in names(registry)
] + [{name: value} for name, value in NUMBERS.items()]
every = pytest.mark.parametrize("own", EVERY, ids=str)
"""Settings that each choose one component, of all kinds, or are a number."""
LAYERS_ALONE = [
    {"loss": "squared"},
    *({"activation": name} for name in names(ACTIVATIONS) if name not in ACTIVATIONS),
    *({name: NUMBERS[name]} for name in choice.LAYERS_ALONE if name in NUMBERS),
]
"""Those without a compiled kernel; of what engines do not compute themselves none is needed."""
every_engine = pytest.mark.parametrize(
    ("engine", "own"),
    [
        (engine, own)
        for own in EVERY
        for engine in ("layers", "compiled")
        if engine == "layers" or own not in LAYERS_ALONE
    ],
    ids=str,
)


@pytest.fixture
def trained(splits):
    def run(*members, seed=3, dtype=np.float64, engine="layers"):
        transform = fit(members[0].preprocess, splits["train"].images, 255)
        parts, outputs = learned_splits(splits, members[0].loss)
        return train(members, seed, parts, transform, outputs, dtype=dtype, engine=engine)

    return run


@pytest.fixture
def begin(splits):
    def start_training(members, engine, start=None, dtype=np.float32):
        transform = fit(members[0].preprocess, splits["train"].images, 255)
        parts, outputs = learned_splits(splits, members[0].loss)
        return Training(members, 3, parts, transform, outputs, dtype, start, engine)

    return start_training


def three(own, **more):
    """Nets that differ, all with that component, or that number, its half and 0."""
    common = DEEP | own | more
    rates = {} if "learning_rate" in own else {"learning_rate": 0.02}
    numbers = [{name: share * own[name] for name in NUMBERS if name in own} for share in (1.0, 0.5, 0.0)]
    return [
        prototype_settings(**common | number | one)
        for number, one in zip(numbers, ({}, {"l2": 0.01} | rates, {"l2": 0.1}), strict=True)
    ]


def assert_equal(one, other):
    for name in ("histories", "final", "best", "diverged"):
        assert getattr(one, name) == getattr(other, name), name
    for name, array in one.last.items():
        np.testing.assert_array_equal(array, other.last[name])
        np.testing.assert_array_equal(one.best_weights[name], other.best_weights[name])


@every
def test_it_learns_and_matters(trained, own):
    members = three(own, epochs=10)
    history = trained(*members).histories[0]
    assert history.train_cost[-1] < history.train_cost[0]
    (setting,) = own
    usual = prototype_settings(**DEEP)
    if getattr(members[0], setting) != getattr(usual, setting):
        assert trained(members[0]).histories != trained(usual.model_copy(update={"epochs": 10})).histories


@every
def test_both_engines_agree_or_the_compiled_one_refuses(trained, own, compiling):
    members = three(own)
    if own in LAYERS_ALONE:
        (setting,) = own
        named = setting if setting in NUMBERS else f"{setting} '{own[setting]}'"
        with pytest.raises(SettingsError, match=f"engine = 'compiled': has no kernel of {named}"):
            trained(*members, engine="compiled")
        return
    ours, theirs = (trained(*members, engine=engine) for engine in ("compiled", "layers"))
    assert_close(ours.last, theirs.last, 1e-10)
    for index in range(3):
        for curve in CURVES:
            pair = [np.array(outcome.histories[index].curve(curve), float) for outcome in (ours, theirs)]
            np.testing.assert_allclose(*pair, rtol=1e-9)


@every_engine
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-11), (np.float32, 2e-4)])
def test_a_member_of_three_is_as_if_alone(trained, own, engine, dtype, relative, compiling):
    members = three(own)
    together = trained(*members, dtype=dtype, engine=engine)
    for index, member in enumerate(members):
        alone = trained(member, dtype=dtype, engine=engine)
        assert {array.dtype for array in alone.last.values()} == {np.dtype(dtype)}
        assert_close(alone.last, {n: a[index : index + 1] for n, a in together.last.items()}, relative)
        losses = [outcome.histories[i].val_loss for outcome, i in ((together, index), (alone, 0))]
        np.testing.assert_allclose(*losses, rtol=10 * relative)


@every
def test_float32_is_float64_but_for_rounding(trained, own):
    single, double = (trained(*three(own, epochs=1), dtype=dtype) for dtype in (np.float32, np.float64))
    assert_close(single.last, double.last, 2e-4)


@every_engine
def test_a_member_poisoned_with_nan_disturbs_nobody(trained, own, engine, compiling, monkeypatch):
    members = three(own)
    clean, initial = trained(*members, engine=engine), Network.initial

    def poisoned(self, *arguments):
        parameters = initial(self, *arguments)
        parameters["W1"][1] = np.nan
        return parameters

    monkeypatch.setattr(Network, "initial", poisoned)
    outcome = trained(*members, engine=engine)
    for index in (0, 2):
        assert outcome.histories[index] == clean.histories[index]
        assert outcome.final[index] == clean.final[index]
        for name, array in clean.last.items():
            np.testing.assert_array_equal(outcome.last[name][index], array[index])
    assert outcome.diverged == [None, Divergence(step=0, kept_step=0), None]
    assert set(outcome.final[1].values()) <= {None, outcome.final[1]["test_accuracy"]}


@every_engine
def test_training_that_stops_and_goes_on_gives_the_same_bits(begin, own, engine, compiling):
    members = three(own, epochs=4)
    training = begin(members, engine)
    while training.epoch < 2:
        training.train_epoch()
    again = begin(members, engine, training.state().take(range(3)))
    for one in (training, again):
        while one.epoch < 4:
            one.train_epoch()
    assert_equal(again.outcome(), training.outcome())
