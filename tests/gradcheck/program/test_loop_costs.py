"""The costs of a round."""

import ast

import pytest

from chainrule.gradcheck.program.loop_costs import cost_added_up, cost_of, costs_looked_at


def looked_at(text):
    return [ast.unparse(node) for node in costs_looked_at(ast.parse(text).body[0])]


def test_a_cost_that_is_kept_or_shown_gets_a_name():
    assert looked_at("losses.append(loss(P, y))") == ["loss = loss(P, y)"]
    assert looked_at("if i % 9 == 0:\n    loss = mse(P, y)") == ["loss = mse(P, y)"]
    assert looked_at("losses.append(loss(P, y_test))") == []


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("loss += (P - t) ** 2", "loss = (P - t) ** 2"),
        ("J -= t * np.log(P)", "J = -(t * np.log(P))"),
        ("loss += f(P); loss += g(W)", None),
        ("loss *= 2", None),
        ("val_loss += f(P)", None),
        ("W += f(P)", None),
    ],
)
def test_what_a_round_adds_to_a_cost_is_its_own(text, cost):
    added = cost_added_up(ast.parse(text).body)
    assert (added and ast.unparse(added)) == cost


@pytest.mark.parametrize(
    ("second", "cost"),
    [
        ("J = loss + lam * r", "J"),
        ("J = np.mean(loss)", "J"),
        ("J = loss / m", "loss"),
        ("J = f(loss, 3)", ""),
    ],
)
def test_of_a_loss_and_what_is_made_of_it_the_sum_is_the_cost(second, cost):
    assert cost_of(ast.parse(f"loss = (P - y) ** 2\n{second}").body) == cost
