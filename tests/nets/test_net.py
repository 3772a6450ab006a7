"""What a complete net predicts: as its members' mean, by its columns, a row whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax

from chainrule.data.transforms.transform import Transform
from chainrule.errors import DataError, SettingsError
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Network

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4)) * 3 + 1


def net(widths=(4, 6, 3), loss="cross_entropy", batch_norm=True, members=3, activation="relu", **changes):
    network = Network(widths, loss, batch_norm, activation)
    parameters = network.initial(0, ["he"] * members, np.float32)
    rng = np.random.default_rng(1)
    for array in parameters.values():
        np.add(array, rng.uniform(0, 1, array.shape), out=array, casting="same_kind")
    transform = Transform(rng.uniform(0.1, 1, widths[0]), rng.normal(size=widths[0]))
    given = {"classes": np.array(list("abcdef"))[: widths[-1]], "columns": tuple("wxyz")} | changes
    return CompleteNet(network, parameters, transform, **given)


class Frame:
    def __init__(self, values, columns):
        self.values, self.columns = values, columns

    def __array__(self, dtype=None, copy=None):
        return self.values


def scores(one, rows):
    inputs = rows * one.transform.scale + one.transform.shift
    return one.network.predict({name: array.astype(float) for name, array in one.parameters.items()}, inputs)


def test_probabilities_are_the_mean_of_the_members():
    one = net()
    expected = softmax(scores(one, X), axis=2).mean(axis=0)
    np.testing.assert_allclose(one.predict_proba(X), expected, rtol=1e-12)
    np.testing.assert_allclose(one.decision_function(X), np.log(expected), rtol=1e-10, atol=1e-12)
    assert one.predict(X).tolist() == [one.classes[row.argmax()] for row in expected]


def test_of_two_classes_one_number_decides():
    one = net((4, 6, 2))
    logs = np.log(softmax(scores(one, X), axis=2).mean(axis=0))
    np.testing.assert_allclose(one.decision_function(X), logs[:, 1] - logs[:, 0], rtol=1e-9, atol=1e-12)
    assert ((one.decision_function(X) > 0) == (one.predict(X) == "b")).all()


def test_where_rows_may_have_several_classes_each_is_told_by_itself():
    for widths in ((4, 6, 2), (4, 6, 3)):
        one = net(widths, loss="binary_cross_entropy", several=True)
        means = scores(one, X).mean(axis=0)
        np.testing.assert_allclose(one.decision_function(X), means)
        np.testing.assert_allclose(one.predict_proba(X), expit(means), rtol=1e-12)
        np.testing.assert_array_equal(one.predict(X), means > 0)


def test_the_hinge_gives_scores_and_no_probabilities():
    one = net(loss="hinge")
    np.testing.assert_allclose(one.decision_function(X), scores(one, X).mean(axis=0))
    with pytest.raises(SettingsError, match="loss 'hinge': gives no probabilities"):
        one.predict_proba(X)


def test_of_numbers_the_mean_of_the_members_is_predicted():
    one = net((4, 6, 1), loss="squared_error", classes=None)
    np.testing.assert_allclose(one.predict(X), scores(one, X).mean(axis=0)[:, 0])
    with pytest.raises(SettingsError, match="loss 'squared_error': gives no probabilities"):
        one.predict_proba(X)


def test_large_scores_do_not_overflow():
    one = net((4, 3), batch_norm=False, members=1)
    one.parameters["b1"][:] = [[1e4, 0.0, -1e4]]
    assert np.isfinite(one.decision_function(X)).all()
    np.testing.assert_allclose(one.decision_function(X), log_softmax(scores(one, X)[0], axis=1))


def test_a_row_s_prediction_does_not_depend_on_the_rows_beside_it():
    one = net()
    many = RNG.normal(size=(5000, 4))
    whole = one.predict_proba(many)
    for row in (0, 4095, 4096, 4999):
        np.testing.assert_allclose(one.predict_proba(many[row : row + 1])[0], whole[row], rtol=1e-12)


def test_columns_with_names_are_taken_by_them():
    one = net()
    turned = Frame(np.c_[np.zeros(50), X[:, ::-1]], ["more", *"zyxw"])
    np.testing.assert_array_equal(one.predict_proba(turned), one.predict_proba(X))
    with pytest.raises(DataError, match="lacks 2 columns of the net, such as 'y', 'z'"):
        one.predict(Frame(X, ["w", "x", "a", "b"]))
    with pytest.raises(DataError, match="X: two columns are called 'w'"):
        one.predict(Frame(np.c_[X, X[:, :1]], [*"wxyzw"]))


def test_other_rows_are_refused():
    with pytest.raises(DataError, match="has 3 columns, the net was trained on 4"):
        net().predict(X[:, :3])
    with pytest.raises(DataError, match="row 1, column 'w'"):
        net().predict([[1, 2, 3, 4], [float("inf"), 2, 3, 4]])
