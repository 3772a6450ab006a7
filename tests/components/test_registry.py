"""Components by name: found, chosen by settings, registered and taken out again."""

from __future__ import annotations

import pytest

from chainrule.components import ACTIVATIONS, INITS, LOSSES, REGISTRIES, SCHEDULES, TRANSFORMS
from chainrule.components.kinds import Loss, Schedule
from chainrule.errors import SettingsError
from chainrule.settings.settings import CHOICES, Settings
from chainrule.settings.strict import Strict
from support.components import BIPOLAR, COSINE, SQUARED, registered
from support.prototypes import prototype_settings


def test_the_built_in_ones_come_in_order():
    assert {registry.kind: list(registry) for registry in REGISTRIES} == {
        "loss": ["cross_entropy", "hinge", "squared_error", "binary_cross_entropy"],
        "activation": ["relu", "leaky_relu", "tanh", "sigmoid", "silu", "gelu", "gelu_tanh"],
        "optimizer": ["sgd", "momentum", "nesterov", "adam", "adamw"],
        "schedule": ["constant", "decay", "cycle", "cosine", "warmed"],
        "init": ["xavier", "he", "glorot", "normal"],
        "transform": ["scale_to_unit", "center", "standardize", "standardize_all"],
    }


def test_every_kind_has_a_setting_that_chooses():
    assert CHOICES.keys() <= Settings.model_fields.keys()
    assert len(CHOICES) == len(REGISTRIES)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_records_say_what_they_are_in_a_line(registry):
    for name, component in registry.items():
        assert component.name == name
        assert component.about
        assert "\n" not in component.about
        assert not registry.is_own(component)


def test_an_unknown_name_is_said_with_what_comes_close():
    with pytest.raises(SettingsError, match=r"^loss 'hinges': is unknown here; did you mean 'hinge'\?$"):
        LOSSES["hinges"]
    with pytest.raises(
        SettingsError,
        match=r"^activation 'q': is unknown here; known: gelu, gelu_tanh, leaky_relu, relu, sigmoid, silu, tanh$",
    ):
        ACTIVATIONS["q"]


@pytest.mark.parametrize(
    ("registry", "value", "name"),
    [
        (SCHEDULES, 0.1, "constant"),
        (
            SCHEDULES,
            prototype_settings(learning_rate={"start": 1, "decay_per_epoch": 0.5}).learning_rate,
            "decay",
        ),
        (INITS, "he", "he"),
        (INITS, prototype_settings().init, "normal"),
        (TRANSFORMS, "center", "center"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_s_value_chooses(registry, value, name):
    assert registry.of(value).name == name


def test_what_is_registered_is_known_until_it_is_taken_out():
    with registered():
        assert LOSSES["squared"] is SQUARED
        assert list(LOSSES) == ["cross_entropy", "hinge", "squared_error", "binary_cross_entropy", "squared"]
        assert (len(LOSSES), "squared" in LOSSES, LOSSES.is_own(SQUARED)) == (5, True, True)
        assert prototype_settings(loss="squared").own_components == ["loss 'squared'"]
    assert "squared" not in LOSSES
    assert prototype_settings().own_components == []
    with pytest.raises(SettingsError, match="loss 'squared': was not registered"):
        LOSSES.unregister("squared")


@pytest.mark.parametrize("name", ["hinge", "squared"])
def test_a_name_is_given_once(name):
    again = Loss(name=name, about="again", forward=SQUARED.forward, backward=SQUARED.backward)
    with (
        registered(),
        pytest.raises(SettingsError, match=f"loss '{name}': that name is taken; choose another"),
    ):
        LOSSES.register(again)


def test_tables_that_could_not_be_told_apart_are_refused():
    class Same(Strict):
        lowest: float
        highest: float

    twin = Schedule(name="twin", about="the same keys", settings=Same, rates=COSINE.rates)
    with (
        registered(),
        pytest.raises(SettingsError, match="schedule 'twin': a table of lowest, highest is half_wave's"),
    ):
        SCHEDULES.register(twin)


def test_a_built_in_one_cannot_be_taken_out():
    with pytest.raises(SettingsError, match="loss 'hinge': was not registered"):
        LOSSES.unregister("hinge")


def test_what_nothing_follows_needs_no_activation():
    with registered():
        assert ACTIVATIONS["bipolar"] is BIPOLAR
        with pytest.raises(ValueError, match="there is no hidden layer that it follows"):
            prototype_settings(activation="bipolar")
