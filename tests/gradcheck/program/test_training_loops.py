"""Training loops on the top level, as functions."""

import ast

import pytest

from chainrule.gradcheck.program.training_loops import loop_line, training_loops

WITH_COST = """
X, y, W = 1, 2, 3
for i in range(9):
    P = X @ W
    loss = ((P - y) ** 2).sum()
    print(loss)
    dW = 2 * X.T @ (P - y)
    W = W - eta * dW
eta = 0.1
"""
FORWARD = """
def forward_of_loop_3(X, W):
    P = X @ W
    return P
"""
COST = """
def cost_of_loop_3(X, W, y):
    P = X @ W
    loss = ((P - y) ** 2).sum()
    dW = 2 * X.T @ (P - y)
    return loss
"""
UPDATE = """
def update_of_loop_3(X, W, y, eta):
    P = X @ W
    loss = ((P - y) ** 2).sum()
    dW = 2 * X.T @ (P - y)
    W -= eta * dW
"""


def functions(text):
    return [f"\n{ast.unparse(function)}\n" for function in training_loops(ast.parse(text).body)]


def test_a_loop_is_a_cost_and_a_step_of_what_it_reads():
    assert functions(WITH_COST) == [COST, FORWARD, UPDATE]


def test_a_loop_without_a_cost_has_a_forward_pass():
    forward, _ = functions(WITH_COST.replace("    loss = ((P - y) ** 2).sum()\n", ""))
    assert forward == FORWARD


def test_the_loop_of_a_function_begins_with_what_comes_before_it_but_for_making_parameters():
    body = WITH_COST.replace("X, y, W = 1, 2, 3", "W = np.ones(3)\nm = len(X)").replace("\n", "\n    ")
    cost, *_ = functions(f"def train(X, y, eta):{body}")
    assert cost == COST.replace("loop_3", "loop_4").replace(":\n", ":\n    m = len(X)\n", 1)


def test_a_round_that_calls_a_gradient_is_left_to_that():
    assert functions(WITH_COST.replace("2 * X.T @ (P - y)", "gradient(W, X, y)")) == []


def test_a_small_number_that_steps_begin_with_is_their_rate():
    text = WITH_COST.replace("W - eta *", "W - 0.01 *")
    assert "W -= learning_rate * dW" in functions(text)[-1]
    assert "W -= 2.0 * dW" in functions(text.replace("0.01", "2.0"))[-1]


@pytest.mark.parametrize(
    "text",
    [
        WITH_COST.replace(", W = 1, 2, 3", " = 1, 2"),
        WITH_COST.replace("W = W - eta * dW", "total += eta * dW"),
        WITH_COST.replace("    W = W", "    for j in range(3):\n        W = W"),
        "class Net:" + WITH_COST.replace("\n", "\n    "),
    ],
)
def test_what_trains_no_parameters_of_the_top_level_or_takes_several_steps_is_left_alone(text):
    assert functions(text) == []


def test_the_statements_stay_on_their_lines():
    *_, update = training_loops(ast.parse(WITH_COST).body)
    assert [node.lineno for node in update.body] == [4, 5, 7, 8]
    assert loop_line(update.name) == update.lineno == 3
    assert loop_line("update") is None
