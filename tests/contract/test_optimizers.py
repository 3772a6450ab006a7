"""What holds for every optimizer; that populations train with each as with any component is in ``test_training``."""

from __future__ import annotations

import dataclasses

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from autograd.misc import optimizers
from pydantic import ValidationError

from chainrule.components import OPTIMIZERS
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import Transform
from chainrule.errors import SettingsError
from chainrule.nn.network import Network, is_trained
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.layers import Layers
from chainrule.train.optimizers.adam import Adam
from chainrule.train.optimizers.adamw import AdamW
from chainrule.train.optimizers.momentum import Momentum
from chainrule.train.optimizers.nesterov import Nesterov
from chainrule.train.population import train
from support.prototypes import prototype_settings

WRITTEN = {
    "sgd": "sgd",
    "momentum": {"momentum": 0.8},
    "nesterov": {"nesterov": 0.8},
    "adam": {"beta1": 0.8, "beta2": 0.9, "eps": 1e-6},
    "adamw": {"weight_decay": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 1e-6},
}
"""A setting that chooses each."""
every = pytest.mark.parametrize("name", WRITTEN)

RNG = np.random.default_rng(0)
DATA = Split(RNG.integers(0, 5, (40, 6), np.uint8), RNG.integers(0, 3, 40).astype(np.uint8))


def chosen(name):
    return prototype_settings(optimizer=WRITTEN[name]).optimizer


def problem(name, members=2, dtype=np.float64, data=DATA, size=10):
    network = Network((6, 5, 3), "cross_entropy", batch_norm=True)
    initial = network.initial(0, ["he"] * members, dtype)
    rates, l2 = np.tile(np.linspace(0.1, 0.02, 8)[:, np.newaxis], members), np.full(members, 0.01)
    transform = Transform(np.full(6, 0.5), np.full(6, -1.0))
    return Problem(network, initial, data, transform, size, rates, l2, chosen(name))


def steps(engine, count):
    """The first so many minibatches."""
    for t in range(count):
        engine.descend(np.arange(40)[t * 10 : (t + 1) * 10], t, single=True)
    return engine


def test_every_optimizer_is_tried():
    assert list(WRITTEN) == list(OPTIMIZERS)


@every
def test_settings_choose_it_by_its_table_and_by_its_name(name):
    settings = prototype_settings(optimizer=WRITTEN[name])
    assert OPTIMIZERS.of(settings.optimizer).name == name
    assert settings.model_dump(mode="json").get("optimizer", "sgd") == WRITTEN[name]
    assert type(settings).model_validate_json(settings.model_dump_json()) == settings
    assert OPTIMIZERS.of(prototype_settings(optimizer=name).optimizer).name == name


def test_a_net_of_plain_descent_is_written_as_before_there_were_others():
    assert "optimizer" not in prototype_settings().model_dump()


def test_plain_descent_is_what_the_step_of_its_record_says():
    given = problem("sgd")
    network, start = given.network, {name: array.copy() for name, array in given.initial.items()}
    x = DATA.images[:10] * 0.5 - 1.0
    _, gradient = network.gradient(start, x, DATA.labels[:10], given.l2)
    steps(engine := Layers(given), 1)
    for name, slope in gradient.items():
        rate = given.rates[0].reshape(-1, *[1] * (slope.ndim - 1))
        change = OPTIMIZERS["sgd"].step("sgd", 0, slope, {}, rate)
        np.testing.assert_allclose(engine.parameters[name], start[name] + change, rtol=0, atol=1e-13)


TARGET = np.array([[3.0, -2.0, 0.5]])


def slope(p):
    return grad(lambda q: anp.sum((q - TARGET) ** 4) / 4)(p)


def walked(name, settings, count=20, rate=0.02):
    """Twenty steps down a slope of fourth degree."""
    optimizer, p = OPTIMIZERS[name], np.zeros((1, 3))
    state = {kind: np.zeros_like(p) for kind in optimizer.state}
    for t in range(count):
        p = p + optimizer.step(settings, t, slope(p), state, np.full((1, 1), rate))
    return p


def test_adam_is_that_of_autograd():
    expected = optimizers.adam(
        lambda p, t: slope(p), np.zeros((1, 3)), num_iters=20, step_size=0.02, b1=0.8, b2=0.95, eps=1e-6
    )
    for name, kind in (("adam", Adam), ("adamw", AdamW)):
        settings = kind(beta1=0.8, beta2=0.95, eps=1e-6)
        np.testing.assert_allclose(walked(name, settings), expected, rtol=1e-12)


def test_momentum_is_that_of_autograd():
    # There the velocity points down, and takes 1 - mass of the gradient.
    expected = optimizers.sgd(
        lambda p, t: slope(p), np.zeros((1, 3)), num_iters=20, step_size=0.02 / (1 - 0.8), mass=0.8
    )
    np.testing.assert_allclose(walked("momentum", Momentum(momentum=0.8)), expected, rtol=1e-12)


def test_nesterov_looks_ahead_along_its_velocity():
    # As Nesterov wrote it: the gradient is that of the point where the velocity leads, which is what is kept here.
    at, velocity = np.zeros((1, 3)), np.zeros((1, 3))
    for _ in range(20):
        ahead = at - 0.02 * 0.8 * velocity
        velocity = 0.8 * velocity + slope(ahead)
        at = at - 0.02 * velocity
    kept = at - 0.02 * 0.8 * velocity
    np.testing.assert_allclose(walked("nesterov", Nesterov(nesterov=0.8)), kept, rtol=1e-12)


def of_torch(torch, name, parameters):
    """PyTorch's optimizer with the numbers of :data:`WRITTEN`."""
    common = {"lr": 0.02}
    betas = {"betas": (0.8, 0.9), "eps": 1e-6}
    return {
        "sgd": lambda: torch.optim.SGD(parameters, **common),
        "momentum": lambda: torch.optim.SGD(parameters, momentum=0.8, **common),
        "nesterov": lambda: torch.optim.SGD(parameters, momentum=0.8, nesterov=True, **common),
        "adam": lambda: torch.optim.Adam(parameters, **betas, **common),
        "adamw": lambda: torch.optim.AdamW(parameters, weight_decay=0.1, **betas, **common),
    }[name]()


@pytest.mark.bench
@every
def test_it_is_that_of_pytorch(name):
    torch = pytest.importorskip("torch")
    start = torch.tensor([[0.5, -1.0, 2.0]], dtype=torch.float64, requires_grad=True)
    optimizer, own, settings = of_torch(torch, name, [start]), start.detach().numpy().copy(), chosen(name)
    record = OPTIMIZERS[name]
    state = {kind: np.zeros_like(own) for kind in record.state}
    for t in range(20):
        optimizer.zero_grad()
        ((start - torch.tensor(TARGET)) ** 4 / 4).sum().backward()
        optimizer.step()
        gradient = slope(own)
        own -= 0.02 * record.decay(settings) * own
        own += record.step(settings, t, gradient, state, np.full((1, 1), 0.02))
    np.testing.assert_allclose(own, start.detach().numpy(), rtol=1e-12)


def test_weights_decay_apart_from_the_gradient_and_nothing_else_does():
    plain = Layers(dataclasses.replace(problem("adam")))
    decaying = Layers(dataclasses.replace(problem("adamw")))
    start = {name: array.copy() for name, array in plain.parameters.items()}
    steps(plain, 1)
    steps(decaying, 1)
    for name, array in start.items():
        taken = 0.1 * 0.1 * array if name.startswith("W") else 0  # rate and share
        np.testing.assert_allclose(
            decaying.parameters[name], plain.parameters[name] - taken, rtol=0, atol=1e-12
        )


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_state_lies_beside_every_trained_parameter_in_its_type(name, dtype):
    engine = steps(Layers(problem(name, dtype=dtype)), 2)
    # Batch norm takes away what a bias in front of it adds, which stays.
    trained = {key: array for key, array in engine.parameters.items() if is_trained(key) and key != "b1"}
    expected = {
        f"{kind}.{key}": array.shape for kind in OPTIMIZERS[name].state for key, array in trained.items()
    }
    assert {key: array.shape for key, array in engine.state.items()} == expected
    assert {array.dtype for array in (*engine.state.values(), *trained.values())} == {np.dtype(dtype)}
    assert all(np.abs(array).max() > 0 for array in engine.state.values())
    assert name == "sgd" or not engine.parameters["b1"].any()


@every
def test_a_minibatch_of_weight_0_moves_neither_parameters_nor_state(name):
    weights = np.ones((2, 40))
    weights[0, 10:20] = 0
    weighed = problem(name, data=dataclasses.replace(DATA, weights=weights))
    engine = steps(Layers(weighed), 1)
    before = {key: array.copy() for key, array in (engine.parameters | engine.state).items()}
    engine.descend(np.arange(10, 20), 1, single=True)
    for key, array in (engine.parameters | engine.state).items():
        np.testing.assert_array_equal(array[0], before[key][0])
        assert key == "b1" or not np.array_equal(array[1], before[key][1])


TOLD_APART = {
    "momentum": [{"momentum": share} for share in (0.0, 0.5, 0.9)],
    "nesterov": [{"nesterov": share} for share in (0.0, 0.5, 0.9)],
    "adam": [{"beta1": 0.5, "beta2": 0.9}, {}, {"eps": 0.1, "beta2": 0.9}],
    "adamw": [
        {"weight_decay": 0.0, "beta1": 0.5},
        {"weight_decay": 0.1},
        {"weight_decay": 0.0, "beta1": 0.5},
    ],
}
"""Of each that has numbers, three members that differ in them."""


def of_their_own(name):
    return [prototype_settings(optimizer=own or name).optimizer for own in TOLD_APART[name]]


@pytest.mark.parametrize("name", TOLD_APART)
def test_members_may_differ_in_its_numbers_and_are_to_the_bit_as_among_their_likes(name):
    own = of_their_own(name)
    together = dataclasses.replace(problem(name, members=3), optimizer=own[0], optimizers=own)
    engine = steps(Layers(together), 4)
    for member, settings in enumerate(own):
        likes = steps(Layers(dataclasses.replace(problem(name, members=3), optimizer=settings)), 4)
        for key, array in (likes.parameters | likes.state).items():
            np.testing.assert_array_equal((engine.parameters | engine.state)[key][member], array[member])
    assert not np.array_equal(engine.parameters["W1"][0], engine.parameters["W1"][1])


@every
def test_compiled_code_moves_parameters_and_state_as_the_layers_do(name, compiling):
    pytest.importorskip("numba", reason="numba compiles, and is not installed")
    from chainrule.train.engines.compiled import Compiled  # needs it

    weights = np.random.default_rng(1).choice([0.0, 1.0, 2.0], (3, 40))
    weights[0, 10:20] = 0
    own = of_their_own(name) if name in TOLD_APART else [chosen(name)] * 3
    for ema in (None, np.array([0.0, 0.5, 0.9])):
        made = [problem(name, members=3, data=dataclasses.replace(DATA, weights=weights)) for _ in range(2)]
        ours, theirs = (
            kind(dataclasses.replace(one, optimizer=own[0], optimizers=own, ema=ema))
            for kind, one in zip((Compiled, Layers), made, strict=True)
        )
        before = {key: array.copy() for key, array in steps(ours, 1).state.items()}
        ours.descend(np.arange(10, 20), 1, single=True)
        for key, array in before.items():
            # Running values keep all of themselves but for rounding.
            atol = 1e-15 if "mean" in key or "variance" in key else 0
            np.testing.assert_allclose(ours.state[key][0], array[0], rtol=0, atol=atol, err_msg=key)
        steps(theirs, 2)
        found, expected = (engine.parameters | engine.state for engine in (ours, theirs))
        assert found.keys() == expected.keys()
        for key, array in expected.items():
            np.testing.assert_allclose(found[key], array, rtol=0, atol=1e-9, err_msg=key)


def test_only_numbers_may_differ():
    differing = [prototype_settings(optimizer=name) for name in ("adam", "adamw")]
    with pytest.raises(SettingsError, match="optimizer: differ between members of one population"):
        train(differing, 0, {"train": DATA}, Transform(np.ones(6), np.zeros(6)), 3)


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_what_is_added_to_roots_is_a_number_that_float32_holds(name):
    settings = OPTIMIZERS[name].settings
    with pytest.raises(ValidationError, match="eps"):
        settings.model_validate({"eps": 1e-46})
    assert np.float32(settings.model_validate({"eps": 1e-37}).eps) > 0
