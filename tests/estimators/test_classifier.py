"""A classifier in scikit-learn's conventions: its own checks, its tools, and that it is the nets it trains."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

import chainrule
from chainrule import MLPClassifier
from chainrule.estimators import rows
from chainrule.estimators.parameters import FitNotice, ParameterError, RowsError
from chainrule.machine.compiler import SWITCH

IRIS = load_iris(return_X_y=True)
UNEQUAL = {
    "check_sample_weight_equivalence_on_dense_data": "a row repeated may lie in two minibatches, and float32 rounds; "
    "tests/contract/test_weights.py holds one full batch in float64 against it"
}
CHECKS = list(
    estimator_checks_generator(MLPClassifier(epochs=30), mark="skip", expected_failed_checks=UNEQUAL)
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "number",
    range(len(CHECKS)),
    ids=lambda number: getattr(CHECKS[number][1], "func", CHECKS[number][1]).__name__,
)
def test_scikit_learn_s_own_checks(number):
    estimator, check = CHECKS[number]
    check(clone(estimator))


def quick(**parameters):
    return MLPClassifier(**{"hidden": 8, "epochs": 5, "random_state": 0} | parameters)


def test_defaults_learn_iris():
    assert cross_val_score(MLPClassifier(random_state=0), *IRIS).mean() > 0.93


def test_pipelines_grids_and_calibration_take_it():
    grid = {"mlpclassifier__learning_rate": np.array([0.1, 0.3]), "mlpclassifier__hidden": [(4,), (4, 4)]}
    searched = GridSearchCV(make_pipeline(StandardScaler(), quick()), grid, cv=2).fit(*IRIS)
    assert searched.best_score_ > 0.7
    calibrated = CalibratedClassifierCV(quick(), cv=2).fit(*IRIS)
    np.testing.assert_allclose(calibrated.predict_proba(IRIS[0]).sum(axis=1), 1)


def test_pickled_cloned_and_fitted_again_it_is_the_same(table):
    X, y = table
    one = quick(members=2).fit(X, y)
    for other in (pickle.loads(pickle.dumps(one)), clone(one).fit(X, y)):
        np.testing.assert_array_equal(other.predict_proba(X), one.predict_proba(X))


def assert_the_first_of_three_is_the_one(X, y):
    three, one = quick(members=3).fit(X, y), quick().fit(X, y)
    for name, array in one.net_.parameters.items():
        np.testing.assert_allclose(three.net_.parameters[name][:1], array, rtol=1e-4, atol=1e-5)
    W = three.net_.parameters["W1"]
    assert abs(W[0] - W[1]).max() > 0.1
    measured = three.history_["train_loss"][:, :1]
    np.testing.assert_allclose(measured, one.history_["train_loss"], rtol=1e-4, atol=1e-6)
    return one


def test_a_member_is_the_same_whatever_their_number(table):
    assert assert_the_first_of_three_is_the_one(*table).net_.trained["engine"] == "layers"


@pytest.mark.parametrize("told", [{"dropout": 0.3}, {"label_smoothing": 0.2}, {"clip": 0.2}, {"ema": 0.9}])
def test_what_is_trained_with_beside_matters_and_a_member_is_the_same_whatever_their_number(table, told):
    X, y = table
    plain, one, three = (quick(epochs=3, **more).fit(X, y) for more in ({}, told, told | {"members": 3}))
    assert not np.allclose(one.predict_proba(X), plain.predict_proba(X), atol=1e-3)
    np.testing.assert_allclose(
        three.history_["train_loss"][:, 0], one.history_["train_loss"][:, 0], rtol=1e-3
    )


@pytest.mark.usefixtures("compiling")
def test_compiled_code_trains_the_same_members(table, monkeypatch):
    compiled = assert_the_first_of_three_is_the_one(*table)
    assert compiled.net_.trained["engine"] == "compiled"
    monkeypatch.setenv(SWITCH, "off")
    layers = quick().fit(*table)
    np.testing.assert_allclose(compiled.predict_proba(table[0]), layers.predict_proba(table[0]), atol=1e-4)


def test_data_frames_keep_their_columns_names(table):
    pandas = pytest.importorskip("pandas")
    X, y = table
    frame = pandas.DataFrame(X, columns=["age", "height", "weight"])
    one = quick().fit(frame, pandas.Series(y))
    assert one.feature_names_in_.tolist() == ["age", "height", "weight"]
    assert one.net_.columns == ("age", "height", "weight")
    turned = frame[["weight", "age", "height"]]
    np.testing.assert_array_equal(one.net_.predict_proba(turned), one.predict_proba(frame))
    frame.loc[7, "height"] = None
    with pytest.raises(RowsError, match=r"row 7, column 'height' \(rows count from 0\): holds NaN"):
        one.predict(frame)


def test_texts_and_gaps_of_a_data_frame_are_learned_and_kept(table, tmp_path):
    pandas = pytest.importorskip("pandas")
    X, y = table
    frame = pandas.DataFrame(X, columns=["age", "height", "weight"])
    frame["side"] = np.where(X[:, 1] > 0, "left", "right")
    frame.loc[7, "height"] = None
    one = quick(epochs=20).fit(frame.drop(columns="age"), y)
    assert one.score(frame, y) > 0.7
    assert one.feature_names_in_.tolist() == ["height", "weight", "side"]
    assert one.n_features_in_ == 3
    assert one.net_.columns == ("height", "height is missing", "weight", "side = left", "side = right")
    one.save(tmp_path / "one.net")
    again = chainrule.load(tmp_path / "one.net")
    np.testing.assert_array_equal(again.predict_proba(frame), one.predict_proba(frame))
    with pytest.raises(RowsError, match="X: lacks column 'side'"):
        one.predict(frame.drop(columns="side"))
    frame.loc[3, "weight"] = np.inf
    with pytest.raises(RowsError, match=r"row 3, column 'weight' \(rows count from 0\): holds inf"):
        quick().fit(frame, y)


def test_it_is_saved_and_loaded_without_scikit_learn_s_pickle(table, tmp_path):
    X, y = table
    one = quick(members=2).fit(X, y)
    one.save(tmp_path / "one.net")
    again = chainrule.load(tmp_path / "one.net")
    np.testing.assert_array_equal(again.predict_proba(X), one.predict_proba(X))
    np.testing.assert_array_equal(again.decision_function(X), one.decision_function(X))
    assert again.predict(X).tolist() == one.predict(X).tolist()
    assert again.trained["settings"]["hidden"] == [8]
    assert again.trained["rows"] == {"train": 120}
    assert len(again.trained["final"]) == 2


@pytest.mark.parametrize(
    "labels", [["b", "a"], [3, -1], [2.0, 1.0], [True, False], np.array(["b", "a"], object)]
)
def test_labels_of_every_kind_come_back(table, labels):
    X, y = table
    named = np.asarray(labels)[(y == "yes").astype(int)]
    one = quick(hidden=(), epochs=20).fit(X, named)
    assert one.classes_.tolist() == sorted(np.asarray(labels).tolist())
    assert one.score(X, named) > 0.9


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bytes_and_floats_of_the_same_values_come_to_the_same(dtype, table):
    X = np.random.default_rng(0).integers(0, 256, (100, 3)).astype(np.uint8)
    y = X[:, 0] > X[:, 1]
    one, other = quick().fit(X, y), quick().fit(X.astype(dtype), y)
    np.testing.assert_allclose(one.predict_proba(X), other.predict_proba(X), atol=1e-4)


def test_a_mapped_table_is_trained_on(table, tmp_path):
    X, y = table
    np.save(tmp_path / "X.npy", X.astype(np.float32))
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    expected = quick().fit(np.array(mapped), y).predict_proba(X)
    np.testing.assert_array_equal(quick().fit(mapped, y).predict_proba(X), expected)


def test_columns_far_from_zero_lose_nothing(table):
    X, y = table
    away = X * [1e-9, 1.0, 1e6] + [1.0, 1.7e9, 1e12]
    np.testing.assert_allclose(
        quick().fit(away, y).predict_proba(away), quick().fit(X, y).predict_proba(X), atol=1e-2
    )


def test_rows_of_weight_0_have_no_say(table):
    X, y = table
    wrong = np.where(y == "yes", "no", "yes")
    weights = np.r_[np.ones(len(X)), np.zeros(len(X))]
    one = quick(epochs=20).fit(np.r_[X, 100 + X], np.r_[y, wrong], weights)
    assert one.score(X, y) > 0.9
    assert one.net_.transform.shift @ np.ones(3) == pytest.approx(
        quick().fit(X, y).net_.transform.shift @ np.ones(3)
    )


def test_equal_weights_are_no_weights(table):
    X, y = table
    plain = quick().fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(quick().fit(X, y, np.full(len(X), 3)).predict_proba(X), plain)
    assert abs(quick().fit(X, y, np.arange(len(X))).predict_proba(X) - plain).max() > 1e-3


def test_classes_weigh_what_they_are_told(table):
    X = np.random.default_rng(1).normal(size=(400, 2))
    y = X[:, 0] + np.random.default_rng(2).normal(size=400) > 1.5
    shares = {
        name: quick(class_weight=weight, epochs=20).fit(X, y).predict(X).mean()
        for name, weight in (
            ("none", None),
            ("balanced", "balanced"),
            ("rare", {True: 20}),
            ("other", {False: 5.0}),
        )
    }
    assert shares["other"] < shares["none"] < shares["balanced"] < shares["rare"]


@pytest.mark.parametrize(
    ("weights", "class_weight", "words"),
    [
        ([1, 2], None, "sample_weight: have shape (2,) for 120 rows"),
        (np.r_[-1, np.ones(119)], None, "sample_weight: row 0 (from 0): weighs -1; give 0 or more"),
        (None, {"yes": -1}, "class_weight = {'yes': -1}: write 'balanced', a dict"),
        (None, {"maybe": 1}, "class_weight: 'maybe' is no label of y; leave it out"),
        (None, {"yes": 0, "no": 0}, "class_weight: are zero, all of them"),
        (None, "balance", "class_weight = 'balance': write 'balanced'"),
    ],
)
def test_weights_that_cannot_be(table, weights, class_weight, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quick(class_weight=class_weight).fit(*table, weights)


def test_rows_to_validate_on_show_in_the_history(table):
    X, y = table
    history = quick(members=2, validation_fraction=0.25).fit(X, y).history_
    assert history["epoch"].tolist() == [0, 1, 2, 3, 4, 5]
    assert {name: values.shape for name, values in history.items() if name != "epoch"} == {
        f"{part}_{what}": (6, 2) for part in ("train", "val") for what in ("loss", "accuracy", "cost")
    }
    assert set(quick().fit(X, y).history_) == {"epoch", "train_loss", "train_accuracy", "train_cost"}


def test_impossible_parameters_are_said_all_at_once(table):
    with pytest.raises(ParameterError) as refused:
        MLPClassifier(hidden=(0,), activation="rellu", schedule="x", epochs=2.5, members=0).fit(*table)
    assert [line.partition(" =")[0] for line in refused.value.problems] == [
        "hidden.0", "activation", "schedule", "epochs", "members",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="batch_norm = True: there is no hidden layer"):
        MLPClassifier(hidden=(), batch_norm=True).fit(*table)
    with pytest.raises(TypeError, match="hiden"):
        MLPClassifier(hiden=5)


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        ([[0.0], [1.0]], ["a", "a"], "y: holds one class, a, alone"),
        ([[0.0], [np.inf]], ["a", "b"], "X: row 1, column 0 (both from 0): holds inf"),
        ([[0.0], [1.0]], [0.5, 1.5], "Unknown label type"),
        (
            [["1"], ["x"]],
            ["a", "b"],
            "X: row 1, column 0 (both from 0): holds 'x', which is no number; encode it",
        ),
        (np.ma.masked_equal([[0.0], [1.0]], 1), ["a", "b"], "X: holds masked values"),
        ([[0.0], [1.0]], ["a", None], "y: row 1 (from 0): holds None, which is no label"),
        ([[0.0], [1.0]], [0.0, np.nan], "y: row 1 (from 0): holds nan, which is no label"),
        ([[0.0], [1.0]], np.array(["a", 1], object), "y: holds int and str"),
        ([[0.0], [1.0]], ["a"], "inconsistent numbers of samples"),
    ],
)
def test_rows_that_nothing_can_be_learned_from(X, y, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        quick().fit(X, y)


def test_notices_tell_of_what_is_trained_all_the_same(table):
    X, y = table
    X = np.c_[X, np.full(len(X), 0.1), np.full(len(X), 7.0)]
    with pytest.warns(FitNotice, match="X: columns 3, 4 never vary in the rows to train on"):
        one = quick().fit(X, y)
    X[:, 3:] = 1e6  # what could tell nothing then says nothing now
    assert np.isfinite(one.predict_proba(X)).all()
    with pytest.warns(FitNotice, match="batch_size = 500: 120 was taken, for 120 rows"):
        quick(batch_size=500).fit(X[:, :3], y)


def test_diverged_members_are_left_out_and_told(table):
    X, y = table
    with pytest.warns(
        FitNotice, match=r"1 of 1 members diverged, the first at step \d+; their last finite weights"
    ):
        one = quick(batch_norm=False, learning_rate=1e20).fit(X, y)
    assert np.isfinite(one.predict_proba(X)).all()


def test_fewer_rows_than_a_minibatch_are_trained():
    few = [[0.0], [1.0], [2.0]], [0, 0, 1]
    with pytest.warns(FitNotice, match="batch_size = 32: 3 was taken, for 3 rows"):
        one = quick(batch_size=32).fit(*few)
    np.testing.assert_array_equal(quick().fit(*few).predict_proba(few[0]), one.predict_proba(few[0]))


def test_rows_of_their_own_validate_and_each_member_keeps_its_best_weights(table):
    X, y = table
    stopped = quick(epochs=30, members=3, early_stopping=2).fit(X[:80], y[:80], eval_set=(X[80:], y[80:]))
    losses = stopped.history_["val_loss"]
    finals = [final["val_loss"] for final in stopped.net_.trained["final"]]
    np.testing.assert_allclose(finals, np.nanmin(losses[1:], axis=0))
    assert stopped.net_.trained["rows"] == {"train": 80, "val": 40}
    assert np.isfinite(losses[:3]).all()


def test_early_stopping_keeps_a_tenth_aside_where_nobody_says_which(table):
    assert quick(early_stopping=True).fit(*table).net_.trained["rows"] == {"train": 108, "val": 12}


def test_a_temperature_is_fitted_on_rows_to_validate_on_and_changes_no_single_net_s_answers(table):
    X, y = table
    plain, cooled = quick().fit(X[:80], y[:80]), quick().fit(X[:80], y[:80], eval_set=(X[80:], y[80:]))
    T = cooled.net_.trained["temperature"]
    assert T != 1
    np.testing.assert_allclose(
        cooled.decision_function(X), plain.decision_function(X) / T, rtol=1e-4, atol=1e-5
    )


def test_callbacks_are_called_with_the_members_and_may_drop_them(table):
    X, y = table

    def drop_the_worst(population):
        if population.epochs == 1:
            population.drop(int(np.nanargmax(population.metrics["train_loss"])))

    classifier = quick(members=3, callbacks=[drop_the_worst]).fit(X, y)
    assert classifier.net_.members == 2
    assert np.isnan(classifier.history_["train_loss"][-1]).sum() == 1


@pytest.mark.parametrize(
    ("told", "eval_set", "line"),
    [
        (
            {"validation_fraction": 0.2},
            "pair",
            "validation_fraction = 0.2: eval_set has the rows to validate on",
        ),
        ({}, "rows", "eval_set: is no pair"),
        ({}, "narrow", "eval_set X: has 2 columns, X has 3; give the same"),
        ({}, "strange", "eval_set y: row 0 (from 0): holds 'maybe', which is no class"),
        ({"early_stopping": 0.5}, None, "early_stopping"),
        ({"callbacks": [3]}, None, "callbacks"),
    ],
)
def test_what_is_no_eval_set_is_refused(table, told, eval_set, line):
    X, y = table
    pairs = {
        "pair": (X, y),
        "rows": X,
        "narrow": (X[:, :2], y),
        "strange": (X, np.full(len(y), "maybe")),
        None: None,
    }
    with pytest.raises(ValueError, match=re.escape(line)):
        quick(**told).fit(X, y, eval_set=pairs[eval_set])


def test_a_warm_start_goes_on_from_what_predicts(table):
    X, y = table
    warm = quick(warm_start=True, members=2, epochs=2).fit(X, y)
    first = warm.history_["train_loss"]
    warm.fit(X, y)
    np.testing.assert_allclose(warm.history_["train_loss"][0], first[-1], rtol=1e-4)
    cold = quick(members=2, epochs=2).fit(X, y).fit(X, y)
    np.testing.assert_allclose(cold.history_["train_loss"], first)


def test_a_warm_start_goes_on_without_the_temperature(table):
    X, y = table
    warm = quick(warm_start=True, members=2, validation_fraction=0.25).fit(X, y)
    first, T = warm.history_["train_loss"][-1], warm.net_.trained["temperature"]
    assert T != 1
    for _ in range(2):
        warm.set_params(learning_rate=1e-30).fit(X, y)
        np.testing.assert_allclose(warm.history_["train_loss"][0], first, rtol=1e-4)
        # Batch norm's running means go on, whatever the rate.
        first = warm.history_["train_loss"][-1]
        assert warm.net_.trained["temperature"] == pytest.approx(T, rel=0.02)


def test_a_warm_start_keeps_how_columns_were_standardised(table):
    X, y = table
    warm = quick(warm_start=True).fit(X, y)
    before = warm.net_
    warm.set_params(learning_rate=1e-30).fit(X * 3 + 5, y)
    np.testing.assert_allclose(warm.net_.transform.scale, before.transform.scale)
    np.testing.assert_allclose(warm.net_.transform.shift, before.transform.shift, atol=1e-9)
    np.testing.assert_array_equal(warm.net_.parameters["W1"], before.parameters["W1"])


def test_a_warm_start_from_other_layers_or_columns_is_refused(table):
    X, y = table
    warm = quick(warm_start=True).fit(X, y)
    with pytest.raises(ParameterError, match=re.escape("layers of (3, 8, 2) units, this one (3, 4, 2)")):
        warm.set_params(hidden=4).fit(X, y)
    with pytest.raises(ParameterError, match="members = 3, before there were 1; give as many"):
        warm.set_params(hidden=8, members=3).fit(X, y)
    with pytest.raises(ParameterError, match="y has other classes than before"):
        warm.set_params(members=1).fit(X, np.where(y == "yes", "oui", "non"))
    named = pytest.importorskip("pandas").DataFrame(X, columns=list("abc"))
    with pytest.raises(ParameterError, match="X has other columns than before"):
        warm.set_params(hidden=8).fit(named, y)


def test_a_warm_start_validates_on_the_rows_of_the_first_fit(table, monkeypatch):
    drawn, make = [], rows.dataset
    monkeypatch.setattr(rows, "dataset", lambda *given: drawn.append(make(*given)) or drawn[-1])
    warm = quick(warm_start=True, members=2, epochs=1, validation_fraction=0.5, random_state=None)
    inits = [warm.fit(*table).net_.trained["inits"] for _ in range(2)]
    first, second = (data for data, _ in drawn)
    np.testing.assert_array_equal(first.images, second.images)
    assert inits[0] == inits[1]


def test_a_warm_start_goes_on_with_those_that_were_left(table):
    def drop(population):
        if population.epochs == 1 and 0 in population.members:
            population.drop(0)

    warm = quick(warm_start=True, members=3, epochs=2, callbacks=drop).fit(*table)
    before = warm.net_
    warm.set_params(callbacks=None, learning_rate=1e-30).fit(*table)
    np.testing.assert_array_equal(warm.net_.parameters["W1"], before.parameters["W1"])
    assert warm.net_.trained["inits"] == before.trained["inits"]


@pytest.mark.parametrize("case", ["classes of two rows", "few rows with a say"])
def test_without_rows_to_draw_nobody_stops_early_by_default(case):
    X, weights = np.random.default_rng(0).normal(size=(1000, 2)), np.ones(1000)
    y = np.arange(1000) // 2 if case == "classes of two rows" else (X[:, 0] > 0).astype(int)
    weights[:400] = 0 if case == "few rows with a say" else 1
    trained = quick(epochs=1, l2=None, batch_size=500).fit(X, y, weights).net_.trained
    assert trained["rows"] == {"train": 1000}
    assert trained["settings"]["l2"] == 3 / np.count_nonzero(weights)


def test_a_warm_start_refuses_fewer_columns(table):
    X, y = table
    warm = quick(warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match="X has other columns than before"):
        warm.fit(X[:, 1:], y)


def test_members_stop_early_by_any_scorer(table):
    X, y = table
    rule = {"metric": "roc_auc", "patience": 2}
    given = quick(epochs=30, members=3, early_stopping=rule, learning_rate=1.0)
    stopped = clone(given).fit(X[:80], y[:80], eval_set=(X[80:], y[80:]))
    trained = stopped.net_.trained
    assert (trained["early_stopping"], trained["watched"]) == (2, "roc_auc")
    assert trained["epochs"] < 30
    assert given.fit(X, y).net_.trained["rows"] == {"train": 108, "val": 12}
    alone = quick(epochs=5, early_stopping={"metric": "train_loss", "patience": 2}).fit(X, y)
    assert alone.net_.trained["rows"] == {"train": 120}


def test_labels_of_pandas_own_types_keep_what_they_are(table):
    pandas = pytest.importorskip("pandas")
    for kind, classes in (("Int64", [0, 1]), ("boolean", [False, True])):
        y = pandas.Series(table[1] == "yes", dtype=kind)
        found = MLPClassifier(4, epochs=1).fit(table[0], y).classes_.tolist()
        assert (found, type(found[0])) == (classes, type(classes[0]))


def test_a_frame_without_columns_is_refused(table):
    pandas = pytest.importorskip("pandas")
    with pytest.raises(RowsError, match=r"X: has no columns, its shape is \(120, 0\); give some"):
        MLPClassifier().fit(pandas.DataFrame(index=range(120)), table[1])


def test_a_warm_start_leaves_every_member_its_l2(table):
    def step_in(nets):
        if nets.epochs == 1:
            nets.drop(1)

    classifier = MLPClassifier(4, epochs=2, members=3, warm_start=True, callbacks=[step_in], random_state=0)
    first = classifier.fit(*table).net_.trained
    again = classifier.set_params(callbacks=None).fit(*table).net_.trained
    assert again["inits"] == first["inits"]
    assert again["changed"] == first["changed"] == [{}, {"l2": pytest.approx(0.01 * 8**0.5)}]
