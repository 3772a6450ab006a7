"""What arguments, arrays and gradients are usually called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainrule.gradcheck.program.names import (
    Meaning,
    is_batch_size,
    is_gradient,
    is_momentum,
    is_parameter,
    is_weights,
    l2_name,
    meaning,
    parameter_names,
    plain_name,
    training_setting,
    vector_role,
)
from chainrule.gradcheck.program.size_names import size_role


@pytest.mark.parametrize(
    ("name", "role", "layer"),
    [
        ("X", "inputs", None), ("X_batch", "inputs", None), ("x_train", "inputs", None), ("data", "inputs", None),
        ("x_onehot", "inputs", None),
        ("X_c", "inputs", None), ("X_scaled", "inputs", None), ("myX", "inputs", None), ("Y_b", "labels", None),
        ("myy", "labels", None), ("my_lambda", "l2", None), ("mytheta", "bundle", None), ("y_pred", "other", None),
        ("Y", "labels", None), ("y_target", "labels", None), ("target_y", "labels", None),
        ("label_tensor", "labels", None), ("input_tensor", "inputs", None), ("error_tensor", "other", None),
        ("Y_labels", "labels", None), ("y_true", "labels", None),
        ("labels", "labels", None), ("one_hot", "labels", None),
        ("X_mat", "inputs", None), ("Y_matrix", "labels", None), ("label_array", "labels", None),
        ("X_true", "labels", None),
        ("weight_regularization", "l2", None), ("weights_reg", "l2", None),
        ("lambda_cost", "l2", None), ("weight_penalty", "l2", None), ("lambda_l2", "l2", None),
        ("lambda_", "l2", None), ("lam", "l2", None), ("lamda", "l2", None), ("reg", "l2", None), ("l2", "l2", None),
        ("W", "weights", None), ("W1", "weights", 1), ("W_2", "weights", 2), ("weights", "weights", None),
        ("b", "bias", None), ("b0", "bias", 0), ("biases", "bias", None),
        ("list_W", "weights", None), ("lst_of_b", "bias", None), ("input_label", "labels", None),
        ("gamma1", "scale", 1), ("betas", "shift", None),
        ("X_shuffled", "inputs", None), ("y_perm", "labels", None),
        ("nn_params", "bundle", None), ("params_vector", "bundle", None),
        ("NetParams", "bundle", None), ("params", "bundle", None), ("theta", "bundle", None), ("net", "bundle", None),
        ("rnn_dict", "bundle", None),
        ("h", "step", None), ("P", "other", None), ("cache", "other", None), ("H1", "other", None),
    ],
)  # fmt: skip
def test_names_of_arguments_have_a_meaning(name, role, layer):
    assert meaning(name) == Meaning(role, layer)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("dW1", "w1"), ("grad_W1", "w1"), ("W1_grad", "w1"), ("W_1", "w1"), ("W[0]", "w0"), ("dbeta", "beta"),
        ("db1", "b1"), ("W1.grad", "w1"), ("dJ_W1", "w1"), ("W1", "w1"), ("gradient_b", "b"), ("grads.W1", "w1"),
        ("delta", "delta"), ("grads", "grads"),
    ],
)  # fmt: skip
def test_a_gradients_name_is_that_of_its_parameter_with_a_mark(name, parameter):
    assert parameter in parameter_names(name)
    assert "" not in parameter_names(name)


@pytest.mark.parametrize(
    ("name", "plain"), [("layers[0].W", "layers0w"), ("W_1", "w1"), ("[0]", "0"), ("d位置", "d位置")]
)
def test_names_are_compared_by_letters_and_digits(name, plain):
    assert plain_name(name) == plain


@given(st.text())
def test_a_plain_name_has_nothing_more_to_leave_out(name):
    plain = plain_name(name)
    assert plain == plain_name(plain)
    assert all(letter.isalnum() for letter in plain)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("W1", True), ("biases", True), ("gamma", True), ("theta", True), ("Thetas_", True), ("theta1", True),
     ("X", False), ("params", False), ("lam", False), ("cache", False), ("thetax", False)],
)  # fmt: skip
def test_arrays_of_parameters_and_what_holds_them_all_are_parameters(name, wanted):
    assert is_parameter(name) is wanted


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("d", "input size"), ("n_in", "input size"), ("input_size", "input size"), ("num_features", "input size"),
        ("m", "hidden size"), ("hidden_dim", "hidden size"), ("n_hidden", "hidden size"),
        ("K", "output size"), ("num_classes", "output size"), ("output_dim", "output size"),
        ("layer_sizes", "widths"), ("dims", "widths"), ("rng", "rng"), ("seed", "seed"), ("lr", None), ("W", None),
        ("in_features", "input size"), ("units", "output size"), ("in_channels", "input channels"),
        ("num_filters", "output channels"), ("kernel_size", "kernel"), ("stride", "stride"), ("padding", "padding"),
    ],
)  # fmt: skip
def test_a_constructor_asks_for_sizes(name, role):
    assert size_role(name) == role


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("layers[1].bn_gamma", "scale"), ("scale", "scale"), ("layers[0].beta", "shift"), ("b1", "bias"),
        ("layers[0].b", "bias"), ("layer_b", "bias"), ("[1]b", None), ("w1b", "bias"), ("my_bias", "bias"),
        ("[1]", None), ("v", None),
    ],
)  # fmt: skip
def test_the_name_of_a_vector_says_its_kind_with_more_around_it(name, role):
    assert vector_role(name) == role


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("W1", True), ("w", True), ("layers[0].W", True), ("layer_weights", True), ("b", False), ("new", False)],
)
def test_matrices_of_weights_are_known_by_their_letter(name, wanted):
    assert is_weights(name) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("dW1", True), ("grad_W", True), ("grads", True), ("W_grad", True), ("db", True), ("dbeta2", True),
        ("nabla_b", True), ("dweights", True), ("g", True), ("gW1", True),
        ("gradb1", True), ("GradW", True), ("gradbias", True), ("gradual", False),
        ("W1", False), ("gamma", False), ("data", False), ("dropout", False), ("depth", False), ("graduate", False),
        ("degrad", False), ("db_f", True), ("dw_enc", True), ("dbc", True), ("db_path", False),
    ],
)  # fmt: skip
def test_attributes_that_hold_gradients_are_known_by_their_mark(name, wanted):
    assert is_gradient(name) is wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("X", "lam"), "lam"),
        (("alpha", "reg"), "reg"),
        (("decay", "alpha"), "decay"),
        (("lam", "l2"), "lam"),
        (("X", "y"), None),
    ],
)
def test_of_several_names_of_l2_the_one_that_can_mean_nothing_else_is_taken(names, wanted):
    assert l2_name(names) == wanted


@pytest.mark.parametrize(
    ("name", "is_size", "value"),
    [
        ("batch_size", True, "7"), ("n_batch", True, "7"), ("mini_batch_size", True, "7"), ("nb_epochs", False, "1"),
        ("num_batches", False, "1"), ("size", False, None),
    ],
)  # fmt: skip
def test_the_size_of_a_batch_is_told_from_other_settings(name, is_size, value):
    assert is_batch_size(name) == is_size
    assert training_setting(name) == value


def test_names_of_momentum_are_none_of_other_settings():
    assert all(map(is_momentum, ["momentum", "mu", "rho", "_momentum"]))
    assert not any(map(is_momentum, ["eta", "batch_size", "epochs", "lam"]))
