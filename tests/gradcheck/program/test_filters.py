"""What names mean beside filters."""

import pytest

from chainrule.gradcheck.program.filters import is_flat, names_beside_filters


@pytest.mark.parametrize(
    ("names", "filters"),
    [
        ("MX Y F W1 b1 W2 b2", "F"),
        ("X Y Fs_flat W b", "Fs_flat"),
        ("X Y filters n_p nf W1", "filters"),
        ("patches y conv_W W1 b1", "conv_W"),
        ("MX_batch Y F_flat bf", "F_flat"),
        ("X Y flat_filters W1", "flat_filters"),
    ],
)
def test_filters_are_told_beside_patches_their_number_or_by_lying_flat(names, filters):
    told = names_beside_filters(names.split())
    assert told[filters] == ("filters", None)
    assert not {"Y", "y", "W1", "b1", "W", "b"} & told.keys()


@pytest.mark.parametrize(
    "names", ["X Y F W1 b1", "X filters kernels W b", "MX Y W1 b1", "f X n_p", "X conv_w w"]
)
def test_without_them_names_mean_what_they_mean_elsewhere(names):
    assert names_beside_filters(names.split()) == {}


@pytest.mark.parametrize("bias", ["bf", "b_f", "conv_b", "filter_bias", "b_conv", "bias_filters"])
def test_a_bias_of_filters_is_called_after_them(bias):
    assert names_beside_filters(["MX", "F", bias])[bias] == ("filter bias", None)


def test_the_0th_bias_of_layers_that_are_counted_from_1_is_that_of_filters():
    assert names_beside_filters(["MX", "F", "b0", "b1", "W1"])["b0"] == ("filter bias", None)
    assert "b0" not in names_beside_filters(["MX", "F", "b0", "b1", "W0", "W1"])


@pytest.mark.parametrize("patches", ["MX", "MX_train", "patches", "X_patches", "Mx", "X_col"])
def test_patches_are_the_inputs(patches):
    assert names_beside_filters(["Fs", patches])[patches] == ("inputs", None)


def test_filters_that_are_a_matrix_may_be_called_so():
    assert [name for name in ("Fs", "Fs_flat", "filters", "F_mat", "filters_2d") if is_flat(name)] == [
        "Fs_flat",
        "F_mat",
        "filters_2d",
    ]
