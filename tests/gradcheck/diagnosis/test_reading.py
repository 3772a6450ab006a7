"""How a cost is read as a net: its loss, penalty and batch norm."""

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import derivation, reading
from support.points import point_of

RNG = np.random.default_rng(4)
X, LABELS = RNG.standard_normal((8, 4)), RNG.integers(0, 3, 8)
LABELS[:3] = [0, 1, 2]
SMALL = {"W1": RNG.standard_normal((6, 4)), "b1": RNG.standard_normal(6), "W2": RNG.standard_normal((3, 6)),
         "b2": RNG.standard_normal(3)}  # fmt: skip
SCALE = {"gamma1": RNG.uniform(0.5, 2, 6), "beta1": RNG.standard_normal(6)}


LABELS[:3] = [0, 1, 2]


def scores_of(p, X, eps):
    s = X @ p["W1"].T + p["b1"]
    if eps is not None:
        s = (s - s.mean(axis=0)) / np.sqrt(s.var(axis=0) + eps)
        s = s * p["gamma1"] + p["beta1"] if "gamma1" in p else s
    return np.maximum(s, 0) @ p["W2"].T + p["b2"]


def at(p, data):
    return point_of(cost_with(), cost_with(), p, data)


def read(cost, p=SMALL, data=(X, LABELS, 0.3)):
    return reading.read(point_of(cost, cost, p, data), np.random.default_rng(0))


def cross_entropy_cost(p, X, y, lam, *, eps=None, log=np.log, mean=np.mean, penalty=lambda p, lam: 0.0):
    s = scores_of(p, X, eps)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return mean(-log(P[np.arange(len(y)), y])) + penalty(p, lam)


def l2(p, lam):
    return lam * sum((p[name] ** 2).sum() for name in ("W1", "W2"))


def cost_with(**others):
    return lambda p, X, y, lam: cross_entropy_cost(p, X, y, lam, **others)


def test_a_mean_without_penalty_is_read():
    read_as = read(cost_with())
    assert (read_as.form.loss, read_as.form.eps, read_as.form.mistake) == ("cross_entropy", None, None)
    assert (read_as.factor, read_as.penalty, read_as.odd) == (1, {}, {})
    assert (
        reading.described(read_as, point_of(cost_with(), cost_with(), SMALL, (X, LABELS, 0.3)))
        == "4-6-3, cross-entropy"
    )


def test_a_sum_over_the_samples_is_read_as_n_means():
    assert read(cost_with(mean=np.sum)).factor == 8


@pytest.mark.parametrize(("log", "factor"), [(np.log10, 1 / np.log(10)), (np.log2, 1 / np.log(2))])
def test_the_base_of_the_logarithm_is_read(log, factor):
    assert read(cost_with(log=log)).factor == pytest.approx(factor)


@pytest.mark.parametrize("times", [1.0, 0.5])
def test_the_penalty_and_half_of_it_are_read(times):
    read_as = read(cost_with(penalty=lambda p, lam: times * l2(p, lam)))
    assert read_as.penalty == {"W1": pytest.approx(0.3 * times), "W2": pytest.approx(0.3 * times)}
    assert read_as.odd == {}
    net = read_as.net(at(SMALL, (X, LABELS, 0.3)))
    assert (net.l2, net.penalty) == (0.3, read_as.penalty)


def test_a_penalty_of_the_bias_is_read():
    read_as = read(cost_with(penalty=lambda p, lam: lam * (p["b1"] ** 2).sum()))
    assert read_as.penalty == {"b1": pytest.approx(0.3)}


@pytest.mark.parametrize(
    ("kind", "made"),
    [("sum", np.sum), ("absolute", lambda W: np.abs(W).sum()), ("norm", np.linalg.norm)],
)
def test_a_penalty_that_is_not_squared_is_read(kind, made):
    read_as = read(cost_with(penalty=lambda p, lam: lam * (made(p["W2"]) + (p["W1"] ** 2).sum())))
    assert read_as.odd == {("W2", kind): pytest.approx(0.3)}
    assert read_as.penalty == {"W1": pytest.approx(0.3)}


@pytest.mark.parametrize("eps", [0.0, 1e-10, 1e-8, 1e-5, 1e-3])
@pytest.mark.parametrize("scale", [False, True])
def test_the_epsilon_of_batch_norm_is_read(eps, scale):
    p = SMALL | {"W1": 0.01 * SMALL["W1"]} | (SCALE if scale else {})
    data = (X, LABELS, 0.3)
    read_as = read(cost_with(eps=eps), p)
    assert read_as.form.loss == "cross_entropy"
    losses = derivation.forward(read_as.net(at(p, data)), {})
    assert losses.mean() == pytest.approx(cross_entropy_cost(p, *data, eps=eps), rel=1e-9)
    assert read_as.form.eps == eps or eps < 1e-9


def hinge_cost(p, X, y, lam, own=0.0):
    s = scores_of(p, X, None)
    margins = np.maximum(0, s - s[np.arange(len(y)), y][:, np.newaxis] + 1)
    margins[np.arange(len(y)), y] = own
    return margins.sum(axis=1).mean() + l2(p, lam)


def test_a_hinge_loss_is_read():
    read_as = read(hinge_cost)
    assert (read_as.form.loss, read_as.factor, read_as.odd) == ("hinge", 1, {})
    assert read_as.penalty == {"W1": pytest.approx(0.3), "W2": pytest.approx(0.3)}


def test_a_hinge_loss_that_counts_the_correct_class_has_a_constant_of_the_margin():
    read_as = read(lambda *arguments: hinge_cost(*arguments, own=1.0))
    assert read_as.odd == {("", "constant"): pytest.approx(1)}


def test_clipped_scores_are_read_as_the_mistake_that_they_are():
    def clipped(p, X, y, lam):
        s = np.maximum(scores_of(p, X, None), 0)
        return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y])

    assert read(clipped).form.mistake.bug.name == "scores-clipped"


def test_labels_from_1_are_read():
    data = (X, LABELS + 1, 0.3)
    read_as = read(lambda p, X, y, lam: cross_entropy_cost(p, X, y - 1, lam), data=data)
    assert read_as.form.loss == "cross_entropy"
    assert read_as.net(at(SMALL, data)).y.tolist() == LABELS.tolist()


def test_a_cost_of_no_known_form_is_not_read():
    assert read(lambda p, X, y, lam: np.mean((scores_of(p, X, None) - y[:, np.newaxis]) ** 2)) is None


def test_a_cost_that_fails_is_not_read():
    assert read(lambda p, X, y, lam: [][0]) is None


def test_a_reading_holds_at_other_data_with_other_factors():
    cost = cost_with(penalty=l2)
    read_as = read(cost)
    data = (X[:4], LABELS[:4], 0.7)

    def again(cost):
        return reading.again(read_as, point_of(cost, cost, SMALL, data), np.random.default_rng(1))

    assert again(cost).penalty == {"W1": pytest.approx(0.7), "W2": pytest.approx(0.7)}

    def other(p, X, y, lam):
        return np.tanh(scores_of(p, X, None)).sum()

    assert again(other) is None


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


BETWEEN = {
    "tanh": np.tanh, "sigmoid": sigmoid, "softplus": lambda s: np.log1p(np.exp(s)),
    "leaky ReLU of slope 0.1": lambda s: np.maximum(s, 0.1 * s),
    "leaky ReLU of slope 0.01": lambda s: np.maximum(s, 0.01 * s),
}  # fmt: skip


def binary_cross_entropy(s, T):
    A = sigmoid(s)
    return -(T * np.log(A) + (1 - T) * np.log(1 - A))


def squares_of(outputs):
    return lambda s, T: (outputs(s) - T) ** 2


ENTRY_BY_ENTRY = {
    "binary cross-entropy": binary_cross_entropy,
    "squared error": squares_of(lambda s: s),
    "squared error of sigmoid outputs": squares_of(sigmoid),
    "squared error of tanh outputs": squares_of(np.tanh),
}

TARGETS = {1: (LABELS > 0).astype(int)[:, np.newaxis], 3: np.eye(3)[LABELS]}


def described(cost, p, data):
    read_as = read(cost, p, data)
    return read_as and reading.described(read_as, point_of(cost, cost, p, data))


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("loss", ENTRY_BY_ENTRY)
@pytest.mark.parametrize("between", BETWEEN)
def test_other_activations_and_losses_are_read(between, loss, outputs):
    # As a tuple, so that no name says what is a matrix.
    p = (SMALL["W1"], SMALL["b1"], SMALL["W2"][:outputs], SMALL["b2"][:outputs])

    def cost(p, X, T, lam):
        W1, b1, W2, b2 = p
        s = BETWEEN[between](X @ W1.T + b1) @ W2.T + b2
        return ENTRY_BY_ENTRY[loss](s, T).sum() / len(X) + lam * ((W1**2).sum() + (W2**2).sum())

    assert described(cost, p, (X, TARGETS[outputs], 0.3)) == f"4-6-{outputs} with {between}, {loss}"


def logistic(p, X, y):
    return binary_cross_entropy(X @ p["w"] + p["b"], y).mean()


@pytest.mark.parametrize("kind", [int, float, bool])
def test_weights_of_one_dimension_and_a_bias_that_is_a_number_are_read(kind):
    p = {"w": SMALL["W1"][0], "b": np.array(0.3)}
    assert described(logistic, p, (X, TARGETS[1][:, 0].astype(kind))) == "4-1, binary cross-entropy"


def test_a_guard_of_binary_cross_entropy_is_read():
    def guarded(p, X, y):
        A = sigmoid(X @ p["w"] + p["b"])
        return -(y * np.log(A + 1e-8) + (1 - y) * np.log(1 - A + 1e-8)).mean()

    read_as = read(guarded, {"w": SMALL["W1"][0], "b": np.array(0.3)}, (X, TARGETS[1][:, 0]))
    assert (read_as.form.loss, read_as.form.log_eps) == ("binary_cross_entropy", 1e-8)


@pytest.mark.parametrize("layer", [1, 2])
def test_a_bias_that_is_left_out_of_one_layer_is_read_as_the_mistake_that_it_is(layer):
    def cost(p, X, y, lam):
        return cross_entropy_cost(p | {f"b{layer}": 0 * p[f"b{layer}"]}, X, y, lam)

    form = read(cost).form
    assert (form.mistake.bug.name, form.places) == ("bias-dropped", (layer,))
