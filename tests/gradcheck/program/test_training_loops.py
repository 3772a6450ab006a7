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
    return loss
"""
UPDATE = """
def update_of_loop_3(X, W, y, eta):
    P = X @ W
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
    body = WITH_COST.replace("X, y, W = 1, 2, 3", "W = np.ones(3)\nm, k = len(X), 4").replace("\n", "\n    ")
    cost, *_ = functions(f"def train(X, y, eta):{body}".replace(".sum()", ".sum() / m"))
    expected = COST.replace("loop_3", "loop_4").replace(":\n", ":\n    m, k = (len(X), 4)\n", 1)
    assert cost == expected.replace(".sum()", ".sum() / m")


MOMENTUM = WITH_COST.replace("    W = W - eta * dW", "    v = momentum * v - eta * dW\n    W += v")
START = "v, unused = np.zeros(4), 1\nother = 5\n"


def test_the_step_with_a_velocity_begins_where_this_was_made():
    update = functions(START + MOMENTUM)[-1]
    assert "unused = (np.zeros(4), 1)" in update
    assert "other" not in update
    assert "def update_of_loop_5(X, W, y, eta)" in update


def test_and_takes_how_much_of_the_last_step_is_taken_again():
    body = f"W = np.ones(3)\n{START}{MOMENTUM.split('1, 2, 3')[1]}".replace("\n", "\n    ")
    update = functions(f"def train(X, y, eta, momentum=0.9):\n    {body}")[-1]
    assert "(X, W, y, momentum, eta)" in update
    assert "v = momentum * v - eta * dW" in update


def test_a_round_that_calls_a_gradient_is_left_to_that():
    assert functions(WITH_COST.replace("2 * X.T @ (P - y)", "gradient(W, X, y)")) == []


def test_a_round_that_calls_the_gradient_of_an_activation_is_not():
    text = WITH_COST.replace("dW = 2 * X.T @ (P - y)", "d = sigmoid_grad(P) * (P - y)\n    dW = X.T @ d")
    assert "d = sigmoid_grad(P) * (P - y)" in functions(text)[-1]
    of_loss = WITH_COST.replace("dW = 2 * X.T @ (P - y)", "d = loss_grad(P, y)").replace(
        "eta * dW", "eta * X.T @ d"
    )
    assert "d = loss_grad(P, y)" in functions(of_loss)[-1]
    assert functions(of_loss.replace("eta * X.T @ d", "eta * d")) == []


def test_a_small_number_that_steps_begin_with_is_their_rate():
    text = WITH_COST.replace("W - eta *", "W - 0.01 *")
    assert "W -= learning_rate * dW" in functions(text)[-1]
    assert "W -= 2.0 * dW" in functions(text.replace("0.01", "2.0"))[-1]


@pytest.mark.parametrize("factor", ["epsilon * dW", "-epsilon * dW", "speed * dW / 2"])
def test_so_is_what_alone_a_step_begins_with_whatever_it_is_called(factor):
    text = WITH_COST.replace("W = W - eta * dW", f"W += {factor}")
    name = "speed" if "speed" in factor else "epsilon"
    assert f"W += {factor}".replace(name, "learning_rate") in functions(text)[-1]


@pytest.mark.parametrize("taken", ["dW * epsilon", "d * epsilon", "X * d", "half @ d", "n_classes * dW"])
def test_but_not_what_a_round_computes_or_what_is_something_else(taken):
    text = WITH_COST.replace("W = W - eta * dW", f"d = P - y\n    W -= {taken}")
    assert f"W -= {taken}" in functions(text)[-1]


@pytest.mark.parametrize(
    "text",
    [
        WITH_COST.replace(", W = 1, 2, 3", " = 1, 2"),
        WITH_COST.replace("W = W - eta * dW", "total += eta * dW"),
        WITH_COST.replace("    W = W", "    for j in range(3):\n        W = W"),
        WITH_COST.replace("    W = W", "    if i > 3:\n        dW = 2 * dW\n    W = W"),
        WITH_COST.replace("    W = W", "    for j in range(3):\n        dW[j] = 0\n    W = W"),
        WITH_COST.replace("    W = W", "    np.add.at(dW, idx, 1)\n    W = W"),
        WITH_COST.replace("    W = W", "    for d in [dW, db]:\n        np.clip(d, -1, 1, out=d)\n    W = W"),
        WITH_COST.replace("    W = W", "    dW.fill(1)\n    W = W"),
        WITH_COST.replace("for i in range(9)", "for W, g in zip([W, V], grads)"),
        "class Net:" + WITH_COST.replace("\n", "\n    "),
    ],
)
def test_what_trains_no_parameters_of_the_top_level_or_takes_several_steps_is_left_alone(text):
    assert functions(text) == []


def test_the_statements_stay_on_their_lines():
    *_, update = training_loops(ast.parse(WITH_COST).body)
    assert [node.lineno for node in update.body] == [4, 7, 8]
    assert loop_line(update.name) == update.lineno == 3
    assert loop_line("update") is None


BATCHES = """
X, y, W = 1, 2, 3
for i in range(9):
    order = shuffled(len(X))
    for j in range(0, 50, 5):
        {0}
        P = xb @ W
        dW = 2 * xb.T @ (P - yb) / {1}
        W -= eta * dW
    if i % 3 == 0:
        accuracy = mean(P)
eta = 0.1
"""


@pytest.mark.parametrize(
    ("parts", "count", "first"),
    [
        ("xb, yb = X[j:j + 5], y[j:j + 5]", "5", ""),
        ("xb = X[j:j + 5]; yb = y[j:j + 5]", "5", ""),
        ("idx = order[j:j + 5]; xb, yb = X[idx], y[idx]", "len(idx)", "    idx = range(len(xb))\n"),
        ("idx = order[j:j + 5]; xb, yb = X[:, idx], y[idx]", "len(idx)", "    idx = range(xb.shape[1])\n"),
        ("idx = order[j:j + 5]; xb, yb = X[idx], y[idx]", "len(xb)", ""),
    ],
)
def test_a_loop_over_minibatches_is_a_step_on_a_part_of_the_data(parts, count, first):
    forward, update = functions(BATCHES.format(parts, count))
    assert forward == "\ndef forward_of_loop_5(xb, W):\n    P = xb @ W\n    return P\n"
    assert update.partition(":\n")[2] == (
        f"{first}    P = xb @ W\n    dW = 2 * xb.T @ (P - yb) / {count}\n    W -= eta * dW\n"
    )


def test_what_a_loop_goes_through_may_be_parts_of_the_data():
    text = BATCHES.format("pass", "len(xb)").replace("j in range(0, 50, 5)", "xb, yb in batches(X, y)")
    assert "xb" in functions(text)[-1].partition(")")[0]


def test_the_size_of_a_minibatch_is_taken():
    text = f"def train(X, y, eta, batch_size):{BATCHES.format('xb, yb = X[j:], y[j:]', 'batch_size')}"
    assert (
        "batch_size"
        in functions(text.replace("\n", "\n    ").replace("X, y, W = ", "W, a, c = "))[-1].partition(")")[0]
    )


def test_a_loop_in_a_method_that_makes_its_parameters_is_a_step_from_any():
    text = """
class Model:
    def __init__(self, lr): self.lr = lr
    def fit(self, X, y):
        {0}
        for _ in range(self.steps):
            P = self.squash(X @ self.w)
            dw = X.T @ (P - y)
            self.w -= self.lr * dw
"""
    forward, update = functions(text.format("self.w = np.zeros(3)"))
    assert update == (
        "\ndef update_of_loop_6(X, w, y, lr):\n    self = Model.__new__(Model)\n    "
        "P = (vars(self).update(w=w), self)[1].squash(X @ w)\n    dw = X.T @ (P - y)\n    w -= lr * dw\n"
    )
    assert "return P" in forward
    assert functions(text.format("m = len(X)")) == []


@pytest.mark.parametrize(
    "shown",
    [
        "losses.append(squared_loss(P, y))",
        "print(i, squared_loss(P, y))",
        "if i % 9 == 0: loss = squared_loss(P, y)",
        "if i % 9 == 0: losses.append(squared_loss(P, y))",
    ],
)
def test_a_cost_that_is_kept_or_shown_is_that_of_a_round(shown):
    cost, *_ = functions(WITH_COST.replace("loss = ((P - y) ** 2).sum()", shown))
    assert cost == COST.replace("((P - y) ** 2).sum()", "squared_loss(P, y)").replace("cost_", "kept_cost_")


@pytest.mark.parametrize(
    "shown",
    [
        "val_loss = squared_loss(P, y)",
        "loss = squared_loss(P, y_val)",
        "losses.append(squared_loss(P, y_test))",
    ],
)
def test_a_loss_of_data_that_are_set_apart_is_not_that_of_a_round(shown):
    made = functions(WITH_COST.replace("loss = ((P - y) ** 2).sum()", shown))
    assert [text.split("_of_loop")[0] for text in made] == ["\ndef forward", "\ndef update"]


def test_what_is_kept_of_all_rounds_is_not_the_cost_of_one():
    text = f"def train(X, y, eta):\n    losses = []\n{WITH_COST}".replace(
        "X, y, W = 1, 2, 3", "W = np.ones(3)"
    )
    cost, *_ = functions(text.replace("\n", "\n    ").replace("        losses", "    losses", 1))
    assert "return loss\n" in cost


def test_labels_may_be_subtracted_from_what_has_no_name():
    text = WITH_COST.replace("    P = X @ W\n    loss = ((P - y) ** 2).sum()\n", "").replace(
        "P - y", "squash(X @ W) - y"
    )
    forward, _ = functions(text)
    assert forward == "\ndef forward_of_loop_3(X, W):\n    return squash(X @ W)\n"


def test_all_parameters_may_be_called_theta():
    text = WITH_COST.replace("W", "theta")
    assert [f.partition("(")[2].partition(")")[0] for f in functions(text)] == [
        "X, theta, y", "X, theta", "X, theta, y, eta",
    ]  # fmt: skip


def test_what_else_is_made_of_a_cost_leaves_it_open_which_is_meant():
    lines = "data_loss = f(P, y)\n    total_loss = combined(data_loss, W)"
    first, *_ = functions(WITH_COST.replace("loss = ((P - y) ** 2).sum()", lines))
    assert first.startswith("\ndef forward")


@pytest.mark.parametrize(
    ("lines", "cost"),
    [
        ("data_loss = f(P, y)\n    reg_loss = g(W)\n    total_loss = data_loss + reg_loss", "total_loss"),
        ("loss = f(P, y)\n    loss = loss + g(W)", "loss"),
        ("loss = f(P, y)\n    all_losses = all_losses + loss", "loss"),
        ("loss = f(P, y)\n    mean_loss = loss / m", "loss"),
        ("reg_loss = g(W)\n    loss = f(P, y) + reg_loss", "loss"),
    ],
)
def test_the_cost_of_a_round_is_that_to_which_its_parts_add_up(lines, cost):
    first, *_ = functions(WITH_COST.replace("loss = ((P - y) ** 2).sum()", lines))
    assert first.endswith(f"return {cost}\n")


@pytest.mark.parametrize("mean", ["np.mean(loss)", "loss.mean()", "np.sum(loss)"])
def test_the_cost_is_the_sum_or_mean_of_the_losses_of_all_samples(mean):
    cost, *_ = functions(WITH_COST.replace(".sum()\n", f"\n    cost = {mean}\n"))
    assert f"cost = {mean}\n    return cost" in cost


@pytest.mark.parametrize(
    ("through", "parts", "first"),
    [
        ("xi, t in zip(X, y)", "pass", "xi, t = next(iter(zip(X, y)))"),
        ("i in rng.permutation(len(X))", "xi, t = X[i], y[i]", "i = next(iter(range(len(X))))"),
        (
            "i, (xi, target) in enumerate(zip(X, y))",
            "t = target",
            "i, (xi, target) = next(iter(enumerate(zip(X, y))))",
        ),
    ],
)
def test_a_round_over_single_samples_is_that_of_the_first(through, parts, first):
    cost, *_, update = functions(f"""
def train(X, y, eta, spread):
    W = np.zeros(3)
    v = spread * 2
    for epoch in range(9):
        loss = 0
        for {through}:
            {parts}
            P = xi @ W * v
            loss += (P - t) ** 2
            W -= eta * 2 * (P - t) * xi * v
""")
    assert cost.startswith("\ndef kept_cost_of_loop_7(spread, X, y, W):\n")
    assert update.startswith("\ndef update_of_loop_7(spread, X, y, W, eta):\n")
    assert all(f"    {first}\n" in made for made in (cost, update))
    assert cost.endswith("    loss = (P - t) ** 2\n    return loss\n")


@pytest.mark.parametrize("through", ["xi, t in shuffled(X, y)", "X, y in zip(X, y)"])
def test_what_a_loop_goes_through_in_ways_of_its_own_has_no_first_sample(through):
    text = f"X, y, W = 1, 2, 3\nfor {through}:\n    P = xi @ W\n    W -= eta * (P - t) * xi\n"
    assert not any("next(" in made for made in functions(text))
