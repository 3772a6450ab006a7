"""What functions, arguments, arrays and gradients are usually called."""

import pytest

from chainrule.gradcheck.program.names import Meaning, meaning, parameter_names, plain_name, rank


@pytest.mark.parametrize(
    ("name", "role", "layer"),
    [
        ("X", "inputs", None), ("X_batch", "inputs", None), ("x_train", "inputs", None), ("data", "inputs", None),
        ("Y", "labels", None), ("y_true", "labels", None), ("labels", "labels", None), ("one_hot", "labels", None),
        ("lambda_", "l2", None), ("lam", "l2", None), ("lamda", "l2", None), ("reg", "l2", None), ("l2", "l2", None),
        ("W", "weights", None), ("W1", "weights", 1), ("W_2", "weights", 2), ("weights", "weights", None),
        ("b", "bias", None), ("b0", "bias", 0), ("biases", "bias", None),
        ("gamma1", "scale", 1), ("betas", "shift", None),
        ("NetParams", "bundle", None), ("params", "bundle", None), ("theta", "bundle", None), ("net", "bundle", None),
        ("h", "step", None), ("P", "other", None), ("cache", "other", None), ("H1", "other", None),
    ],
)  # fmt: skip
def test_names_of_arguments_have_a_meaning(name, role, layer):
    assert meaning(name) == Meaning(role, layer)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ComputeCost", "cost"), ("compute_cost", "cost"), ("loss", "cost"), ("J", "cost"), ("svm_loss_naive", "cost"),
        ("costFunction", "cost"), ("my_cost_v2", "cost"),
        ("ComputeGradients", "gradient"), ("compute_grads", "gradient"), ("backprop", "gradient"),
        ("ComputeGradsAnalytic", "gradient"), ("backward_pass", "gradient"),
        ("ComputeGradsNum", "numeric"), ("ComputeGradsNumSlow", "numeric"), ("numerical_gradient", "numeric"),
        ("EvaluateClassifier", "forward"), ("forward", "forward"), ("feed_forward", "forward"),
        ("plot_cost", None), ("check_gradients", None), ("cost_history", None), ("train", None), ("relu", None),
    ],
)  # fmt: skip
def test_names_of_functions_have_a_kind(name, kind):
    kinds = [k for k in ("cost", "gradient", "numeric", "forward") if rank(name, k) is not None]
    assert kinds == ([kind] if kind else [])


def test_the_more_usual_name_comes_first():
    assert rank("compute_cost", "cost") < rank("J", "cost") < rank("some_cost", "cost")


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


@pytest.mark.parametrize(("name", "plain"), [("layers[0].W", "layers0w"), ("W_1", "w1"), ("[0]", "0")])
def test_names_are_compared_by_letters_and_digits(name, plain):
    assert plain_name(name) == plain
