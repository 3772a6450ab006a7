"""What functions are usually called."""

import pytest

from chainrule.gradcheck.program.function_names import costs_among, is_check, is_update, rank


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ComputeCost", "cost"), ("compute_cost", "cost"), ("loss", "cost"), ("J", "cost"), ("svm_loss_naive", "cost"),
        ("costFunction", "cost"), ("my_cost_v2", "cost"), ("compute_J", "cost"), ("kostnad_och_gradienter", "cost"),
        ("ComputeGradients", "gradient"), ("compute_grads", "gradient"), ("backprop", "gradient"),
        ("ComputeGradsAnalytic", "gradient"), ("backward_pass", "gradient"),
        ("ComputeGradsNum", "numeric"), ("ComputeGradsNumSlow", "numeric"), ("numerical_gradient", "numeric"),
        ("EvaluateClassifier", "forward"), ("compute_P", "forward"), ("forward", "forward"), ("forw_pass", "forward"),
        ("feed_forward", "forward"), ("plot_cost", None), ("check_gradients", None), ("cost_history", None),
        ("gradDiff", None), ("relative_grad_error", None), ("weights_gradients_pairs", None),
        ("params_and_grads", None), ("detailed_gradient_verification", None),
        ("train", None), ("relu", None),
    ],
)  # fmt: skip
def test_names_of_functions_have_a_kind(name, kind):
    kinds = [k for k in ("cost", "gradient", "numeric", "forward") if rank(name, k) is not None]
    assert kinds == ([kind] if kind else [])


def test_the_more_usual_name_comes_first():
    assert rank("compute_cost", "cost") < rank("J", "cost") < rank("some_cost", "cost")


def test_a_name_of_cost_and_gradient_may_be_that_of_either():
    assert all(rank("costGradient", kind) is not None for kind in ("cost", "gradient"))
    assert rank("numerical_cost_gradient", "gradient") is None


def test_costs_are_told_among_what_a_function_gives():
    assert costs_among(["grads", "loss"]) == [1]
    assert costs_among(["l", "p", "h"]) == [0]
    assert costs_among(["loss", "l"]) == [0]
    assert costs_among(["p", "h"]) == []


def test_what_says_something_of_training_takes_no_step():
    assert all(map(is_update, ["train", "_fit", "update_params", "gradientDescent", "training_step"]))
    assert not any(
        map(is_update, ["save_training_results", "plot_learning_curve", "_log_training_", "outfit"])
    )


@pytest.mark.parametrize("name", ["apply_grads", "apply_gradients", "applyGradients"])
def test_what_applies_gradients_takes_a_step_and_gives_none(name):
    assert is_update(name)
    assert rank(name, "gradient") is None


@pytest.mark.parametrize(
    "name",
    ["check_grad", "gradCheck", "grad_check", "gradient_checking", "gradientchecking", "test_gradient", "verify_grad",
     "_compareGradients", "checkgrad", "validate"],
)  # fmt: skip
def test_what_holds_gradients_against_others_is_a_check(name):
    assert is_check(name)


@pytest.mark.parametrize(
    "name", ["tested_grad", "checkpointed_grad", "verified_grad", "grad_testing", "checkerboard_grad", "grad"]
)
def test_a_word_that_only_begins_so_makes_no_check(name):
    assert not is_check(name)
