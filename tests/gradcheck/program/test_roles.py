"""Which of the further arguments are inputs, labels and l2."""

import numpy as np
import pytest

from chainrule.gradcheck.program.roles import find_roles

RNG = np.random.default_rng(0)
N, D, K = 6, 4, 3
X = RNG.standard_normal((N, D))
LABELS = np.array([0, 2, 1, 2, 0, 1])
HOT = np.eye(K)[LABELS]


@pytest.mark.parametrize(
    ("data", "axes"),
    [
        ((X, LABELS), (0, 0)),
        ((X.T, LABELS), (1, 0)),
        ((X, HOT), (0, 0)),
        ((X.T, HOT.T), (1, 1)),
        ((X, LABELS[:, np.newaxis]), (0, 0)),
        ((X.T, LABELS[np.newaxis]), (1, 1)),
    ],
    ids=["rows, ints", "columns, ints", "one-hot rows", "one-hot columns", "column of ints", "row of ints"],
)
def test_inputs_and_labels_are_read_however_they_lie(data, axes):
    roles = find_roles(data, ("X", "Y"))
    assert (roles.inputs, roles.labels) == (0, 1)
    assert (roles.inputs_axis, roles.labels_axis) == axes
    assert roles.samples(data) == N
    np.testing.assert_array_equal(roles.x(data), X)
    np.testing.assert_array_equal(roles.y(data), LABELS)


@pytest.mark.parametrize(("labels", "axis", "said"), [(HOT.T, 2, "along the last axis"), (HOT, 0, "as rows")])
def test_patches_are_inputs_before_all_matrices(labels, axis, said):
    samples_first = RNG.standard_normal((N, 3, 2))
    patches = np.moveaxis(samples_first, 0, axis)
    data = (patches, labels, LABELS)
    roles = find_roles(data, ("MX", "Y", "y"))
    assert (roles.inputs, roles.labels, roles.inputs_axis) == (0, 1, axis)
    assert said in roles.words
    np.testing.assert_array_equal(roles.x(data), samples_first.reshape(N, 6))


def test_images_are_inputs_where_their_last_axis_is_that_of_the_samples():
    images = RNG.standard_normal((2, 2, 3, N))
    roles = find_roles((images, LABELS), ())
    assert (roles.inputs, roles.inputs_axis, roles.labels) == (0, 3, 1)
    assert find_roles((np.moveaxis(images, 3, 0), LABELS), ()) is None


def test_classes_are_known_from_one_hot_labels_only():
    assert find_roles((X, HOT), ()).classes((X, HOT)) == K
    assert find_roles((X.T, HOT.T), ()).classes((X.T, HOT.T)) == K
    assert find_roles((X, LABELS), ()).classes((X, LABELS)) is None


def test_labels_may_come_first():
    roles = find_roles((LABELS, X), ("y", "X"))
    assert (roles.inputs, roles.labels) == (1, 0)


def test_one_hot_labels_of_integers_are_labels():
    hot = HOT.astype(int)
    roles = find_roles((X, hot), ())
    np.testing.assert_array_equal(roles.y((X, hot)), LABELS)


def test_one_hot_goes_before_integers_where_both_are_given():
    roles = find_roles((X, HOT, LABELS), ("X", "Y", "y"))
    assert roles.labels == 1


def test_as_many_samples_as_classes_are_read_as_columns_with_columns():
    hot, x = np.eye(3)[[1, 0, 2]], RNG.standard_normal((5, 3))
    roles = find_roles((x, hot), ())
    assert (roles.inputs_axis, roles.labels_axis) == (1, 1)
    np.testing.assert_array_equal(roles.y((x, hot)), [1, 0, 2])


def test_labels_are_given_back_as_they_count():
    from_one = LABELS + 1
    roles = find_roles((X, from_one), ())
    assert roles.y((X, from_one)).tolist() == from_one.tolist()


@pytest.mark.parametrize(
    "name",
    ["lam", "lamda", "lambda_", "l2", "reg", "weight_decay", "decay", "alpha", "l2_reg", "LAMBDA", "lmb"],
)
def test_l2_is_found_by_its_name_among_other_numbers(name):
    roles = find_roles((X, HOT, 0.5, 0.25), ("X", "Y", "rate", name))
    assert roles.l2 == 3
    assert f"l2: argument {name}" in roles.words


def test_l2_is_the_only_number_whatever_its_name():
    assert find_roles((X, HOT, 0.5), ("X", "Y", "q")).l2 == 2
    assert find_roles((X, HOT, np.float64(0.5)), ()).l2 == 2
    assert find_roles((X, HOT, 0), ()).l2 == 2


@pytest.mark.parametrize("name", ["rate", "lr", "labels", "lamps", "eps", "alphas"])
def test_other_names_are_not_l2s(name):
    assert find_roles((X, HOT, 0.5, 0.25), ("X", "Y", "q", name)).l2 is None


def test_of_several_numbers_without_a_name_none_is_l2():
    assert find_roles((X, HOT, 0.5, 0.1), ("X", "Y", "p", "q")).l2 is None


def test_a_switch_is_no_l2():
    assert find_roles((X, HOT, True), ("X", "Y", "train")).l2 is None
    assert find_roles((X, HOT, True, 0.5), ("X", "Y", "train", "q")).l2 == 3


def test_what_was_taken_for_what_is_said():
    assert find_roles((X.T, HOT.T, 0.1), ("X", "Y", "lam")).words == (
        "inputs: argument X with samples as columns; labels: argument Y; l2: argument lam"
    )
    assert find_roles((X, LABELS), ()).words == "inputs: argument 1 with samples as rows; labels: argument 2"


@pytest.mark.parametrize(
    "data",
    [(), (X,), (LABELS,), (X, np.zeros(N)), (X, LABELS[:-1]), (X, HOT * 2), (X, "labels"), (X, X > 9)],
    ids=["nothing", "inputs", "labels", "floats", "fewer", "not one-hot", "text", "all false"],
)
def test_without_inputs_and_labels_there_are_no_roles(data):
    assert find_roles(data, ()) is None


def test_lists_are_read_like_arrays():
    data = (X.tolist(), LABELS.tolist())
    roles = find_roles(data, ())
    np.testing.assert_array_equal(roles.x(data), X)
    np.testing.assert_array_equal(roles.y(data), LABELS)


@pytest.mark.parametrize("shape", [(6,), (6, 1), (1, 6)])
@pytest.mark.parametrize("kind", [float, bool])
def test_zeros_and_ones_are_labels_whatever_their_type(kind, shape):
    y = np.array([0, 1, 1, 0, 1, 0])
    x = np.ones((4, 6)) / 2
    roles = find_roles((x if shape[0] == 1 else x.T, y.astype(kind).reshape(shape)), ())
    assert (roles.inputs, roles.labels, roles.y((None, y.astype(kind).reshape(shape))).tolist()) == (
        0,
        1,
        y.tolist(),
    )
