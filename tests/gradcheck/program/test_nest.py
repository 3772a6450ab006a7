"""Parameters that live on objects and modules: found, checked, and put back as they were."""

from types import SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.nest import Nest
from support.corpus.mutation import load
from support.plain_nets import D, H, K, X, Y, cost, drawn, forward, gradient, named


class Net:
    def __init__(self):
        self.__dict__.update(drawn())
        self.sizes = np.array([D, H, K])

    def parameters(self):
        return {name: getattr(self, name) for name in drawn()}

    def cost(self, X, Y, lam):
        return cost(self.parameters(), X, Y, lam)

    def gradient(self, X, Y, lam):
        for name, g in gradient(self.parameters(), X, Y, lam).items():
            setattr(self, f"grad_{name}", g)


def is_as_drawn(net):
    return all(np.array_equal(getattr(net, name), array) for name, array in drawn().items())


def test_gradients_may_be_kept_on_the_object():
    net = Net()
    before = net.parameters()
    outcome = check_gradient(net.cost, net.gradient, net, X, Y, 0.1)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["W1", "b1", "W2", "b2"]
    assert all(getattr(net, name) is array for name, array in before.items())
    assert is_as_drawn(net)


def test_a_wrong_gradient_kept_on_the_object_is_wrong():
    class Turned(Net):
        def gradient(self, X, Y, lam):
            super().gradient(X, Y, lam)
            self.grad_b1 = -self.grad_b1

    net = Turned()
    outcome = check_gradient(net.cost, net.gradient, net, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["wrong-sign"])
    assert outcome.causes[0].tensors == ("b1",)
    assert is_as_drawn(net)


def test_an_object_that_changes_itself_is_put_back():
    class Stepping(Net):
        def gradient(self, X, Y, lam):
            super().gradient(X, Y, lam)
            self.W1 = self.W1 - 0.1 * self.grad_W1
            self.b2 -= 0.1 * self.grad_b2

    net = Stepping()
    outcome = check_gradient(net.cost, net.gradient, net, X, Y, 0.1)
    assert "parameters-mutated" in named(outcome)
    assert outcome.causes[-1].tensors == ("W1", "b2")
    assert is_as_drawn(net)


def test_what_an_object_comes_to_keep_is_no_parameter():
    class Keeping(Net):
        def cost(self, X, Y, lam):
            self.hidden, self.probabilities = forward(self.parameters(), X)
            return super().cost(X, Y, lam)

        def gradient(self, X, Y, lam):
            self.hidden, self.above = forward(self.parameters(), X)
            super().gradient(X, Y, lam)

    net = Keeping()
    outcome = check_gradient(net.cost, net.gradient, net, X, Y, 0.1)
    assert outcome.right
    assert [t.name for t in outcome.tensors] == ["W1", "b1", "W2", "b2"]
    assert is_as_drawn(net)


def test_what_an_object_comes_to_keep_does_not_hide_what_it_changes():
    class Stepping(Net):
        def gradient(self, X, Y, lam):
            self.hidden, _ = forward(self.parameters(), X)
            super().gradient(X, Y, lam)
            self.W2 -= 0.1 * self.grad_W2

    net = Stepping()
    outcome = check_gradient(net.cost, net.gradient, net, X, Y, 0.1)
    assert named(outcome) == ["parameters-mutated"]
    assert outcome.causes[0].tensors == ("W2",)
    assert is_as_drawn(net)


def test_objects_within_a_list_are_put_back():
    first, second = SimpleNamespace(w=np.array([0.5, -1.0])), SimpleNamespace(w=np.array([2.0]))
    kept = first.w, second.w
    outcome = check_gradient(
        lambda layers: sum((layer.w**2).sum() for layer in layers),
        lambda layers: [2 * layer.w for layer in layers],
        [first, second],
    )
    assert outcome.right
    assert (first.w is kept[0], second.w is kept[1]) == (True, True)
    assert (kept[0].tolist(), kept[1].tolist()) == ([0.5, -1.0], [2.0])


def test_an_object_is_put_back_after_an_error():
    def broken(net, X, Y, lam):
        net.W1 = net.W1 * 0
        raise ValueError("no")

    net = Net()
    with pytest.raises(ValueError, match="no"):
        check_gradient(lambda n, *data: n.cost(*data), broken, net, X, Y, 0.1)
    assert is_as_drawn(net)


def test_an_object_given_beside_functions_of_it_is_checked():
    net = SimpleNamespace(**drawn())
    outcome = check_gradient(
        lambda n, X, Y, lam: cost(vars(n), X, Y, lam), lambda n, X, Y, lam: gradient(vars(n), X, Y, lam), net,
        X, Y, 0.1,
    )  # fmt: skip
    assert outcome.right


def test_a_class_whose_backward_uses_what_forward_kept_is_right_and_can_be_checked_again():
    class Quadratic:
        def __init__(self):
            self.W = np.array([[1.0, -2.0], [0.5, 3.0]])

        def loss(self, x):
            self.s = self.W @ x
            return float((self.s**2).sum())

        def backward(self, x):
            self.dW = 2 * np.outer(self.s, x)

    net = Quadratic()
    for _ in range(2):
        outcome = check_gradient(net.loss, net.backward, net, np.array([0.3, -0.7]))
        assert outcome.right
        assert [tensor.name for tensor in outcome.tensors] == ["W"]


PROGRAM = """
import numpy as np
W = np.array([[0.5, -0.3], [0.2, 0.9], [-0.4, 0.1]])
b = np.array([[0.1], [0.2], [-0.3]])

def P(X):
    s = W @ X + b
    e = np.exp(s - s.max(axis=0))
    return e / e.sum(axis=0)

def cost(X, Y, lam):
    return -np.log((Y * P(X)).sum(axis=0)).mean() + lam * (W ** 2).sum()

def gradient(X, Y, lam):
    G = (P(X) - Y) / X.shape[1]
    return G @ X.T + 2 * lam * W, G.sum(axis=1, keepdims=True)

def halved(X, Y, lam):
    G = (P(X) - Y) / X.shape[1]
    return G @ X.T + lam * W, G.sum(axis=1, keepdims=True)
"""


def test_parameters_may_be_the_globals_of_a_module():
    program = load(PROGRAM, "globals_of_a_module")
    W, before = program.W, program.W.copy()
    assert check_gradient(program.cost, program.gradient, program, X[:2], Y, 0.1).right
    outcome = check_gradient(program.cost, program.halved, program, X[:2], Y, 0.1)
    assert named(outcome) == ["regulariser-half"]
    assert outcome.causes[0].line.text.strip() == "return G @ X.T + lam * W, G.sum(axis=1, keepdims=True)"
    assert program.W is W
    np.testing.assert_array_equal(W, before)


def test_a_number_among_the_parameters_is_one_where_its_name_says_so():
    assert Nest({"W": np.ones(2), "b": 0.5, "eps": 1e-5}).names == ["W", "b"]
    assert Nest([np.ones(2), 0.5]).names == ["[0]", "[1]"]
    same = {"W": np.ones(2), "eps": 1e-5}
    assert Nest(same).given is same


def test_a_number_stays_one_but_in_a_call_that_changes_it():
    for kept in ({"W": np.ones(2), "b": 0.5}, [np.ones(2), 0.5]):
        nest = Nest(kept)
        with nest.holding([np.zeros(2), np.asarray(2.0)]) as held:
            W, b = held.values() if isinstance(held, dict) else held
            assert isinstance(b, float)
            assert (b, W.tolist()) == (2.0, [0.0, 0.0])
            assert [leaf.array.tolist() for leaf in nest.own(held)] == [[0.0, 0.0], 2.0]
        with nest.holding([np.zeros(2), np.asarray(2.0)], changed=True) as held:
            assert isinstance([*held.values()][1] if isinstance(held, dict) else held[1], np.ndarray)
    with Nest(0.5).holding([np.asarray(2.0)]) as held:
        assert isinstance(held, float)


def test_a_sum_that_begins_with_a_number_leaves_it_as_it_is():
    def cost(w, b, x):
        s = b
        for wi, xi in zip(w, x, strict=True):
            s += wi * xi
        return s**2

    def gradient(w, b, x):
        cost(w, b, x)
        s = sum(wi * xi for wi, xi in zip(w, x, strict=True)) + b
        return [2 * s * xi for xi in x], 2 * s

    assert check_gradient(cost, gradient, [np.ones(3), 0.5], np.arange(3.0)).right


class Layers:
    """One layer with batch normalisation, and what it keeps of its last batches."""

    def __init__(self):
        self.W, self.b = np.ones((2, 3)), np.ones(2)
        self.gamma, self.beta = np.ones(2), np.zeros(2)
        self.mu_av = np.zeros(2)


def normalised(nest, X):
    S = nest.W @ X + nest.b[:, None]
    S = (S - S.mean(axis=1, keepdims=True)) / S.std(axis=1, keepdims=True)
    return float(((nest.gamma[:, None] * S + nest.beta[:, None]) ** 3).sum())


@pytest.mark.parametrize(
    ("shapes", "kept"),
    [
        ([(2, 3), (2,), (2,), (2,)], ["W", "b", "gamma", "beta"]),
        ([(2, 3), (2,), (2,)], ["W", "gamma", "beta"]),
        ([(2, 3), (2,), (2,), (2,), (2,)], ["W", "gamma", "beta"]),
    ],
)
def test_a_parameter_that_changes_nothing_counts_where_its_gradient_came_back(shapes, kept):
    layers, X = Layers(), np.random.default_rng(0).normal(size=(3, 5))
    layers.W = np.random.default_rng(1).normal(size=(2, 3))
    nest = Nest(layers)

    def cost(arrays):
        with nest.holding(arrays) as held:
            return normalised(held, X)

    nest.leave_out_idle(cost, shapes)
    assert nest.names == kept


class Adding:
    """What adds its gradient to the last one, as whoever calls it sets that to 0."""

    def __init__(self):
        self.W, self.grad_W, self.steps = np.ones(3), np.zeros(3), np.zeros(3)

    def cost(self, X):
        return float(np.sum((self.W * X) ** 2))

    def backward(self, X):
        self.grad_W += 2 * self.W * X**2
        self.steps += 1


def test_a_gradient_that_is_added_up_begins_each_call_as_it_was_given():
    X, net = np.arange(1.0, 4.0), Adding()
    program = LocalProgram(net.cost, net.backward, net, (X,))
    every = [program.gradient([np.ones(3)], [X]).arrays for _ in range(3)]
    assert program.describe().names == ["W"]
    assert all(np.array_equal(each, [2 * X**2]) for each in every)
    assert np.array_equal(net.steps, np.ones(3))
    assert check_gradient(net.cost, net.backward, net, X).right
