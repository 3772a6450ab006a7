"""Populations that somebody steps in on: members alone, dropped, stopped, changed, forked, and what is told."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data.frames import Frame
from chainrule.data.tables import from_arrays
from chainrule.errors import DataError, SettingsError
from chainrule.estimators.living import Population
from chainrule.machine import compiler

SETTINGS = {
    "train": "train", "val": "val", "test": "test", "preprocess": "standardize", "hidden": [6], "init": "he",
    "batch_size": 16, "epochs": 4, "shuffle": True, "learning_rate": 0.2,
}  # fmt: skip


@pytest.fixture(scope="module")
def data(table):
    return from_arrays(*table, val=0.25)


def ended(population, *callbacks):
    while population.active:
        population.epoch(callbacks)
    return population


def weights(population, member):
    return population.net(member).parameters["W1"]


def test_what_happens_to_others_leaves_a_member_as_it_is(data):
    alone = ended(Population(SETTINGS, [5], data, order=0))
    several = Population(SETTINGS, [5, 6, 7, 8], data, order=0)
    several.epoch()
    several.drop(1)
    several.epoch()
    several.change(2, learning_rate=5.0, l2=0.1)
    several.stop(3)
    several.fork(2)
    ended(several)
    np.testing.assert_allclose(weights(several, 0), weights(alone, 0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(several.history["val_loss"][:, 0], alone.history["val_loss"][:, 0], rtol=1e-4)
    assert several.members == [0, 2, 3, 4]
    assert several.history["epoch"].tolist() == [0, 1, 2, 3, 4]


def test_who_stopped_predicts_with_what_was_kept_and_is_measured_no_more(data):
    population = Population(SETTINGS, [5, 6], data, order=0)
    population.epoch()
    population.keep(0)
    kept = weights(population, 0)
    population.epoch()
    population.stop(0, 1)
    assert not population.active
    np.testing.assert_array_equal(weights(population, 0), kept)
    assert [population.kept_epoch(m) for m in (0, 1)] == [1, 2]
    population.keep(0)
    assert population.kept_epoch(0) == 1
    with pytest.raises(SettingsError, match="nobody trains"):
        population.epoch()


def test_a_fork_starts_where_the_other_is_and_goes_on_at_its_own_rate(data):
    population = Population(SETTINGS, [5], data)
    population.epoch()
    number = population.fork(0, learning_rate=1e-6)
    before = weights(population, 0)
    np.testing.assert_array_equal(weights(population, number), before)
    population.epoch()
    np.testing.assert_allclose(weights(population, number), before, atol=1e-5)
    assert abs(weights(population, 0) - before).max() > 1e-3
    assert np.isnan(population.history["val_loss"][:2, number]).all()


def test_any_scorer_measures_members_on_any_rows(data, table):
    population = ended(Population(SETTINGS, [5, 6], data, order="shared"))
    population.drop(1)
    measured = population.evaluate("val", ["accuracy", "roc_auc"])
    np.testing.assert_allclose(measured["accuracy"][0], population.metrics["val_accuracy"][0])
    assert np.isnan(measured["roc_auc"][1])
    assert population.evaluate(table, ["f1"])["f1"][0] > 0.5
    with pytest.raises(DataError, match="test: there are no such rows; there are train, val"):
        population.evaluate("test", ["f1"])


def test_labels_of_any_kind_are_known_again(table):
    X = table[0]
    truths = X[:, 0] > 0
    population = ended(Population(SETTINGS, [5], from_arrays(X, truths, val=None)))
    assert population.evaluate((X, truths), ["accuracy"])["accuracy"][0] > 0.8


def test_callbacks_see_every_epoch_and_step_in(data):
    seen = []

    def watch(population):
        seen.append((population.epochs, population.metrics["val_loss"].shape))
        if population.epochs == 2:
            population.stop(*population.active)

    ended(Population(SETTINGS, [5, 6], data, order=0), watch)
    assert seen == [(1, (2,)), (2, (2,))]


def test_who_diverges_is_told_and_does_not_predict(data):
    population = Population([SETTINGS, SETTINGS | {"learning_rate": 1e25}], [5, 5], data, order=0)
    ended(population)
    assert list(population.diverged) == [1]
    assert population.net().members == 1


def test_who_diverges_after_something_was_kept_predicts_with_it(data):
    population = Population(SETTINGS, [5, 6], data, order=0)
    population.epoch()
    population.keep(0)
    population.change(0, learning_rate=1e25)
    ended(population)
    assert not population.diverged
    assert population.net().members == 2
    assert population.kept_epoch(0) == 1
    assert np.isnan(population.evaluate("val", ["accuracy"], now=True)["accuracy"]).tolist() == [True, False]


def test_the_engine_is_that_of_those_who_train(data, monkeypatch):
    population = Population([SETTINGS, SETTINGS | {"clip": 0.5}], [5, 6], data, order=0)
    assert population.engine == "layers"
    population.drop(1)
    monkeypatch.setattr(compiler, "available", lambda: True)
    assert population.engine == "compiled"


def test_rows_of_several_labels_are_told_label_by_label(table):
    X = table[0]
    for K in (2, 3):
        Y = (X[:, :K] > 0).astype(int)
        several = from_arrays(X, Y, val=0.25, targets="several")
        population = ended(Population(SETTINGS | {"loss": "binary_cross_entropy"}, [5, 6], several))
        net = population.net()
        assert (net.predict(X).shape, net.decision_function(X).shape) == (Y.shape, Y.shape)
        assert ((net.predict_proba(X) > 0.5) == net.predict(X)).all()
        for rows in ("val", (X, Y)):
            measured = population.evaluate(rows, ["accuracy", "f1_macro", "roc_auc"])
            assert min(values.min() for values in measured.values()) > 0.5
        exact = (population.net(0).predict(X) == Y).all(axis=1).mean()
        np.testing.assert_allclose(measured["accuracy"][0], exact)


@pytest.mark.parametrize(
    ("act", "line"),
    [
        (lambda p: p.drop(0, 1), "drop: of 2 members nobody would be left; stop them, or keep one"),
        (lambda p: p.stop(7), "member 7: was dropped, or never was; there are 0, 1"),
        (lambda p: p.change(0, l2=-1.0), "l2 = -1.0: should be greater than or equal to 0"),
        (lambda p: [p.stop(0), p.fork(0)], "member 0: trains no more; choose one that does"),
        (lambda p: [p.stop(0), p.change(1, 0, l2=0.1)], "member 0: trains no more; choose one that does"),
        (lambda p: p.change(0), "change: to what is not said; give a learning_rate, an l2 or both"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(data, act, line):
    with pytest.raises(SettingsError) as refused:
        act(Population(SETTINGS, [5, 6], data, order=0))
    assert refused.value.problems == (line,)


def test_settings_and_seeds_must_fit(data):
    with pytest.raises(SettingsError, match=r"seeds: are 3 for 2 settings"):
        Population([SETTINGS, SETTINGS], [1, 2, 3], data)
    with pytest.raises(SettingsError, match=r"early_stopping: is not for members .* callback EarlyStopping"):
        Population(SETTINGS | {"early_stopping": {"patience": 2}}, [1], data)
    for other in ({"hidden": [7]}, {"epochs": 3}, {"loss": "hinge"}):
        with pytest.raises(SettingsError, match=f"{next(iter(other))}: differ between members"):
            Population([SETTINGS, SETTINGS | other], [1, 2], data)
    with pytest.raises(SettingsError, match=r"epochs = 0"):
        Population(SETTINGS | {"epochs": 0}, [1], data)


@pytest.mark.parametrize(("seeds", "order"), [([-1], "own"), ([0.5], "own"), ([0], "shard"), ([0], -2)])
def test_what_is_no_seed_is_refused(data, seeds, order):
    with pytest.raises(SettingsError, match="is no seed; give whole numbers of 0 or more"):
        Population(SETTINGS, seeds, data, order=order)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"augment": {"flip": True}}, "augment: table is a table, and only images are flipped"),
        ({"val": "train"}, "val"),
        ({"loss": "squared_error"}, "loss = 'squared_error': is of numbers, table has classes"),
    ],
)
def test_what_the_rows_cannot_give_is_refused_as_for_recipes(data, changed, line):
    with pytest.raises(DataError, match=line):
        Population(SETTINGS | changed, [0], data)


def test_weights_to_begin_with_are_those_of_the_layers(data):
    net = Population(SETTINGS, [0], data).net()
    start = net.parameters, net.transform
    with pytest.raises(SettingsError, match=r"initial W1: has shape \(6, \d+\), the net wants \(7, \d+\)"):
        Population(SETTINGS | {"hidden": [7]}, [0], data, start=start)


def test_what_learned_texts_and_gaps_predicts_of_frames_with_such():
    rng = np.random.default_rng(0)
    age, city = rng.normal(size=60), rng.choice(["Oslo", "Rome"], 60)
    labels = np.where((age > 0) == (city == "Rome"), "in", "out")
    age[:9] = np.nan
    frame = Frame({"age": age, "city": city.astype(object)})
    population = Population(SETTINGS, [0, 1], from_arrays(frame, labels, val=0.2))
    population.epoch()
    assert set(population.net().predict(frame)) <= {"in", "out"}
    of_rows = population.evaluate((frame, labels), ["accuracy"])["accuracy"]
    assert of_rows.tolist() == [(population.net(m).predict(frame) == labels).mean() for m in (0, 1)]
    of_split = population.evaluate("val", ["accuracy"], now=True)["accuracy"]
    np.testing.assert_allclose(of_split, population.metrics["val_accuracy"])


@pytest.mark.parametrize("labels", [np.array([3, 7]), np.array([False, True]), np.array([b"n", b"y"])])
def test_what_predicts_says_labels_of_the_type_that_it_was_given(labels, table):
    y = labels[(np.asarray(table[1]) == np.asarray(table[1])[0]).astype(int)]
    net = Population(SETTINGS, [0], from_arrays(table[0], y, val=0.25)).net()
    assert net.predict(table[0]).dtype == y.dtype
    assert net.classes.tolist() == labels.tolist()
