"""Which functions are the cost and the gradient."""

import pytest

from chainrule.gradcheck.recognition.choices import by_gradient, choices
from chainrule.gradcheck.recognition.penalties import NO_PENALTY, PENALTIES
from support.adapters import defined


def chosen(text):
    """Cost and gradient in the order in which they are tried."""
    pairs = ((f.cost.name, f.gradient.name if f.gradient else "") for f in choices(defined(text)))
    return list(dict.fromkeys(pairs))


def defining(*names):
    return "\n".join(f"def {name}(X, Y, W): ..." for name in names)


def test_functions_whose_names_share_words_come_first():
    text = defining("ComputeCost", "ComputeCostSVM", "ComputeGradientsSVM", "ComputeGradients")
    assert set(chosen(text)[:2]) == {
        ("ComputeCost", "ComputeGradients"),
        ("ComputeCostSVM", "ComputeGradientsSVM"),
    }


def test_where_the_gradient_takes_l2_so_does_the_cost():
    text = "def loss(X, W): ...\ndef cost(X, W, lam): ...\ndef gradient(X, W, lam): ..."
    assert chosen(text) == [("cost", "gradient"), ("loss", "gradient")]


def test_a_cost_without_l2_is_given_penalties_beside_a_gradient_with_it():
    text = "def cost(P, Y): ...\ndef gradient(X, W, lam): ..."
    pairs = [f for f in choices(defined(text)) if not f.by_update]
    assert [f.penalty for f in pairs] == [*PENALTIES, NO_PENALTY]
    assert [f.is_assumed for f in pairs] == [True, True, False]


@pytest.mark.parametrize(
    "cost",
    [
        "def cost(P, Y, lam): ...",
        "def cost(P, Y):\n    return lam * W",
        "def cost(P, Y):\n    return penalty_of(P)\ndef penalty_of(W):\n    return lam * W",
    ],
)
def test_a_cost_that_takes_or_reads_l2_stands_as_it_is(cost):
    text = f"{cost}\ndef gradient(X, W, lam): ..."
    assert {f.penalty for f in choices(defined(text))} == {""}


def test_a_numeric_gradient_is_of_the_cost_that_it_calls():
    text = defining("ComputeCost", "ComputeGradients", "ComputeCostSVM")
    text += "\ndef GradsNum(X, Y, W):\n    return ComputeCostSVM(X, Y, W)"
    numerics = {(f.cost.name, f.numeric.name) for f in choices(defined(text)) if f.numeric}
    assert numerics == {("ComputeCostSVM", "GradsNum")}


@pytest.mark.parametrize(
    ("returns", "both"), [("loss, dW", True), ("grads, cost", True), ("W, b", False), ("cost", False)]
)
def test_what_gives_cost_and_gradient_by_name_is_both(returns, both):
    assert chosen(f"def propagate(X, W):\n    return {returns}") == ([("propagate", "")] if both else [])


def test_methods_belong_to_methods_of_their_class():
    text = (
        "class A:\n    def cost(self): ...\nclass B:\n    def cost(self): ...\n    def gradient(self): ...\n"
    )
    assert chosen(text) == [("cost", "gradient")]
    (first, *_) = choices(defined(text))
    assert first.cost.owner == first.gradient.owner == "B"


def test_a_method_that_changes_the_parameters_is_a_gradient():
    net = "class Net:\n    def cost(self, X): return self.W @ X\n    def {}(self, X): {}\n"
    assert chosen(net.format("any", "self.W -= X")) == [("cost", "any")]
    assert chosen(net.format("any", "self.W[0] -= X")) == [("cost", "any")]
    assert chosen(net.format("any", "pass")) == []
    # What is called so may change them in a way that is not seen.
    assert chosen(net.format("train", "pass")) == [("cost", "train")]
    assert chosen(net.format("train", "return X")) == []


def test_what_is_set_as_an_attribute_changes_nothing_by_a_step():
    net = "class Net:\n    def cost(self, X): return self.W @ X\n    {}\n    def state(self, X): self.W = self.W - X\n"
    assert chosen(net.format("@other")) == [("cost", "state")]
    assert chosen(net.format("@state.setter")) == []


def test_what_takes_scores_alone_is_no_cost_of_a_training_loop():
    assert chosen("def softmax(x): ...\ndef train(W, X, y): ...") == []


def test_the_cost_of_a_training_loop_is_none_of_another():
    loop = """
def {0}(X, y, W, lr):
    for _ in range(9):
        P = X @ W
        loss = np.{0}((P - y) ** 2)
        W -= lr * X.T @ (P - y)
"""
    pairs = chosen(loop.format("sum") + loop.format("mean"))
    assert pairs
    assert all(cost[-2:] == update[-2:] for cost, update in pairs)


def test_steps_whose_learning_rate_is_known_come_first():
    text = (
        "class Net:\n    def cost(self, X): return self.W @ X\n    def train(self, X): self.W -= X\n"
        "    def fit(self, X, lr): self.W -= lr * X\n"
    )
    assert chosen(text) == [("cost", "fit"), ("cost", "train")]


def test_a_gradient_without_a_cost_stands_beside_usual_ones():
    text = "class Net:\n    def feedforward(self, a): ...\n    def backprop(self, x, y): ...\n"
    every = list(choices(defined(text)))
    assert {(f.cost.name, f.gradient.name) for f in every} == {("feedforward", "backprop")}
    assert len({(f.usual_cost, f.by_update) for f in every}) == len(every) > 3


STEP = "def one(p, x, s, lr):\n    p['W'] -= lr * x\n"


def test_a_step_and_a_value_of_the_same_arguments_are_told_by_use():
    text = f"{STEP}def risk(p, x, s): return 1\ndef decide(p, x): return 1\ndef both(p, x, s): return 1, 2\n"
    assert chosen(text) == [("risk", "one")]
    (functions,) = choices(defined(text))
    assert functions.by_update
    assert functions.is_assumed
    # No name is needed where there is a cost of a usual one.
    assert chosen(f"{STEP}def cost(p, x, s): return 1\ndef risk(p, x, s): return 1\n") == []
    assert chosen(f"{STEP.replace('-=', '+=')}def risk(p, x, s): return 1\n") == []


def test_that_they_belong_together_is_no_guess_where_both_get_the_same_parameters():
    text = f"{STEP}def risk(p, x, s): return 1\ndef init(d): return dict(W=d)\np = init(2)\none(p, x, s, 1)\n"
    assert [f.is_assumed for f in choices(defined(f"{text}risk(p, x, s)"))] == [False]
    assert [f.is_assumed for f in choices(defined(f"{text}risk(q, x, s)"))] == [True]


STEPPING = "\ndef grad(X, Y, W, h=1e-6):\n    return (ComputeCost(X, Y, W + h) - ComputeCost(X, Y, W)) / h"


def test_a_gradient_that_takes_a_step_is_the_numeric_one_beside_one_that_is_derived():
    pairs = list(choices(defined(defining("ComputeCost", "ComputeGradients") + STEPPING)))
    assert {f.gradient.name for f in pairs} == {"ComputeGradients"}
    assert {f.numeric.name for f in pairs if f.numeric} == {"grad"}


@pytest.mark.parametrize("beside", ["", "relu_grad"])
def test_alone_or_beside_the_derivative_of_an_activation_it_is_the_gradient(beside):
    text = defining("ComputeCost", *filter(None, [beside])) + STEPPING
    assert "grad" in {f.gradient.name for f in choices(defined(text)) if f.gradient}


NET = """
class Net:
    def __init__(self, d, K): self.W = make(d, K)
    def forward(self, X): return X @ self.W
    def backward(self, Y): return self.X.T @ (self.P - Y)
def loss(P, Y): return ((P - Y) ** 2).sum()
"""
USED = "net = Net(4, 3)\nP = net.forward(X)\nprint(loss(P, Y))\nnet.backward(Y)\n"


def test_a_loss_of_what_an_object_gives_is_the_cost_of_its_gradient():
    assert chosen(NET + USED)[0] == ("loss", "backward")
    assert ("loss", "backward") not in chosen(NET)


def test_a_net_with_a_cost_of_its_own_needs_no_loss_of_the_file():
    text = NET.replace(
        "    def backward", "    def cost(self, X, Y): return loss(self.forward(X), Y)\n    def backward"
    )
    assert {cost for cost, _ in chosen(text + USED)} == {"cost"}


LAYER = """
class Layer:
    def __init__(self): self.W = 1
    def forward(self, X): return X @ self.W
    def backward(self, G): return G @ self.W
"""


def test_of_several_classes_the_one_that_holds_the_others_or_is_called_is_meant():
    holding = NET.replace("make(d, K)", "make(d, K); self.layers = [Layer()]")
    unknown = "def train(net): print(loss(net.forward(X), Y))"

    def owners(text):
        every = choices(defined(LAYER + text))
        return {f.gradient.owner for f in every if f.cost.name == "loss" and f.shown.endswith("backward")}

    assert owners(holding + unknown) == {"Net"}
    assert owners(NET + unknown) == set()
    assert owners(NET + USED) == {"Net"}


def test_a_function_that_gives_both_is_not_the_cost_of_another():
    both = "def {0}_loss_and_gradient(W, X, y):\n    return float(loss), dW\n"
    text = both.format("first") + both.format("second")
    assert chosen(text) == [("first_loss_and_gradient", ""), ("second_loss_and_gradient", "")]


def test_a_cost_is_not_paired_with_the_gradient_of_another_loss():
    text = "def {0}_cost(W, X, y): return 1\ndef softmax_gradient(W, X, y): return W"
    assert chosen(text.format("svm")) == []
    assert chosen(text.format("nll")) == [("nll_cost", "softmax_gradient")]


@pytest.mark.parametrize(("left", "gradient"), [("self.dW = G", True), ("self.W = self.W - eta * G", False)])
def test_a_method_that_leaves_nothing_but_new_parameters_is_a_step_alone(left, gradient):
    text = f"""
class Net:
    def __init__(self): self.W = 1
    def cost(self, X, y): return self.W
    def backward(self, X, y, eta): {left}
"""
    groups = by_gradient(defined(text))
    assert {functions.by_update for functions, *_ in groups} == {True, *([False] if gradient else [])}


@pytest.mark.parametrize(
    ("text", "costs"),
    [
        ("def forward(X, y, W, b):\n    return l, p", {"forward"}),
        ("def forward(X, W, b):\n    return l, p", set()),
        ("def forward(X, y, W, b):\n    return l, p\ndef loss(X, y, W, b):\n    return 0", {"loss"}),
    ],
)
def test_a_pass_that_knows_labels_may_give_its_loss_as_l_where_nothing_else_is_a_cost(text, costs):
    text += "\ndef gradients(X, y, W, b):\n    return dW, db"
    assert {f.cost.name for f in choices(defined(text)) if not f.usual_cost} == costs


@pytest.mark.parametrize(
    ("method", "is_gradient"),
    [
        ("get_grads(self):\n        return self.dW, self.db", False),
        ("set_grads(self, grads):\n        self.dW, self.db = grads", False),
        ("get_grads(self):\n        return self.X.T @ self.d, self.db", True),
        ("grads(self, d):\n        self.dW, self.db = self.X.T @ d, d.sum(0)", True),
    ],
)
def test_getters_and_setters_of_gradients_are_none(method, is_gradient):
    text = f"class Net:\n    def cost(self, X, Y): ...\n    def {method}"
    groups = {
        f.shown.rpartition(".")[2] for group in by_gradient(defined(text)) for f in group if not f.by_update
    }
    assert (method.partition("(")[0] in groups) == is_gradient


def test_of_two_costs_with_words_of_their_own_the_one_that_shares_some_with_the_gradient_comes_first():
    file = defined(
        "def compute_cost(P, y, W): ...\n"
        "def compute_multiple_bce_cost(P, y, W): ...\n"
        "def backward_pass_sigmoid_bce(X, y, P, W): ..."
    )
    assert next(f.cost.name for f in choices(file)) == "compute_multiple_bce_cost"


def test_a_gradient_beside_that_of_a_cost_whose_own_cost_nobody_names_is_a_guess():
    text = NET + "def loss_gradient(P, Y): return 2 * (P - Y)\n"
    every = [f for f in choices(defined(text)) if f.gradient.owner and f.cost.name == "loss"]
    assert every
    assert all(f.is_guessed for f in every)
    assert not any(f.is_guessed for f in choices(defined(text)) if f.gradient.name == "loss_gradient")
