"""What both estimators have in common."""

from __future__ import annotations

import inspect
import tracemalloc

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from chainrule import MLPClassifier, MLPRegressor, chosen
from chainrule.estimators.base import MLPEstimator
from chainrule.estimators.parameters import RowsError


@pytest.mark.parametrize(
    ("estimator", "own"), [(MLPClassifier, {"class_weight", "label_smoothing"}), (MLPRegressor, set())]
)
def test_parameters_are_the_common_ones_and_reach_their_place(estimator, own):
    common = inspect.signature(MLPEstimator.__init__).parameters.keys() - {"self"}
    names = inspect.signature(estimator.__init__).parameters.keys() - {"self"}
    assert names == common | own
    told = {name: object() for name in names}
    assert estimator(**told).get_params() == told


@pytest.mark.parametrize("estimator", [MLPClassifier, MLPRegressor])
def test_what_is_not_fitted_keeps_nothing(estimator, tmp_path):
    for keep in ("save", "to_onnx"):
        with pytest.raises(NotFittedError):
            getattr(estimator(), keep)(tmp_path / "none")
    with pytest.raises(NotFittedError):
        estimator().to_torch()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("estimator", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize("odd", ["t.csv", {"age": [1, 2]}])
def test_what_is_no_rows_is_refused_as_scikit_learn_refuses_wherever_it_is_given(estimator, odd):
    X, y = np.arange(20.0)[:, np.newaxis], np.arange(20) % 2
    one = estimator([], epochs=1, random_state=0).fit(X, y)
    calls = [
        lambda: estimator().fit(odd, y),
        lambda: estimator().fit(X, odd),
        lambda: estimator().fit(X, y, eval_set=(odd, y)),
        lambda: one.partial_fit(odd, y),
        lambda: one.partial_fit(X, odd),
        lambda: one.predict(odd),
        lambda: one.score(X, odd),
    ]
    for call in calls:
        with pytest.raises(RowsError, match="where rows are wanted"):
            call()


@pytest.mark.parametrize("estimator", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize("given", ["in memory", "mapped", "eval_set"])
def test_a_large_table_is_not_copied(estimator, given, tmp_path, monkeypatch):
    monkeypatch.setattr(chosen, "COPIED", 0)
    X = np.random.default_rng(0).normal(size=(50_000, 80)).astype(np.float32)
    y = X[:, 0] > 0 if estimator is MLPClassifier else X[:, 0]
    if given == "mapped":
        np.save(tmp_path / "X.npy", X)
        X = np.load(tmp_path / "X.npy", mmap_mode="r")
    fit = estimator([], epochs=1, members=2, batch_size=1000, random_state=0).fit
    tracemalloc.start()
    try:
        fit(X, y) if given != "eval_set" else fit(X[:40_000], y[:40_000], eval_set=(X[40_000:], y[40_000:]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < X.nbytes / 2
