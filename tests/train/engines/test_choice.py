"""Which engine trains: the one asked for, else compiled code where all of a net has a kernel."""

from __future__ import annotations

import dataclasses

import pytest

from chainrule.components import OPTIMIZERS
from chainrule.data.transforms.transform import fit
from chainrule.errors import SettingsError
from chainrule.train.engines import choice
from chainrule.train.population import Training
from support.components import registered
from support.prototypes import prototype_settings

DEEP = {"hidden": (6, 5), "batch_norm": True}
engines = pytest.mark.parametrize("engine", ["layers", "compiled"])


@pytest.fixture(autouse=True)
def _own_components():
    with registered():
        yield


@pytest.fixture
def begin(splits):
    def start_training(members, engine):
        transform = fit("center", splits["train"].images, 255)
        return Training(members, 0, splits, transform, 4, engine=engine)

    return start_training


@engines
def test_an_engine_is_the_one_that_was_asked_for(begin, engine, compiling):
    training = begin([prototype_settings()], engine)
    assert training.engine == engine
    assert type(training._engine).__name__.lower() == engine


def test_what_has_a_kernel_is_compiled_where_nothing_is_asked_for(begin, compiling, monkeypatch):
    nets = [({}, "compiled"), (DEEP, "compiled"), ({"loss": "squared"}, "layers")]
    nets += [(DEEP | {"activation": name}, "layers") for name in ("bipolar", "leaky")]
    nets += [(DEEP | {"activation": name}, "compiled") for name in ("tanh", "gelu_tanh")]
    nets += [
        ({"optimizer": "adam", "ema": 0.9}, "compiled"),
        ({"optimizer": "adam", "clip": 1.0}, "compiled"),
    ]
    for net, expected in nets:
        assert begin([prototype_settings(**net)], None).engine == expected
    monkeypatch.setenv("CHAINRULE_COMPILED", "off")
    assert begin([prototype_settings()], None).engine == "layers"


def test_engines_that_cannot_be_are_refused(begin):
    with pytest.raises(SettingsError, match=r"engine = 'compild': did you mean 'compiled'\?"):
        begin([prototype_settings()], "compild")
    with pytest.raises(SettingsError, match="engine = 'compiled': nothing is compiled here; install"):
        begin([prototype_settings()], "compiled")


def test_what_the_layers_alone_can_do_is_said_in_a_line(compiling):
    told = {
        "clip": 1.0,
        "dropout": 0.2,
        "ema": 0.9,
        "augment": {"flip": True},
        "loss": "squared",
    }
    lines = [choice.note(prototype_settings(**DEEP, **some)) for some in ({}, {"clip": 1.0}, told)]
    assert lines == [
        None,
        None,
        "trained by the layers: compiled code has no loss 'squared' and no augment",
    ]


def test_a_component_of_ones_own_is_trained_by_the_layers_whatever_it_has(compiling):
    OPTIMIZERS.register(dataclasses.replace(OPTIMIZERS["sgd"], name="mine"))
    settings = prototype_settings(optimizer="mine")
    assert choice.chosen([settings]) == "layers"
    assert choice.note(settings) == "trained by the layers: compiled code has no optimizer 'mine'"
