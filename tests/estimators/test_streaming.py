"""Rows that come part by part: nets, their optimizers and what is counted go on."""

from __future__ import annotations

import pickle
import re
import warnings

import numpy as np
import pytest
from sklearn.base import clone

import chainrule
from chainrule import MLPClassifier, MLPRegressor
from chainrule.data.frames import Frame
from chainrule.estimators.parameters import FitNotice
from chainrule.train.engines import choice

CLASSES = ["no", "yes"]


def quick(**parameters):
    return MLPClassifier(**{"hidden": 6, "random_state": 0} | parameters)


def in_parts(estimator, X, y, size=40, **options):
    for start in range(0, len(X), size):
        estimator.partial_fit(X[start : start + size], y[start : start + size], **options)
    return estimator


def test_parts_are_learned_and_kept(table, tmp_path):
    X, y = table
    one = quick(members=2)
    for _ in range(10):
        in_parts(one, X, y, classes=CLASSES)
    assert one.score(X, y) > 0.9
    assert one.history_["part"].tolist() == list(range(1, 31))
    assert one.history_["train_loss"].shape == (30, 2)
    assert one.net_.trained["rows"] == {"train": 1200}
    one.save(tmp_path / "parts.net")
    np.testing.assert_array_equal(chainrule.load(tmp_path / "parts.net").predict(X), one.predict(X))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_a_copy_goes_on_as_the_one_does_and_optimizers_are_kept(optimizer, table):
    X, y = table
    one = in_parts(quick(optimizer=optimizer), X, y, classes=CLASSES)
    assert one._stream.updates == 6
    assert any(name.startswith("optimizer.") for name in one._stream.state.arrays) == (optimizer != "sgd")
    other = in_parts(pickle.loads(pickle.dumps(one)), X, y)
    np.testing.assert_array_equal(in_parts(one, X, y).predict_proba(X), other.predict_proba(X))


def test_a_part_may_lack_classes_and_categories_may_be_new(table):
    frame = pytest.importorskip("pandas").DataFrame(table[0], columns=list("abc"))
    frame["side"] = np.where(frame["a"] > 0, "left", "right")
    y = table[1]
    one = quick().partial_fit(frame[:60], y[:60], classes=[*CLASSES, "maybe"])
    of_one = frame[60:][y[60:] == "yes"]
    one.partial_fit(of_one, ["yes"] * len(of_one))
    assert one.classes_.tolist() == ["maybe", "no", "yes"]
    assert one.net_.columns == ("a", "b", "c", "side = left", "side = right")
    frame["side"] = "up"
    with pytest.warns(UserWarning, match="hold categories that were not trained on"):
        one.partial_fit(frame, y)
    assert one.predict_proba(frame[:2].assign(side="left")).shape == (2, 3)


def test_after_fit_its_nets_go_on_and_fit_begins_anew(table):
    X, y = table
    fitted = quick(epochs=5, validation_fraction=0.25).fit(X, y)
    before = fitted.decision_function(X) * fitted.net_.trained["temperature"]
    fitted.set_params(validation_fraction=None, learning_rate=1e-30, batch_norm=True).partial_fit(X, y)
    np.testing.assert_allclose(fitted.decision_function(X), before, rtol=0.1, atol=0.2)
    again = fitted.set_params(learning_rate=None).fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), clone(again).fit(X, y).predict_proba(X))


def test_numbers_come_in_parts_as_well(table):
    X = table[0]
    y = 1000 + 50 * X[:, 0]
    one = MLPRegressor(hidden=20, random_state=0)
    for _ in range(20):
        in_parts(one, X, y)
    assert one.score(X, y) > 0.9
    fitted = MLPRegressor(hidden=20, random_state=0, epochs=20).fit(X, y)
    fitted.set_params(learning_rate=1e-30).partial_fit(X[:50], y[:50])
    assert fitted.score(X, y) > 0.9


def test_weights_of_a_part_count(table):
    X, y = table
    wrong = np.where(y == "yes", "no", "yes")
    one = quick()
    for _ in range(20):
        one.partial_fit(np.r_[X, X], np.r_[y, wrong], CLASSES, np.r_[np.ones(120), np.zeros(120)])
    assert one.score(X, y) > 0.9
    assert one.net_.trained["rows"] == {"train": 20 * 120}


def test_who_diverges_is_told(table):
    X, y = table
    with pytest.warns(
        FitNotice, match=r"1 of 1 members diverged in 1 parts; their last finite weights predict"
    ):
        one = quick(batch_norm=False, learning_rate=1e20).partial_fit(X, y, CLASSES)
    assert np.isfinite(one.predict_proba(X)).all()


@pytest.mark.parametrize(
    ("told", "rows", "classes", "line"),
    [
        ({}, 9, None, "classes: are not told; give all labels that there will be, in the first call"),
        ({}, 9, ["no"], "classes: holds one class, no, alone"),
        ({}, 9, ["a", "b"], "y: row 0 (from 0): holds 'yes', which is no class of the net"),
        ({}, 1, CLASSES, "batch_norm: compares rows, and there is one; give two or more"),
        ({"early_stopping": 3}, 9, CLASSES, "early_stopping: is of all rows together"),
        ({"class_weight": "balanced"}, 9, CLASSES, "class_weight: is of all rows together"),
        ({"callbacks": print}, 9, CLASSES, "callbacks: is of all rows together"),
    ],
)
def test_what_cannot_be_done_in_parts(told, rows, classes, line, table):
    X, y = table
    order = np.argsort(y)[::-1]
    with pytest.raises(ValueError, match=re.escape(line)):
        quick(**told).partial_fit(X[order][:rows], y[order][:rows], classes)


def test_later_parts_are_of_the_same_nets(table):
    X, y = table
    one = quick().partial_fit(X, y, CLASSES)
    with pytest.raises(
        ValueError, match=r"partial_fit: hidden, activation, batch_norm and members are those"
    ):
        one.set_params(hidden=7).partial_fit(X, y)
    one.set_params(hidden=6)
    with pytest.raises(ValueError, match="classes: are others than before"):
        one.partial_fit(X, y, ["no", "yes", "maybe"])
    with pytest.raises(ValueError, match="features"):
        one.partial_fit(X[:, :2], y)
    with pytest.raises(ValueError, match=r"X: row 3, column 1 \(both from 0\): holds inf"):
        one.partial_fit(np.where(np.arange(360).reshape(120, 3) == 10, np.inf, X), y)


def test_without_batch_norm_rows_may_come_alone(table):
    X, y = table
    one = quick(batch_norm=False, learning_rate=0.03)
    for row, label in zip(X[:3], y[:3], strict=True):
        one.partial_fit([row], [label], CLASSES)
    assert one.net_.trained["parts"] == 3


@pytest.mark.parametrize(("first", "then", "said"), [
    ({"optimizer": "sgd"}, {"optimizer": "adam"}, "optimizer = adam: keeps other numbers than sgd of"),
    ({"optimizer": "adam"}, {"optimizer": "sgd"}, "optimizer = sgd: keeps other numbers than adam of"),
    ({}, {"ema": 0.9}, "ema = 0.9: keeps other numbers than 0 of the parts before"),
])  # fmt: skip
def test_an_optimizer_that_keeps_other_numbers_is_refused(first, then, said, table):
    estimator = quick(**first).partial_fit(*table, classes=np.unique(table[1]))
    with pytest.raises(ValueError, match=said) as refused:
        estimator.set_params(**then).partial_fit(*table)
    assert len(str(refused.value).splitlines()) == 1


def test_rates_are_kept_of_a_part_alone(table, monkeypatch):
    X, y = table
    sizes, engine = [], choice.engine

    def noted(problem, name):
        sizes.append(len(problem.rates))
        return engine(problem, name)

    monkeypatch.setattr(choice, "engine", noted)
    in_parts(quick(), X, y, classes=CLASSES)
    assert len(set(sizes)) == 1


def test_curves_before_all_diverged_are_kept(table):
    X, y = table
    estimator = quick(members=2, batch_norm=False).partial_fit(X, y, classes=np.unique(y))
    with pytest.warns(FitNotice, match="diverged"):
        estimator.set_params(learning_rate=1e30).partial_fit(X, y)
    losses = estimator.history_["train_loss"]
    assert losses.shape == (2, 2)
    assert np.isfinite(losses).tolist() == [[True] * 2, [False] * 2]


def test_what_is_right_may_be_a_frame_that_is_computed_when_asked(table):
    polars = pytest.importorskip("polars")
    pytest.importorskip("narwhals")
    X, y = table
    lazy = polars.LazyFrame({"y": y})
    estimator = quick()
    with warnings.catch_warnings(action="ignore"):
        assert estimator.fit(X, lazy).score(X, lazy) == estimator.score(X, y)
        numbers = MLPRegressor(hidden=4, epochs=2, random_state=0).fit(X, polars.LazyFrame({"y": X[:, 0]}))
        assert numbers.score(X, polars.LazyFrame({"y": X[:, 0]})) == numbers.score(X, X[:, 0])


def test_a_part_far_from_the_first_is_learned_as_its_numbers_are():
    rng = np.random.default_rng(0)
    of_frames, of_numbers = (quick(learning_rate=1e-30, batch_norm=False) for _ in range(2))
    first = None
    for days in range(2):
        X = Frame({"a": 1.7e9 + 86400 * days + rng.random(80), "s": np.array(["u", "v"] * 40, object)})
        y = np.array(CLASSES)[rng.integers(0, 2, 80)]
        of_frames.partial_fit(X, y, CLASSES)
        first = first or of_frames.net_.encoding
        of_numbers.partial_fit(first.rows(X), y, CLASSES)
    assert of_frames.net_.encoding == first
    losses = of_frames.history_["train_loss"]
    assert losses[1] > 100 * losses[0]
    np.testing.assert_allclose(losses, of_numbers.history_["train_loss"], rtol=1e-6)
