"""Compiled code beside the layers: one step, evaluation, threads, memory that cannot be written, and the switch."""

from __future__ import annotations

import contextlib
import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.chosen import ChosenRows
from chainrule.data.splits import Split
from chainrule.data.transforms.transform import fit
from chainrule.experiments import speed
from chainrule.machine import compiler
from chainrule.machine.compiler import SWITCH
from chainrule.nn.network import Network
from chainrule.train.engines import choice
from chainrule.train.engines.engine import Problem
from chainrule.train.engines.layers import Layers
from chainrule.work import planner
from chainrule.work.executors import results
from chainrule.work.nets import named
from chainrule.work.processes import Processes
from support import tasks
from support.prototypes import prototype_settings

pytest.importorskip("numba", reason="numba compiles, and is not installed")

from chainrule.train.engines import compiled, compiled_net, memory  # needs it
from chainrule.train.engines.compiled import Compiled

pytestmark = pytest.mark.usefixtures("compiled_code")

RNG = np.random.default_rng(2)
DATA = Split(RNG.integers(0, 256, (457, 13), np.uint8), RNG.integers(0, 4, 457).astype(np.uint8))
"""More than two blocks of an evaluation; minibatches of 100 leave 57."""
NETS = [((), False), ((6,), False), ((6, 5), True), ((7, 3, 9), True), ((70, 130), True)]
"""The last is wider than a tile, so that threads share its layers."""


def problem(
    hidden=(6, 5), batch_norm=True, loss="cross_entropy", dtype=np.float64, members=3, steps=5, **changes
):
    rng = np.random.default_rng(3)
    network = Network((13, *hidden, 4), loss, batch_norm)
    initial = network.initial(0, ["he", "xavier", "he"][:members], dtype)
    start = {
        name: (array + rng.uniform(0.1, 0.5, array.shape)).astype(dtype) for name, array in initial.items()
    }
    rates = rng.uniform(0.01, 0.2, (steps, members))
    transform = fit("standardize", DATA.images, 255)
    plain = Problem(network, start, DATA, transform, 100, rates, np.array([0.0, 0.1, 0.3])[:members])
    return dataclasses.replace(plain, **changes)


def copied(given):
    initial = {name: array.copy() for name, array in given.initial.items()}
    return dataclasses.replace(given, initial=initial)


def assert_close(ours, theirs, relative):
    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        atol = relative * max(np.abs(expected).max(), 1e-3)
        np.testing.assert_allclose(ours[name], expected, rtol=0, atol=atol, err_msg=name)


@pytest.fixture
def threads(monkeypatch):
    """Sets how many threads compiled code is told to take, whatever the machine has."""

    return lambda count: monkeypatch.setattr(compiled, "blas_threads", lambda: count)


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
@pytest.mark.parametrize(("hidden", "batch_norm"), NETS)
@pytest.mark.parametrize(("dtype", "relative", "steps"), [(np.float64, 1e-12, 5), (np.float32, 2e-5, 1)])
@pytest.mark.parametrize(("parts", "members"), [(1, 1), (1, 3), (2, 1), (2, 3), (15, 3)])
def test_descends_as_the_layers_do(loss, hidden, batch_norm, dtype, relative, steps, parts, members, threads):
    threads(parts)
    given = problem(hidden, batch_norm, loss, dtype, members)
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    order = np.random.default_rng(0).permutation(457)[: 100 * steps]
    for engine in (ours, theirs):
        taken, failing = engine.descend(order, 0, single=False)
        assert (taken, failing.tolist()) == (steps, [False] * members)
    assert_close(ours.parameters, theirs.parameters, relative)
    for name, array in given.initial.items():
        # Batch norm takes away what a bias in front of it adds.
        shifts_nothing = batch_norm and name in {f"b{layer}" for layer in range(1, len(hidden) + 1)}
        assert shifts_nothing or not np.array_equal(ours.parameters[name], array), f"{name} stayed"


@pytest.mark.parametrize("clip", [None, 0.5])
@pytest.mark.parametrize(("parts", "units", "members"), [(1, 25, 2), (2, 25, 2), (1, 49, 1)])
def test_inputs_of_several_blocks_are_those_of_their_samples(parts, units, members, clip, threads):
    """Of 50 units, or 49, few are left over."""
    threads(parts)
    inputs = 4 * memory.INPUTS_AT_ONCE + 5
    images = RNG.integers(0, 256, (130, inputs), np.uint8)
    given = problem(
        members=2, data=Split(images, DATA.labels[:130]), transform=fit("standardize", images, 255)
    )
    network = dataclasses.replace(given.network, widths=(inputs, 6, 5, 4))
    initial = network.initial(0, ["he", "xavier"], np.float64)
    cut = None if clip is None else np.full(2, clip)
    given = dataclasses.replace(given, network=network, initial=initial, size=40, clip=cut)
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    for engine in (ours, theirs):
        assert engine.descend(np.random.default_rng(0).permutation(130), 0, single=False)[0] == 4
    assert_close(ours.parameters, theirs.parameters, 1e-11)
    assert_close(vars(ours.evaluate(given.data)), vars(theirs.evaluate(given.data)), 1e-11)


@pytest.mark.parametrize("ema", [None, 0.9])
def test_weights_may_be_changed_between_two_steps(ema):
    given = problem(ema=None if ema is None else np.full(3, ema))
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    for engine in (ours, theirs):
        engine.descend(np.arange(200), 0, single=False)
        for name in ("W1", "W2"):
            engine.parameters[name] *= 2
        engine.descend(np.arange(200, 400), 2, single=False)
    assert_close(vars(ours.evaluate(DATA)), vars(theirs.evaluate(DATA)), 1e-11)
    assert_close(ours.state | ours.parameters, theirs.state | theirs.parameters, 1e-11)


def test_weights_stay_in_tiles_until_somebody_looks(monkeypatch):
    engine, moved = Compiled(problem(dtype=np.float32)), []
    exchange = compiled_net.exchange_weights
    monkeypatch.setattr(
        compiled_net,
        "exchange_weights",
        lambda net, words, into: moved.append(into) or exchange(net, words, into),
    )
    for step in range(3):
        engine.descend(np.arange(100), step, single=True)
        engine.evaluate(DATA)
    assert moved == [True]
    assert engine.parameters["W1"] is engine.parameters["W1"]
    assert moved == [True, False]


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
@pytest.mark.parametrize(("hidden", "batch_norm"), NETS)
@pytest.mark.parametrize(("dtype", "relative"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_evaluates_as_the_layers_do(loss, hidden, batch_norm, dtype, relative):
    given = problem(hidden, batch_norm, loss, dtype)
    ours, theirs = Compiled(copied(given)).evaluate(DATA), Layers(given).evaluate(DATA)
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=relative)
    np.testing.assert_array_equal(ours.accuracy, theirs.accuracy)
    assert 0 < ours.accuracy.min() < 1


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_floats_give_the_same_bits_as_bytes_of_the_same_values(dtype, parts, threads):
    threads(parts)
    given = problem(dtype=dtype)
    floats = Split(DATA.images.astype(np.float32), DATA.labels)
    of_bytes, of_floats = Compiled(copied(given)), Compiled(dataclasses.replace(copied(given), data=floats))
    order = np.random.default_rng(0).permutation(457)
    for engine in (of_bytes, of_floats):
        engine.descend(order, 0, single=False)
    for name, array in of_bytes.parameters.items():
        np.testing.assert_array_equal(of_floats.parameters[name], array)
    ours, theirs = of_floats.evaluate(floats), of_bytes.evaluate(DATA)
    np.testing.assert_array_equal(ours.loss, theirs.loss)


def test_floats_in_float64_train_as_the_layers_do():
    images = np.random.default_rng(1).normal(size=(457, 13)).astype(np.float32)
    floats = Split(images, DATA.labels)
    given = problem(data=floats, transform=fit("standardize", images, 1.0))
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    for engine in (ours, theirs):
        engine.descend(np.arange(457), 0, single=False)
    assert_close(ours.parameters, theirs.parameters, 1e-11)
    np.testing.assert_allclose(ours.evaluate(floats).loss, theirs.evaluate(floats).loss, rtol=1e-11)


def test_other_images_are_refused():
    with pytest.raises(TypeError, match="float64"):
        Compiled(problem(data=Split(DATA.images.astype(np.float64), DATA.labels)))


@given(cuts=st.lists(st.integers(1, 4), max_size=4))
def test_steps_are_the_same_bits_however_many_a_call_takes(cuts):
    given = problem(dtype=np.float32)
    whole, cut = Compiled(copied(given)), Compiled(copied(given))
    order = np.random.default_rng(0).permutation(457)
    whole.descend(order, 0, single=False)
    step = 0
    for count in cuts:
        if count == 1 and step < 5:
            taken, _ = cut.descend(order[100 * step :], step, single=True)
            assert taken == 1
            step += 1
        elif step + count < 5:
            taken, _ = cut.descend(order[100 * step : 100 * (step + count)], step, single=False)
            assert taken == count
            step += count
    if step < 5:
        cut.descend(order[100 * step :], step, single=False)
    for name, array in whole.parameters.items():
        np.testing.assert_array_equal(cut.parameters[name], array)


def test_long_training_takes_several_calls_and_no_step_twice():
    given = problem(steps=230, dtype=np.float64)
    order = np.concatenate([np.random.default_rng(i).permutation(457)[:400] for i in range(58)])[:23_000]
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    assert ours.descend(order, 0, single=False)[0] == theirs.descend(order, 0, single=False)[0] == 230
    assert_close(ours.parameters, theirs.parameters, 1e-9)


def test_evaluation_is_the_same_bits_whatever_the_threads(threads):
    engine = Compiled(problem(dtype=np.float32))
    found = []
    for count in (1, 2, 3, 5):
        threads(count)
        found.append(engine.evaluate(DATA))
    for other in found[1:]:
        np.testing.assert_array_equal(found[0].loss, other.loss)
        np.testing.assert_array_equal(found[0].accuracy, other.accuracy)


@pytest.mark.parametrize("poison", ["W1", "W2", "b3", "gamma1"])
@pytest.mark.parametrize("batch_norm", [True, False])
def test_not_a_number_shows_in_the_losses_of_its_member_alone(poison, batch_norm):
    given = problem(batch_norm=batch_norm)
    if poison not in given.initial:
        poison = "b1"
    given.initial[poison][1] = np.nan
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    order = np.arange(457)
    assert ours.descend(order, 0, single=False)[1].tolist() == [False, True, False]
    taken, failing = theirs.descend(order, 0, single=False)
    assert (taken, failing.tolist()) == (1, [False, True, False])
    for name, array in theirs.parameters.items():
        np.testing.assert_allclose(ours.parameters[name][::2], array[::2], rtol=1e-11, atol=1e-12)


def test_images_that_lie_in_a_file_are_read_and_not_written(tmp_path):
    path = tmp_path / "images"
    DATA.images.tofile(path)
    mapped = Split(np.memmap(path, np.uint8, "r", shape=DATA.images.shape), DATA.labels)
    given = problem(dtype=np.float32)
    here, there = Compiled(copied(given)), Compiled(dataclasses.replace(copied(given), data=mapped))
    for engine in (here, there):
        engine.descend(np.arange(457), 0, single=False)
    np.testing.assert_array_equal(here.evaluate(DATA).loss, there.evaluate(mapped).loss)


def test_what_training_starts_from_stays_as_it_is():
    given = problem()
    before = {name: array.copy() for name, array in given.initial.items()}
    Compiled(given).descend(np.arange(457), 0, single=False)
    for name, array in before.items():
        np.testing.assert_array_equal(given.initial[name], array)


def test_the_switch(monkeypatch):
    assert choice.chosen([prototype_settings()]) == "layers"
    monkeypatch.setenv(SWITCH, "on")
    assert choice.chosen([prototype_settings()]) == "compiled"
    for value in ("off", "OFF"):
        monkeypatch.setenv(SWITCH, value)
        assert not compiler.available()


def test_the_first_of_equal_scores_counts():
    given = problem(hidden=(), batch_norm=False, members=1)
    given.initial["W1"][:], given.initial["b1"][:] = 0, [0, 1, 1, 0]
    assert Compiled(given).evaluate(DATA).accuracy == pytest.approx((DATA.labels == 1).mean())


def test_the_first_minibatch_gives_the_running_values_however_small():
    given = problem(dtype=np.float32)
    given.initial["W1"] *= 1e-4
    given.initial["mean1"][:], given.initial["variance1"][:] = 0, 1
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    for engine in (ours, theirs):
        engine.descend(np.arange(100), 0, single=True)
    assert theirs.parameters["variance1"].max() < 1e-4
    for name in ("mean1", "variance1"):
        np.testing.assert_allclose(ours.parameters[name], theirs.parameters[name], rtol=1e-3)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_running_values_keep_the_share_that_the_net_says(share):
    given = problem()
    network = dataclasses.replace(given.network, running_share=share)
    engines = [
        Compiled(copied(given)),
        *(kind(copied(dataclasses.replace(given, network=network))) for kind in (Compiled, Layers)),
    ]
    for engine in engines:
        engine.descend(np.arange(457), 0, single=False)
    usual, ours, theirs = (engine.parameters for engine in engines)
    assert_close(ours, theirs, 1e-12)
    for name in ("mean1", "variance2"):
        assert np.abs(ours[name] - usual[name]).max() > 1e-3
    np.testing.assert_array_equal(ours["W1"], usual["W1"])


@pytest.mark.parametrize("before", [0, 4])
def test_running_values_go_on_from_those_of_steps_before(before):
    given = problem(before=before)
    given.initial["mean1"][:], given.initial["variance2"][:] = 100, 50
    ours, theirs = Compiled(copied(given)), Layers(copied(given))
    for engine in (ours, theirs):
        engine.descend(np.arange(200), before, single=False)
    assert_close(ours.parameters, theirs.parameters, 1e-12)
    assert (ours.parameters["mean1"].min() > 50) == (before > 0)


def test_a_row_of_a_table_that_comes_twice_has_a_label_each_time():
    rows = np.repeat(np.arange(100), 2)
    labels = np.tile([0, 3], 100).astype(np.uint8)
    twice = Split(ChosenRows([DATA.images], rows), labels)
    alone = Split(DATA.images[rows], labels)
    given = problem(dtype=np.float32)
    found = [Compiled(dataclasses.replace(copied(given), data=data)) for data in (twice, alone)]
    for engine in found:
        engine.descend(np.random.default_rng(0).permutation(200), 0, single=False)
    assert_close(found[0].parameters, found[1].parameters, 0)
    np.testing.assert_array_equal(found[0].evaluate(twice).loss, found[1].evaluate(alone).loss)


def test_rows_that_cannot_be_written_are_no_reason_to_compile():
    rows = np.arange(200)[::2]
    rows.flags.writeable = False
    engine = Compiled(problem(dtype=np.float32))
    engine.evaluate(DATA)
    compiled_before = len(compiled_net.steps.signatures)
    engine.evaluate(Split(ChosenRows([DATA.images], rows), DATA.labels[:200:2]))
    assert len(compiled_net.steps.signatures) == compiled_before


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(IndexError, match="label"):
        Compiled(problem(data=Split(DATA.images, DATA.labels + 1)))


@pytest.mark.parametrize(("count", "size"), [(401, 100), (457, 1)])
def test_batch_norm_of_one_sample_is_refused(count, size):
    given = {"data": Split(DATA.images[:count], DATA.labels[:count]), "size": size}
    with pytest.raises(ValueError, match="batch norm needs 2 samples"):
        Compiled(problem(**given))
    Compiled(problem(batch_norm=False, **given))


def test_two_threads_are_worth_less_work_where_inputs_are_shared_out(monkeypatch):
    dataset, settings = speed.random_dataset(3072, 10), speed.settings((3072, 10), False, 0.0, 1)
    assert [one.threads for one in planner.plan(dataset, [named(dataset, settings, 0)], 2)] == [1]
    monkeypatch.delenv(SWITCH)
    assert [one.threads for one in planner.plan(dataset, [named(dataset, settings, 0)], 2)] == [2]


def test_workers_train_compiled_and_come_to_the_layers_results(monkeypatch):
    found = {}
    for switch in ("on", "off"):
        monkeypatch.setenv(SWITCH, switch)
        with contextlib.closing(Processes(1)) as workers:
            ((engine, found[switch]),) = results(workers, tasks.trained, [0], lambda: None)
        assert engine == {"on": "Compiled", "off": "Layers"}[switch]
    assert_close(found["on"], found["off"], 1e-4)
    assert any(not np.array_equal(array, found["off"][name]) for name, array in found["on"].items())
