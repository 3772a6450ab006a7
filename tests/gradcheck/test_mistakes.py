"""The derivation that the diagnosis redoes, the mistakes that it makes on purpose, and how it reads a cost as a net."""

import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from chainrule.gradcheck import roles
from chainrule.gradcheck.causes import CAUSES
from chainrule.gradcheck.diagnosis import mistakes as catalogue
from chainrule.gradcheck.diagnosis import net as nets
from chainrule.gradcheck.diagnosis import reading as readings
from chainrule.gradcheck.diagnosis.layout import Place, candidates
from chainrule.gradcheck.diagnosis.mistakes import NotHere
from chainrule.gradcheck.diagnosis.net import Layer, Net
from chainrule.gradcheck.leaves import Leaf, leaves
from chainrule.gradcheck.subject import Local

PENALTY = {"W1": 0.03, "W2": 0.05, "W3": 0.02, "W4": 0.07, "W5": 0.04}


def drawn_net(
    widths, loss="cross_entropy", eps=None, *, samples=9, seed=0, penalty=PENALTY, bias=True, scale=True
):
    rng = np.random.default_rng(seed)
    built = []
    for index, (into, out) in enumerate(itertools.pairwise(widths), start=1):
        W, b = 0.7 * rng.standard_normal((out, into)), rng.standard_normal(out)
        vectors = (rng.uniform(0.5, 2, out), rng.standard_normal(out))
        normalised = eps is not None and scale and index < len(widths) - 1
        built.append(Layer(index, W, b if bias else None, *(vectors if normalised else (None, None))))
    x, y = rng.standard_normal((samples, widths[0])), rng.integers(0, widths[-1], samples)
    return Net(built, x, y, loss, eps, dict(penalty), 0.05, 1.3)


def parameters(net):
    named = {}
    for at in net.layers:
        for name, value in (("W", at.W), ("b", at.b), ("gamma", at.gamma), ("beta", at.beta)):
            if value is not None:
                named[f"{name}{at.index}"] = value
    return named


def cost_by_autograd(p, net):
    h, depth = net.x, len(net.layers)
    for layer in range(1, depth + 1):
        s = anp.dot(h, p[f"W{layer}"].T)
        s = s + p[f"b{layer}"] if f"b{layer}" in p else s
        if layer < depth:
            if net.eps is not None:
                centred = s - anp.mean(s, axis=0)
                s = centred / anp.sqrt(anp.mean(centred**2, axis=0) + net.eps)
                s = s * p[f"gamma{layer}"] + p[f"beta{layer}"] if f"gamma{layer}" in p else s
            h = anp.maximum(s, 0)
    rows = np.arange(len(net.y))
    right = s[rows, net.y][:, None]
    if net.loss == "cross_entropy":
        losses = anp.log(anp.sum(anp.exp(s - right), axis=1))
    else:
        losses = anp.sum(anp.maximum(0, s - right + 1), axis=1) - 1
    return net.factor * anp.mean(losses) + sum(
        q * anp.sum(p[n] ** 2) for n, q in net.penalty.items() if n in p
    )


def gradient_with(net, wrong):
    with np.errstate(all="ignore"):
        nets.forward(net, wrong)
        return nets.backward(net, wrong)


@pytest.mark.parametrize("loss", sorted(nets.LOSSES))
@pytest.mark.parametrize("eps", [None, 0.0, 1e-3])
@pytest.mark.parametrize(
    "widths", [(4, 3), (4, 6, 3), (4, 6, 5, 3), (4, 6, 5, 7, 3)], ids=lambda w: len(w) - 1
)
def test_the_right_derivation_is_that_of_automatic_differentiation(widths, eps, loss):
    for bias, scale in ((True, True), (False, False)):
        net = drawn_net(
            widths, loss, eps, bias=bias, scale=scale, penalty=PENALTY | {"b1": 0.2, "gamma1": 0.1}
        )
        p = parameters(net)
        found = gradient_with(net, {})
        wanted = autograd.grad(cost_by_autograd)(p, net)
        assert found.keys() == wanted.keys()
        for name, g in wanted.items():
            np.testing.assert_allclose(
                found[name], g, rtol=0, atol=1e-10 * max(1, np.abs(g).max()), err_msg=name
            )


@pytest.mark.parametrize("loss", sorted(nets.LOSSES))
def test_the_losses_are_those_of_each_sample(loss):
    net = drawn_net((4, 6, 3), loss, penalty={})
    losses = nets.forward(net, {})
    assert losses.shape == (9,)
    assert net.factor * losses.mean() == pytest.approx(cost_by_autograd(parameters(net), net))


def test_losses_at_equal_scores_are_known():
    scores, y = np.zeros((2, 5)), np.array([0, 3])
    np.testing.assert_allclose(nets.cross_entropy(scores, y), np.log(5))
    np.testing.assert_allclose(nets.hinge(scores, y), 4)
    assert np.isfinite(nets.cross_entropy(np.array([[0.0, 1000, 0, 0, 0]]), y[:1])).all()


def test_every_value_on_the_way_is_traced():
    net = drawn_net((4, 6, 3), eps=1e-3)
    gradient = gradient_with(net, {})
    values = nets.traced(net)
    np.testing.assert_array_equal(values["gW", 1], gradient["W1"])
    np.testing.assert_allclose(values["variance", 1], net.layers[0].s.var(axis=0))
    np.testing.assert_allclose(values["sigma", 1] * values["1/sigma", 1], 1)
    np.testing.assert_allclose(values["P", 2].sum(axis=1), 1)
    np.testing.assert_allclose(np.exp(values["log P", 2]), values["P", 2])
    np.testing.assert_allclose(values["dgamma", 1], values["sum g_hat s_hat", 1] / net.layers[0].gamma)
    assert ("s_hat", 2) not in values


# The catalogue.

SUITABLE = [
    drawn_net((5,) * 6, loss, eps, samples=samples, seed=seed, penalty=penalty)
    for seed, (loss, eps, samples, penalty) in enumerate(
        (loss, eps, samples, penalty)
        for loss in sorted(nets.LOSSES)
        for eps in (None, 1e-3)
        for samples, penalty in ((9, PENALTY), (5, {}), (9, dict.fromkeys(("b1", "gamma1", "beta1"), 0.1)))
    )
]
RIGHT = [gradient_with(net, {}) for net in SUITABLE]
MISTAKES = catalogue.everything()


def changes_something(mistake):
    for net, right in zip(SUITABLE, RIGHT, strict=True):
        for layer in range(1, len(net.layers) + 1):
            try:
                gradient = gradient_with(net, {(mistake.step, layer): mistake.function})
            except NotHere:
                continue
            if any(
                np.shape(gradient[name]) == np.shape(g) and not np.allclose(gradient[name], g, 1e-6, 1e-12)
                for name, g in right.items()
            ):
                return True
    return False


@pytest.mark.parametrize(
    "number", range(len(MISTAKES)), ids=lambda n: f"{MISTAKES[n].cause}-{MISTAKES[n].step}-{n}"
)
def test_every_mistake_of_the_catalogue_can_be_made_and_changes_some_gradient(number):
    assert changes_something(MISTAKES[number])


def test_every_mistake_has_a_known_step_cause_and_words():
    for mistake in MISTAKES:
        assert mistake.cause in CAUSES
        assert mistake.step in nets.RIGHT
        assert mistake.words.format(samples=9)


def gradient_of(cause, net, step, layer, words=""):
    (mistake, *_) = [m for m in MISTAKES if (m.cause, m.step) == (cause, step) and words in m.words]
    return gradient_with(net, {(step, layer): mistake.function})


@pytest.mark.parametrize(
    ("cause", "factor"), [("missing-batch-mean", 9), ("double-batch-mean", 1 / 9), ("wrong-sign", -1)]
)
def test_a_factor_at_the_scores_is_one_of_the_whole_data_part(cause, factor):
    net = drawn_net((4, 6, 3), penalty={})
    right, wrong = gradient_with(net, {}), gradient_of(cause, net, "error", 2)
    for name, g in right.items():
        np.testing.assert_allclose(wrong[name], factor * g)


@pytest.mark.parametrize(
    ("cause", "factor"),
    [
        ("regulariser-missing", 0),
        ("regulariser-half", 0.5),
        ("regulariser-double", 2),
        ("regulariser-sign", -1),
    ],
)
def test_a_factor_of_the_penalty_is_one_of_the_weights(cause, factor):
    net = drawn_net((4, 6, 3))
    right, wrong = gradient_with(net, {}), gradient_of(cause, net, "penalty", 1)
    W = net.layers[0].W
    np.testing.assert_allclose(wrong["W1"] - right["W1"], (factor - 1) * 2 * PENALTY["W1"] * W)
    for name in ("b1", "W2", "b2"):
        np.testing.assert_array_equal(wrong[name], right[name])


def test_labels_left_out_add_their_counts_to_the_last_bias():
    net = drawn_net((4, 6, 3))
    right, wrong = gradient_with(net, {}), gradient_of("missing-one-hot", net, "error", 2)
    counts = np.bincount(net.y, minlength=3)
    np.testing.assert_allclose(net.samples * (wrong["b2"] - right["b2"]) / net.factor, counts)


def test_a_mean_held_constant_leaves_a_gradient_in_the_bias_in_front():
    net = drawn_net((4, 6, 3), eps=1e-3)
    right = gradient_with(net, {})
    wrong = gradient_of("batchnorm-mean-constant", net, "normalise_backward", 1)
    assert np.abs(right["b1"]).max() < 1e-14
    assert np.abs(wrong["b1"]).max() > 1e-3
    still = gradient_of("batchnorm-variance-constant", net, "normalise_backward", 1)
    assert np.abs(still["b1"]).max() < 1e-14


def test_a_mistake_that_cannot_be_made_is_not_made():
    net = drawn_net((4, 6, 3), "hinge")
    nets.forward(net, {})
    with pytest.raises(NotHere):
        gradient_of("missing-one-hot", net, "error", 2)
    with pytest.raises(NotHere):
        gradient_of("transposed", net, "weight", 1)


# Which array is which.


def layouts(nest, inputs, classes):
    return list(candidates(leaves(nest), inputs, classes))


W1, W2 = np.arange(24.0).reshape(6, 4), np.arange(18.0).reshape(3, 6)
B1, B2 = np.arange(6.0), np.arange(3.0)


def test_weights_from_inputs_to_units_are_found_transposed():
    found = layouts({"W1": W1.T, "b1": B1, "W2": W2.T, "b2": B2}, 4, 3)[0]
    assert found.weights == (Place(0, True, None), Place(2, True, None))
    assert found.b == (1, 3)
    first, second = found.layers([W1.T, B1, W2.T, B2])
    np.testing.assert_array_equal(first.W, W1)
    np.testing.assert_array_equal(second.W, W2)
    assert found.names(4) == ["W1", "b1", "W2", "b2"]


def test_weights_from_units_to_inputs_are_found_as_they_are():
    found = layouts({"W1": W1, "b1": B1[:, np.newaxis], "W2": W2, "b2": B2[:, np.newaxis]}, 4, 3)[0]
    assert found.weights == (Place(0, False, None), Place(2, False, None))
    np.testing.assert_array_equal(found.layers([W1, B1[:, np.newaxis], W2, B2[:, np.newaxis]])[0].b, B1)


@pytest.mark.parametrize("transposed", [False, True])
def test_a_bias_column_is_taken_off_and_put_back(transposed):
    with_bias = np.hstack([W1, B1[:, np.newaxis]])
    mine = with_bias.T if transposed else with_bias
    (found, *_) = layouts({"W": mine}, 4, 6)
    assert found.weights == (Place(0, transposed, 4),)
    (layer,) = found.layers([mine])
    np.testing.assert_array_equal(layer.W, W1)
    np.testing.assert_array_equal(layer.b, B1)
    (back,) = found.put_back({"W1": W1, "b1": B1}, [mine])
    np.testing.assert_array_equal(back, mine)
    assert found.names(1) == ["W1+b1"]


@pytest.mark.parametrize(
    ("nest", "weights", "b"),
    [
        ([W1, B1, W2, B2], (0, 2), (1, 3)),
        ([W1, W2, B1, B2], (0, 1), (2, 3)),
        ([[W1, W2], [B1, B2]], (0, 1), (2, 3)),
        ([W2, B2, W1, B1], (2, 0), (3, 1)),
        ({"b2": B2, "b1": B1, "W2": W2, "W1": W1}, (3, 2), (1, 0)),
        ({"theta": [W1, W2], "phi": [B1, B2]}, (0, 1), (2, 3)),
        ([W1, W2], (0, 1), (None, None)),
    ],
    ids=[
        "alternating",
        "grouped",
        "parallel lists",
        "last first",
        "named, last first",
        "other names",
        "no bias",
    ],
)
def test_layers_are_found_in_any_order(nest, weights, b):
    found = layouts(nest, 4, 3)[0]
    assert tuple(place.leaf for place in found.weights) == weights
    assert found.b == b


def test_scale_and_shift_are_found_by_name_and_by_place():
    gamma, beta = np.ones(6), np.zeros(6)
    named = {"W1": W1, "beta1": beta, "gamma1": gamma, "b1": B1, "W2": W2, "b2": B2}
    found = layouts(named, 4, 3)[0]
    assert (found.b, found.gamma, found.beta) == ((3, 5), (2, None), (1, None))
    in_lists = layouts([[W1, W2], [B1, B2], [gamma], [beta]], 4, 3)
    assert ((2, 3), (4, None), (5, None)) in [(f.b, f.gamma, f.beta) for f in in_lists]
    flat = layouts([W1, B1, gamma, beta, W2, B2], 4, 3)
    assert ((1, 5), (2, None), (3, None)) in [(f.b, f.gamma, f.beta) for f in flat]


def test_a_gradient_is_put_back_as_the_users_arrays_lie():
    arrays = [W1.T, B1[np.newaxis], W2.T, B2[np.newaxis]]
    found = layouts(dict(zip(("W1", "b1", "W2", "b2"), arrays, strict=True)), 4, 3)[0]
    back = found.put_back({"W1": W1, "b1": B1, "W2": W2, "b2": B2}, arrays)
    for a, b in zip(back, arrays, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("nest", "inputs", "classes"),
    [({"W1": W1}, 9, None), ({"W1": W1}, 4, 5), ({"W1": W1, "k": np.zeros((2, 2, 2))}, 4, 6), ({}, 4, 3)],
    ids=["inputs", "classes", "a tensor of three dimensions", "nothing"],
)
def test_what_is_no_chain_of_layers_has_no_layout(nest, inputs, classes):
    assert layouts(nest, inputs, classes) == []


# Reading a cost.

RNG = np.random.default_rng(4)
X, LABELS = RNG.standard_normal((8, 4)), RNG.integers(0, 3, 8)
LABELS[:3] = [0, 1, 2]
SMALL = {"W1": RNG.standard_normal((6, 4)), "b1": RNG.standard_normal(6), "W2": RNG.standard_normal((3, 6)),
         "b2": RNG.standard_normal(3)}  # fmt: skip


def scores_of(p, X, eps):
    s = X @ p["W1"].T + p["b1"]
    if eps is not None:
        s = (s - s.mean(axis=0)) / np.sqrt(s.var(axis=0) + eps)
        s = s * p["gamma1"] + p["beta1"] if "gamma1" in p else s
    return np.maximum(s, 0) @ p["W2"].T + p["b2"]


def read(cost, p=SMALL, data=(X, LABELS, 0.3)):
    subject = Local(cost, cost, p, data)
    found = roles.find(data, ("X", "y", "lam"))
    own = [Leaf(name, array) for name, array in p.items()]
    return readings.read(subject, own, list(p.values()), data, found, np.random.default_rng(0))


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
    found = read(cost_with())
    assert (found.form.loss, found.form.eps, found.form.mistake) == ("cross_entropy", None, None)
    assert (found.factor, found.penalty, found.odd) == (1, {}, {})
    assert readings.described(found, list(SMALL.values())) == "4-6-3, cross-entropy"


def test_a_sum_over_the_samples_is_read_as_n_means():
    assert read(cost_with(mean=np.sum)).factor == 8


@pytest.mark.parametrize(("log", "factor"), [(np.log10, 1 / np.log(10)), (np.log2, 1 / np.log(2))])
def test_the_base_of_the_logarithm_is_read(log, factor):
    assert read(cost_with(log=log)).factor == pytest.approx(factor)


@pytest.mark.parametrize("times", [1.0, 0.5])
def test_the_penalty_and_half_of_it_are_read(times):
    found = read(cost_with(penalty=lambda p, lam: times * l2(p, lam)))
    assert found.penalty == {"W1": pytest.approx(0.3 * times), "W2": pytest.approx(0.3 * times)}
    assert found.odd == {}
    net = found.net(list(SMALL.values()), (X, LABELS, 0.3))
    assert (net.l2, net.penalty) == (0.3, found.penalty)


def test_a_penalty_of_the_bias_is_read():
    found = read(cost_with(penalty=lambda p, lam: lam * (p["b1"] ** 2).sum()))
    assert found.penalty == {"b1": pytest.approx(0.3)}


@pytest.mark.parametrize(
    ("kind", "made"),
    [("sum", np.sum), ("absolute", lambda W: np.abs(W).sum()), ("norm", np.linalg.norm)],
)
def test_a_penalty_that_is_not_squared_is_read(kind, made):
    found = read(cost_with(penalty=lambda p, lam: lam * (made(p["W2"]) + (p["W1"] ** 2).sum())))
    assert found.odd == {("W2", kind): pytest.approx(0.3)}
    assert found.penalty == {"W1": pytest.approx(0.3)}


@pytest.mark.parametrize("eps", [0.0, 1e-10, 1e-8, 1e-5, 1e-3])
@pytest.mark.parametrize("scale", [False, True])
def test_the_epsilon_of_batch_norm_is_read(eps, scale):
    more = {"gamma1": RNG.uniform(0.5, 2, 6), "beta1": RNG.standard_normal(6)} if scale else {}
    small = SMALL | {"W1": 0.01 * SMALL["W1"]}
    p, data = small | more, (X, LABELS, 0.3)
    found = read(cost_with(eps=eps), p)
    assert found.form.loss == "cross_entropy"
    arrays = list(p.values())
    losses = nets.forward(found.net(arrays, data), {})
    assert losses.mean() == pytest.approx(cross_entropy_cost(p, *data, eps=eps), rel=1e-9)
    assert found.form.eps == eps or eps < 1e-9


def hinge_cost(p, X, y, lam, own=0.0):
    s = scores_of(p, X, None)
    margins = np.maximum(0, s - s[np.arange(len(y)), y][:, np.newaxis] + 1)
    margins[np.arange(len(y)), y] = own
    return margins.sum(axis=1).mean() + l2(p, lam)


def test_a_hinge_loss_is_read():
    found = read(hinge_cost)
    assert (found.form.loss, found.factor, found.odd) == ("hinge", 1, {})
    assert found.penalty == {"W1": pytest.approx(0.3), "W2": pytest.approx(0.3)}


def test_a_hinge_loss_that_counts_the_correct_class_has_a_constant_of_the_margin():
    found = read(lambda *arguments: hinge_cost(*arguments, own=1.0))
    assert found.odd == {("", "constant"): pytest.approx(1)}


def test_clipped_scores_are_read_as_the_mistake_that_they_are():
    def clipped(p, X, y, lam):
        s = np.maximum(scores_of(p, X, None), 0)
        return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y])

    assert read(clipped).form.mistake.cause == "scores-clipped"


def test_labels_from_1_are_read():
    data = (X, LABELS + 1, 0.3)
    found = read(lambda p, X, y, lam: cross_entropy_cost(p, X, y - 1, lam), data=data)
    assert found.form.loss == "cross_entropy"
    assert found.net(list(SMALL.values()), data).y.tolist() == LABELS.tolist()


def test_a_cost_of_no_known_form_is_not_read():
    assert read(lambda p, X, y, lam: np.mean((scores_of(p, X, None) - y[:, np.newaxis]) ** 2)) is None


def test_a_cost_that_fails_is_not_read():
    assert read(lambda p, X, y, lam: [][0]) is None


def test_a_reading_holds_at_other_data_with_other_factors():
    cost = cost_with(penalty=l2)
    found = read(cost)
    data = (X[:4], LABELS[:4], 0.7)
    again = readings.again(
        Local(cost, cost, SMALL, data), found, list(SMALL.values()), data, np.random.default_rng(1)
    )
    assert again.penalty == {"W1": pytest.approx(0.7), "W2": pytest.approx(0.7)}
    other = lambda p, X, y, lam: np.tanh(scores_of(p, X, None)).sum()  # noqa: E731
    assert readings.again(Local(other, other, SMALL, data), found, list(SMALL.values()), data, RNG) is None
