"""What takes a part of the data."""

import ast

import pytest

from chainrule.gradcheck.program.minibatches import all_samples, data_of, handed_parts, is_part


def statement(text):
    return ast.parse(text).body[0]


@pytest.mark.parametrize(
    "text",
    ["xb = X[i:j]", "xb, yb = X[idx], Y[idx]", "X_batch = X_train[:, i:j]", "y_mini_batch = y[idx]"],
)
def test_a_part_of_the_data_is_told_by_its_role(text):
    assert is_part(statement(text))


@pytest.mark.parametrize(
    "text",
    ["W1 = W[0]", "xb = Y[idx]", "xb, W1 = X[idx], W[0]", "xb = scaled(X)", "idx = order[i:j]", "a = b"],
)
def test_nothing_else_is_one(text):
    assert not is_part(statement(text))


@pytest.mark.parametrize(
    ("text", "all_of_it"),
    [
        ("xb = X[idx]", "idx = range(len(xb))"),
        ("xb, yb = X[:, idx], Y[:, idx]", "idx = range(xb.shape[1])"),
        ("xb = X[i:j]", None),
    ],
)
def test_what_chooses_the_samples_chooses_all_of_a_part(text, all_of_it):
    made = all_samples(statement(text))
    assert (made and ast.unparse(made)) == all_of_it


def test_what_a_loop_goes_through_is_data_by_its_name():
    assert data_of(statement("for i, (xb, yb) in enumerate(batches): ...")) == {"xb", "yb"}
    assert data_of(statement("while True: ...")) == set()


@pytest.mark.parametrize(
    ("lines", "handed"),
    [
        ("xb = X[i:i + 8]; show(cost(xb, W)); W -= lr * xb.sum()", ["cost"]),
        ("xb = X[i:i + 8]; D = f(xb); self.W -= lr * D; self.loss = self.cost(xb)", ["f", "cost"]),
        ("xb = X[i:i + 8]; xv = X[80:]; show(cost(xv, W)); W -= lr * xb.sum()", []),
        ("xb = X[i:i + 8]; show(cost(xb, W))", []),
        ("xb = X[i:i + 8]; show(cost(X, W)); W -= lr * xb.sum()", []),
    ],
)
def test_what_a_minibatch_is_handed_to_beside_its_step_is_of_that(lines, handed):
    assert [*handed_parts(statement(f"for i in range(0, n, 8): {lines}"))] == handed
