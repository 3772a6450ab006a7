"""What both estimators have in common."""

from __future__ import annotations

import inspect

import pytest
from sklearn.exceptions import NotFittedError

from chainrule import MLPClassifier, MLPRegressor
from chainrule.estimators.base import MLPEstimator


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
