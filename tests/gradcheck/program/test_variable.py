"""What of the data can be changed and still be of the same kind."""

import numpy as np
import pytest

from chainrule.gradcheck.program.roles import find_roles
from chainrule.gradcheck.program.variable import find_variable

RNG = np.random.default_rng(0)
N, D, K = 6, 4, 3
X = RNG.standard_normal((N, D))
LABELS = np.array([0, 2, 1, 2, 0, 1])
HOT = np.eye(K)[LABELS]
W = np.ones((K, D))
CHOSEN = np.array([4, 1, 1])


def variable(data, names=(), parameters=(W,)):
    return find_variable(data, names, parameters, find_roles(data, names))


@pytest.mark.parametrize(
    "y",
    [
        LABELS,
        LABELS[:, np.newaxis],
        HOT,
        HOT.astype(int),
        LABELS % 2,
        2.0 * (LABELS % 2) - 1,
        X[:, :1],
        LABELS > 1,
    ],
    ids=["integers", "a column", "one-hot", "one-hot integers", "0 and 1", "-1 and 1", "numbers", "truths"],
)
def test_samples_are_taken_whole_and_stay_of_their_kind(y):
    for data, back in (((X, y), np.asarray), ((X.T, y.T), np.transpose)):
        own = variable(data)
        assert own.count(data) == N
        x_new, y_new = map(back, own.with_samples(data, CHOSEN))
        np.testing.assert_array_equal(x_new, X[CHOSEN])
        np.testing.assert_array_equal(y_new, y[CHOSEN])
        assert y_new.dtype == y.dtype


def test_what_else_has_an_entry_for_each_sample_goes_with_it():
    weights, of_classes = np.arange(1.0, N + 1), np.ones(K)
    data = (X, LABELS, weights, of_classes, 0.1)
    new = variable(data).with_samples(data, CHOSEN)
    assert new[2].tolist() == [5, 2, 2]
    assert new[3] is of_classes
    assert new[4] == 0.1


def test_samples_are_left_where_their_axis_cannot_be_told():
    weights = np.ones(N)
    assert not variable((X, LABELS, weights), parameters=(np.ones((N, D)),)).samples
    assert not variable((X, LABELS, np.ones((N, N)))).samples
    assert not variable((X, X[:, 0]), parameters=(np.ones((N, D)),)).samples
    assert not variable((X, np.ones(N + 1))).samples
    assert not variable((0.5,)).samples
    assert variable((0.5,)).count((0.5,)) == 0


def test_lists_of_pairs_and_of_rows_give_some_of_them():
    pairs = [(x, y) for x, y in zip(X, LABELS, strict=True)]
    own = variable((pairs,))
    assert own.count((pairs,)) == N
    assert [y for _, y in own.with_samples((pairs,), CHOSEN)[0]] == [0, 2, 2]
    lying = (X.T.tolist(), LABELS.tolist())
    assert variable(lying).count(lying) == N
    x, y = variable(lying).with_samples(lying, CHOSEN)
    np.testing.assert_array_equal(np.array(x).T, X[CHOSEN])
    assert y == [0, 2, 2]
    assert not variable((["a", "b"],)).samples


def test_classes_and_the_sample_that_must_not_be_missing_are_told_by_the_labels():
    assert (variable((X, LABELS)).classes, variable((X, LABELS)).first) == (3, 1)
    assert (variable((X, HOT)).classes, variable((X, HOT)).first) == (3, 1)
    signs = np.array([-1.0, -1, -1, 1, -1, -1])
    assert (variable((X, signs)).classes, variable((X, signs)).first) == (None, 3)


def test_another_l2_leaves_the_data_as_it_is():
    data = (X, LABELS, 0.1)
    assert variable(data).l2_of(data) == 0.1
    assert variable(data).with_l2(data, 0.7)[2] == 0.7
    assert data[2] == 0.1
    plain = (X, LABELS)
    assert variable(plain).l2_of(plain) is None
    assert variable(plain).with_l2(plain, 0.7) == list(plain)


@pytest.mark.parametrize(
    ("given", "name", "other"),
    [
        (True, "training", False),
        (False, "test_mode", True),
        ("train", "phase", "test"),
        ("test", "", "train"),
    ],
)
def test_the_other_mode(given, name, other):
    data = (X, LABELS, given)
    own = variable(data, ("X", "y", name))
    assert own.with_other_mode(data)[2] == other
    assert data[2] == given


def test_other_switches_and_words_are_no_modes():
    data = (X, LABELS, True, "relu")
    own = variable(data, ("X", "y", "verbose", "activation"))
    assert own.mode is None
    assert own.with_other_mode(data)[2:] == [True, "relu"]
    assert variable((X, LABELS, True, True), ("X", "y", "train", "test")).mode is None
