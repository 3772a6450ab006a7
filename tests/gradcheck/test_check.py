"""The check as its users call it: verdicts, causes, and what cannot be checked, said in one line."""

import copy
import inspect
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from chainrule.gradcheck import CheckError, assert_gradient, check_gradient

RNG = np.random.default_rng(3)
D, H, K, N = 4, 5, 3, 7
X = RNG.standard_normal((D, N))
LABELS = RNG.integers(0, K, N)
Y = np.eye(K)[LABELS].T


def drawn():
    rng = np.random.default_rng(11)
    return {
        "W1": 0.6 * rng.standard_normal((H, D)),
        "b1": 0.3 * rng.standard_normal((H, 1)),
        "W2": 0.6 * rng.standard_normal((K, H)),
        "b2": 0.3 * rng.standard_normal((K, 1)),
    }


def forward(p, X):
    h = np.maximum(p["W1"] @ X + p["b1"], 0)
    s = p["W2"] @ h + p["b2"]
    e = np.exp(s - s.max(axis=0))
    return h, e / e.sum(axis=0)


def cost(p, X, Y, lam):
    _, P = forward(p, X)
    penalty = lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())
    return -np.log((Y * P).sum(axis=0)).sum() / X.shape[1] + penalty


def gradient(p, X, Y, lam):
    h, P = forward(p, X)
    G = (P - Y) / X.shape[1]
    d = p["W2"].T @ G * (h > 0)
    return {
        "W2": G @ h.T + 2 * lam * p["W2"],
        "b2": G.sum(axis=1, keepdims=True),
        "W1": d @ X.T + 2 * lam * p["W1"],
        "b1": d.sum(axis=1, keepdims=True),
    }


def halved(p, X, Y, lam):
    g = gradient(p, X, Y, lam)
    g["W1"] = g["W1"] - lam * p["W1"]
    return g


def named(outcome):
    return [cause.name for cause in outcome.causes]


def verdicts(outcome):
    return {t.name: t.verdict for t in outcome.tensors}


def refused(*arguments, **others):
    with pytest.raises(CheckError) as caught:
        check_gradient(*arguments, **others)
    return str(caught.value).splitlines()


# Verdicts.


def test_a_right_gradient_is_right():
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1)
    assert outcome.right
    assert bool(outcome)
    assert outcome.verdict == "right"
    assert outcome.fault is None
    assert outcome.causes == ()
    assert verdicts(outcome) == dict.fromkeys(("W1", "b1", "W2", "b2"), "right")
    assert [t.shape for t in outcome.tensors] == [(H, D), (H, 1), (K, H), (K, 1)]
    assert [t.checked for t in outcome.tensors] == [H * D, H, K * H, K]
    assert max(t.difference for t in outcome.tensors) < 1e-12
    assert outcome.scheme == "complex step"
    assert outcome.cost == pytest.approx(cost(drawn(), X, Y, 0.1))
    assert outcome.analytic


def test_a_wrong_gradient_is_wrong_where_it_is_wrong():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1)
    assert not outcome.right
    assert not bool(outcome)
    assert (outcome.verdict, outcome.fault) == ("wrong", "gradient")
    assert verdicts(outcome) == {"W1": "wrong", "b1": "right", "W2": "right", "b2": "right"}
    assert named(outcome) == ["regulariser-half"]
    assert outcome.causes[0].tensors == ("W1",)


def test_the_line_of_a_mistake_is_named():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1)
    line = outcome.causes[0].line
    assert line.text.strip() == 'g["W1"] = g["W1"] - lam * p["W1"]'
    assert line.file == "test_check.py"
    assert line.number == inspect.getsourcelines(halved)[1] + 2


def test_an_assertion_passes_for_a_right_gradient():
    assert_gradient(cost, gradient, drawn(), X, Y, 0.1)


def test_the_message_of_an_assertion_is_the_diagnosis():
    wrong = lambda p: {name: 3 * a for name, a in p.items()}  # noqa: E731
    with pytest.raises(AssertionError) as failed:
        assert_gradient(squares, wrong, SMALL)
    assert str(failed.value) == f"\n{check_gradient(squares, wrong, SMALL)}"
    assert "the gradient is wrong" in str(failed.value)


def test_an_assertion_also_checks_the_update_and_the_numeric_gradient():
    with pytest.raises(AssertionError, match="the update is wrong: layer-not-updated"):
        assert_gradient(squares, twice, SMALL, update=lambda p, g, rate: p)
    with pytest.raises(AssertionError, match="the numeric check is wrong: wrong-step"):
        assert_gradient(squares, twice, SMALL, numeric=lambda p: {name: 4 * a for name, a in p.items()})


def test_the_same_seed_gives_the_same_result():
    first, second = (check_gradient(cost, halved, drawn(), X, Y, 0.1, seed=4) for _ in range(2))
    assert first == second
    assert first.as_dict() == second.as_dict()


def test_another_seed_gives_the_same_verdict():
    for seed in (1, 2):
        assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, seed=seed).right
        assert named(check_gradient(cost, halved, drawn(), X, Y, 0.1, seed=seed)) == ["regulariser-half"]


def test_any_function_of_any_arrays_is_checked_without_being_read_as_a_net():
    x = np.array([0.5, -1.0, 2.0])
    assert check_gradient(lambda p: np.sin(p).sum(), np.cos, x).right
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: np.cos(p) + 0.01 * p**2, x)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["unknown"])
    assert outcome.causes[0].tensors == ("parameters",)


def test_a_gradient_of_the_wrong_sign_is_named_for_any_function():
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: -np.cos(p), np.array([0.5, -1.0, 2.0]))
    assert named(outcome) == ["wrong-sign"]


def test_a_small_difference_is_suspect():
    x = np.array([0.5, -1.0, 2.0])
    outcome = check_gradient(lambda p: np.sin(p).sum(), lambda p: np.cos(p) * (1 + 1e-6), x)
    assert outcome.verdict == "suspect"
    assert any("small but real" in note for note in outcome.notes)


@pytest.mark.parametrize("error", [1e-6, 1e-5])
def test_a_small_difference_is_not_taken_for_a_kink(error):
    x = np.array([0.5, -1.0, 2.0])
    outcome = check_gradient(lambda p: float((1e-3 * p**2).sum()), lambda p: 2e-3 * p * (1 + error), x)
    assert sum(t.kinks for t in outcome.tensors) == 0
    assert not any("kink" in note for note in outcome.notes)


def test_a_rough_difference_of_a_smooth_cost_is_no_kink():
    x = np.array([0.5, -1.0, 2.0])
    outcome = check_gradient(lambda p: float(np.sin(1000 * p).sum()), lambda p: 1000 * np.cos(1000 * p), x)
    assert outcome.right, str(outcome)
    assert sum(t.kinks for t in outcome.tensors) == 0


@pytest.mark.parametrize(("error", "verdict"), [(9e-5, "wrong"), (2e-7, "right")])
def test_a_small_difference_from_central_differences_is_settled_by_the_taylor_remainder(error, verdict):
    x = np.array([0.5, -1.0, 2.0])
    outcome = check_gradient(lambda p: float(np.exp(p).sum()), lambda p: np.exp(p) * (1 + error), x)
    assert outcome.scheme == "central differences"
    assert any("the Taylor remainder falls with order" in note for note in outcome.notes)
    assert outcome.verdict == verdict


def test_a_cost_given_with_the_loss_counts_by_its_first_number():
    assert check_gradient(lambda p: (np.sin(p).sum(), 99.0), np.cos, np.array([0.5, -1.0])).right


def test_a_relu_at_its_kink_is_no_mistake():
    p = drawn()
    p["b1"][2] = 0
    p["W1"][2] = 0
    outcome = check_gradient(cost, gradient, p, X, Y, 0.1)
    assert outcome.right, str(outcome)


# What else is found at other points.


def test_a_regulariser_hidden_by_l2_of_0_is_found():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.0)
    assert outcome.verdict == "wrong"
    assert named(outcome)[0] == "regulariser-half"
    assert any("right at the given point; wrong with" in note for note in outcome.notes)


ONE = {"W": RNG.standard_normal((K, D)), "b": np.zeros((K, 1))}


def one_layer_cost(p, X, Y):
    s = p["W"] @ X + p["b"]
    return (np.log(np.exp(s).sum(axis=0)) - (Y * s).sum(axis=0)).mean()


def test_a_hard_wired_batch_size_hidden_by_the_given_batch_is_found():
    def fixed(p, X, Y):
        e = np.exp(p["W"] @ X + p["b"])
        G = (e / e.sum(axis=0) - Y) / 7
        return {"W": G @ X.T, "b": G.sum(axis=1, keepdims=True)}

    outcome = check_gradient(one_layer_cost, fixed, ONE, X, Y)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["hard-wired-batch-size"])
    assert "divided by 7" in outcome.causes[0].evidence
    assert outcome.causes[0].line.text.strip() == "G = (e / e.sum(axis=0) - Y) / 7"


def test_a_bias_penalty_hidden_by_a_bias_of_0_is_found():
    def penalised(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"b1": g["b1"] + 2 * lam * p["b1"]}

    p = drawn()
    p["b1"][:] = 0
    outcome = check_gradient(cost, penalised, p, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)[0]) == ("wrong", "bias-regularised")


@pytest.mark.parametrize(("given", "other"), [(0.0, 0.1), (0.3, 0.0)])
def test_the_given_parameters_are_tried_with_another_l2(given, other):
    seen = set()

    def watched(p, X, Y, lam):
        seen.add((lam, X.shape[1], np.array_equal(p["W1"], drawn()["W1"])))
        return gradient(p, X, Y, lam)

    check_gradient(cost, watched, drawn(), X, Y, given)
    moved = given or 0.1
    assert seen == {(given, N, True), (other, N, True), (moved, N, False), (moved, 3, False)}


def test_what_could_not_be_tried_is_said():
    def of_this_size(p, X, Y, lam):
        if X.shape[1] != N:
            raise ValueError("a batch of 7, please")
        return gradient(p, X, Y, lam)

    outcome = check_gradient(cost, of_this_size, drawn(), X, Y, 0.1)
    assert outcome.right
    assert "not tried with 3 samples: ValueError: a batch of 7, please" in outcome.notes


SMALL = {"w": np.array([0.5, -1.0]), "v": np.array([[2.0]])}


def squares(p):
    return sum((a**2).sum() for a in p.values())


def twice(p):
    return {name: 2 * a for name, a in p.items()}


# What cannot be checked.


def test_integer_parameters_are_refused_each_in_one_line():
    lines = refused(cost, gradient, {"W1": np.ones((2, 2), dtype=int), "b": np.ones(2)}, X, Y, 0.1)
    assert lines == [
        "parameter W1: holds int64, which has no derivative; give floating-point numbers: W1.astype(float)"
    ]


def test_parameters_without_arrays_are_refused():
    (line,) = refused(cost, gradient, {"W": "three", "b": None}, X, Y, 0.1)
    assert line.startswith("the parameters: hold no arrays")


def test_parameters_that_are_single_numbers_are_checked():
    assert check_gradient(lambda p: p["a"] ** 3, lambda p: {"a": 3 * p["a"] ** 2}, {"a": 2.0}).right
    assert check_gradient(lambda p: p["a"] ** 3, lambda p: {"a": p["a"] ** 2}, {"a": 2.0}).verdict == "wrong"


def test_a_cost_in_single_precision_is_refused_in_one_line():
    def single(p):
        return float(sum((a.astype(np.float32) ** 2).sum() for a in p.values()))

    (line,) = refused(single, twice, {name: 0.3 * a for name, a in SMALL.items()})
    assert line.startswith("the cost: is rounded on the way, as in single precision")


@pytest.mark.xfail(
    strict=True,
    reason="a cost whose value single precision holds exactly shows no rounding near it: known, not detected",
)
@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_a_cost_in_single_precision_at_a_round_value_is_refused(size):
    scaled = {name: size * a for name, a in SMALL.items()}
    (line,) = refused(lambda p: float(np.float32(squares(p))), twice, scaled)
    assert line.startswith("the cost: is rounded on the way")


def test_a_gradient_of_complex_numbers_is_refused():
    (line,) = refused(squares, lambda p: {"w": 2j * p["w"], "v": 2 * p["v"]}, SMALL)
    assert line.startswith("the gradient of w: holds no real numbers")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            np.ones(2),
            "the cost: returns an array of shape (2,); it must return one number, the mean over the samples",
        ),
        (None, "the cost: returns NoneType; it must return one number, the mean over the samples"),
        ("1.0", "the cost: returns str; it must return one number, the mean over the samples"),
        (
            [],
            "the cost: returns an array of shape (0,); it must return one number, the mean over the samples",
        ),
        ({"loss": 1.0}, "the cost: returns dict; it must return one number, the mean over the samples"),
        (np.nan, "the cost: is nan; check it where it is finite (smaller weights, no log of 0)"),
        (np.inf, "the cost: is inf; check it where it is finite (smaller weights, no log of 0)"),
    ],
    ids=["array", "None", "string", "empty", "dict", "NaN", "infinity"],
)
def test_a_cost_that_is_no_number_is_one_line(value, words):
    assert refused(lambda p: value, twice, SMALL) == [words]


def test_ragged_lists_are_no_cost():
    (line,) = refused(lambda p: [[1.0], [1.0, 2.0]], twice, SMALL)
    assert line.startswith("the cost: returns list")


@pytest.mark.parametrize(
    ("returned", "start"),
    [
        (lambda p: None, "the gradient: returns NoneType with no array in it"),
        (lambda p: {}, "the gradient: returns dict with no array in it"),
        (lambda p: "w", "the gradient: returns str with no array in it"),
        (lambda p: {"w": 2 * p["w"]}, "the gradient: returns w, but nothing for v"),
        (lambda p: twice(p) | {"x": p["w"]}, "the gradient: also returns x, which belongs to no parameter"),
        (lambda p: [2 * p["w"]] * 3, "the gradient: returns 3 arrays"),
        (lambda p: {"w": np.ones(3), "v": 2 * p["v"]}, "the gradient of w: has shape (3,), but w has (2,)"),
        (lambda p: {"w": np.full(2, np.nan), "v": p["v"]}, "the gradient of w: holds NaN or infinity"),
        (lambda p: {"w": p["w"] / 0, "v": p["v"]}, "the gradient of w: holds NaN or infinity"),
    ],
    ids=["None", "empty", "string", "missing", "extra", "too many", "shape", "NaN", "infinity"],
)
def test_a_gradient_that_does_not_fit_is_one_line(returned, start):
    (line,) = refused(squares, returned, SMALL)
    assert line.startswith(start)


def test_a_function_of_other_arguments_is_one_line():
    (line,) = refused(lambda a, b, c, d: 1.0, twice, SMALL)
    assert line.startswith("the cost <lambda>: takes 4 arguments, not the parameters and 0 more")


def test_the_users_own_errors_reach_the_user():
    def broken(p):
        raise KeyError("W3")

    with pytest.raises(KeyError, match="W3"):
        check_gradient(broken, twice, SMALL)


def test_a_gradient_of_a_wrong_shape_that_can_be_explained_is_named():
    def transposed(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        return g | {"W1": g["W1"].T}

    outcome = check_gradient(cost, transposed, drawn(), X, Y, 0.1)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["transposed"])
    assert outcome.causes[0].tensors == ("W1",)


def test_a_bias_that_is_not_summed_is_named():
    def unsummed(p, X, Y, lam):
        _, P = forward(p, X)
        return gradient(p, X, Y, lam) | {"b2": (P - Y) / X.shape[1]}

    outcome = check_gradient(cost, unsummed, drawn(), X, Y, 0.1)
    assert named(outcome) == ["bias-broadcast"]
    assert outcome.causes[0].line.text.strip().startswith("return gradient(p, X, Y, lam) |")


# Precision.


def test_single_precision_is_noted_and_checked_in_double():
    p = {name: a.astype(np.float32) for name, a in drawn().items()}
    outcome = check_gradient(cost, gradient, p, X.astype(np.float32), Y, 0.1)
    assert outcome.right
    assert "W1, b1, W2, b2: single precision is too coarse for differences; checked in double precision" in (
        outcome.notes
    )
    assert not check_gradient(cost, halved, p, X.astype(np.float32), Y, 0.1).right


def test_a_gradient_that_comes_back_in_single_precision_is_right():
    def single(p, X, Y, lam):
        return {name: g.astype(np.float32) for name, g in gradient(p, X, Y, lam).items()}

    assert check_gradient(cost, single, drawn(), X, Y, 0.1).right


# Gradients that are none.


def numeric_gradient(p, X, Y, lam, h=1e-6):
    found = {}
    for name, array in p.items():
        found[name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            moved = copy.deepcopy(p)
            moved[name][index] += h
            above = cost(moved, X, Y, lam)
            moved[name][index] -= 2 * h
            found[name][index] = (above - cost(moved, X, Y, lam)) / (2 * h)
    return found


def test_a_gradient_that_calls_the_cost_is_reported():
    outcome = check_gradient(cost, numeric_gradient, drawn(), X, Y, 0.1)
    assert not outcome.analytic
    assert outcome.verdict == "wrong"
    entries = sum(a.size for a in drawn().values())
    assert any(
        f"calls the cost {2 * entries} times for {entries} parameters" in note for note in outcome.notes
    )


def test_a_finite_difference_that_does_not_call_the_cost_is_suspect():
    def own_cost(p, X, Y, lam):
        _, P = forward(p, X)
        data = -np.log((Y * P).sum(axis=0)).mean()
        return data + lam * ((p["W1"] ** 2).sum() + (p["W2"] ** 2).sum())

    def numeric(p, X, Y, lam):
        found = {}
        for name, array in p.items():
            found[name] = np.zeros_like(array)
            for index in np.ndindex(array.shape):
                moved = copy.deepcopy(p)
                moved[name][index] += 1e-5
                above = own_cost(moved, X, Y, lam)
                moved[name][index] -= 2e-5
                found[name][index] = (above - own_cost(moved, X, Y, lam)) / 2e-5
        return found

    outcome = check_gradient(cost, numeric, drawn(), X, Y, 0.1)
    assert (outcome.verdict, outcome.analytic) == ("suspect", False)


def test_a_gradient_that_takes_the_cost_once_is_a_gradient():
    def with_cost(p, X, Y, lam):
        return cost(p, X, Y, lam), gradient(p, X, Y, lam)

    outcome = check_gradient(cost, with_cost, drawn(), X, Y, 0.1)
    assert outcome.right
    assert outcome.analytic


# Hygiene.


def test_parameters_that_the_gradient_changes_are_reported_with_the_line():
    def stepping(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        p["W2"] -= 0.1 * g["W2"]
        return g

    p = drawn()
    outcome = check_gradient(cost, stepping, p, X, Y, 0.1)
    assert (outcome.verdict, named(outcome)) == ("wrong", ["parameters-mutated"])
    assert outcome.causes[0].tensors == ("W2",)
    assert outcome.causes[0].line.text.strip() == 'p["W2"] -= 0.1 * g["W2"]'
    assert all(np.array_equal(p[name], drawn()[name]) for name in p)


def test_a_cost_that_does_not_repeat_is_reported_with_the_line():
    noise = np.random.default_rng(0)

    def dropping(p, X, Y, lam):
        kept = noise.random(X.shape) > 0.5
        return cost(p, X * kept, Y, lam)

    outcome = check_gradient(dropping, gradient, drawn(), X, Y, 0.1)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "cost", ["cost-not-deterministic"])
    assert "noise.random" in outcome.causes[0].line.text


def test_a_cost_that_does_not_depend_on_its_parameters_is_reported():
    def right(p, X, Y):
        e = np.exp(p["W"] @ X + p["b"])
        G = (e / e.sum(axis=0) - Y) / X.shape[1]
        return {"W": G @ X.T, "b": G.sum(axis=1, keepdims=True)}

    assert check_gradient(one_layer_cost, right, ONE, X, Y).right
    outcome = check_gradient(lambda p, X, Y: one_layer_cost(ONE, X, Y), right, ONE, X, Y)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "cost", ["cost-constant"])


def test_the_given_parameters_and_data_are_never_changed():
    def careless(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        X *= 0
        Y += 1
        for array in p.values():
            np.add(array, 1, out=array)
        return g

    p, x, y = drawn(), X.copy(), Y.copy()
    before = copy.deepcopy((p, x, y))
    check_gradient(cost, careless, p, x, y, 0.1, update=lambda p, g, rate: p)
    for name, array in p.items():
        np.testing.assert_array_equal(array, before[0][name])
    np.testing.assert_array_equal(x, before[1])
    np.testing.assert_array_equal(y, before[2])


def test_arrays_of_a_list_stay_the_same_objects():
    p = list(drawn().values())
    kept = list(p)

    def listed(f):
        return lambda q, *data: f(dict(zip(drawn(), q, strict=True)), *data)

    assert check_gradient(
        listed(cost), lambda *a: [listed(gradient)(*a)[k] for k in drawn()], p, X, Y, 0.1
    ).right
    assert all(a is b for a, b in zip(p, kept, strict=True))


# Objects and modules.


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


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "globals_of_a_module.py"
    file.write_text(PROGRAM)
    module = ModuleType("globals_of_a_module")
    module.__file__ = str(file)
    exec(compile(PROGRAM, str(file), "exec"), vars(module))
    return module


def test_parameters_may_be_the_globals_of_a_module(program):
    x, y = X[:2], Y
    W, before = program.W, program.W.copy()
    assert check_gradient(program.cost, program.gradient, program, x, y, 0.1).right
    outcome = check_gradient(program.cost, program.halved, program, x, y, 0.1)
    assert named(outcome) == ["regulariser-half"]
    assert outcome.causes[0].line.text.strip() == "return G @ X.T + lam * W, G.sum(axis=1, keepdims=True)"
    assert program.W is W
    np.testing.assert_array_equal(W, before)


# The user's own numeric gradient.


def differences_of(p, quotient):
    found = {}
    for name, array in p.items():
        found[name] = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            found[name][index] = quotient(p, name, index)
    return found


def doubled_numeric(p, X, Y, lam):
    found, h = copy.deepcopy(p), 1e-5
    for name, array in p.items():
        for index in np.ndindex(array.shape):
            up, down = copy.deepcopy(p), copy.deepcopy(p)
            up[name][index] += h
            down[name][index] -= h
            found[name][index] = (cost(up, X, Y, lam) - cost(down, X, Y, lam)) / h
    return found


def aliased_numeric(p, X, Y, lam):
    h = 1e-5

    def quotient(p, name, index):
        up = p
        up[name][index] += h
        difference = cost(up, X, Y, lam) - cost(p, X, Y, lam)
        up[name][index] -= h
        return difference / h

    return differences_of(p, quotient)


def undone_numeric(p, X, Y, lam):
    h = 1e-4

    def quotient(p, name, index):
        before = cost(p, X, Y, lam)
        p[name][index] += h
        return (cost(p, X, Y, lam) - before) / h

    return differences_of(p, quotient)


def drifting_numeric(p, X, Y, lam):
    h, moved = 1e-5, copy.deepcopy(p)
    before = cost(p, X, Y, lam)

    def quotient(p, name, index):
        moved[name][index] += h
        return (cost(moved, X, Y, lam) - before) / h

    return differences_of(p, quotient)


def vanishing_numeric(p, X, Y, lam):
    h = 1e-20

    def quotient(p, name, index):
        up = copy.deepcopy(p)
        up[name][index] += h
        return (cost(up, X, Y, lam) - cost(p, X, Y, lam)) / h

    return differences_of(p, quotient)


def coarse_numeric(p, X, Y, lam, h=0.3):
    def quotient(p, name, index):
        up = copy.deepcopy(p)
        up[name][index] += h
        return (cost(up, X, Y, lam) - cost(p, X, Y, lam)) / h

    return differences_of(p, quotient)


@pytest.mark.parametrize(
    ("numeric", "causes", "line"),
    [
        (
            doubled_numeric,
            ["wrong-step"],
            "found[name][index] = (cost(up, X, Y, lam) - cost(down, X, Y, lam)) / h",
        ),
        (aliased_numeric, ["check-aliased", "wrong-step"], None),
        (undone_numeric, ["perturbation-not-undone"], None),
        (drifting_numeric, ["perturbation-not-undone"], None),
        (vanishing_numeric, ["check-aliased", "wrong-step"], None),
        (coarse_numeric, ["wrong-step"], "def coarse_numeric(p, X, Y, lam, h=0.3):"),
    ],
    ids=["factor 2", "aliased", "not undone", "drifting", "vanishing", "coarse"],
)
def test_a_wrong_numeric_gradient_is_named(numeric, causes, line):
    p = drawn()
    outcome = check_gradient(cost, gradient, p, X, Y, 0.1, numeric=numeric)
    assert (outcome.verdict, outcome.fault) == ("wrong", "numeric check")
    assert named(outcome) == causes
    assert set(verdicts(outcome).values()) == {"right"}
    if line is not None:
        assert outcome.causes[0].line.text.strip() == line
    assert all(np.array_equal(p[name], array) for name, array in drawn().items())


def test_a_numeric_gradient_in_which_moved_entries_stay_moved_is_named():
    x = {"x": np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])}

    def drifting(p):
        moved, found, before = p["x"].copy(), np.zeros(6), squares(p)
        for i in range(6):
            moved[i] += 1e-6
            found[i] = (squares({"x": moved}) - before) / 1e-6
        return {"x": found}

    assert named(check_gradient(squares, twice, x, numeric=drifting)) == ["perturbation-not-undone"]


@pytest.mark.parametrize("h", [1e-3, 1e-5, 1e-7])
def test_a_right_numeric_gradient_is_right_though_it_is_rough(h):
    numeric = lambda p, X, Y, lam: numeric_gradient(p, X, Y, lam, h)  # noqa: E731
    assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, numeric=numeric).right


def test_a_wrong_numeric_gradient_of_single_numbers_is_one_of_a_wrong_step():
    single = {"w": np.array([0.5]), "v": np.array([[2.0]])}
    outcome = check_gradient(squares, twice, single, numeric=lambda p: {name: 6 * a for name, a in p.items()})
    assert named(outcome) == ["wrong-step"]
    assert "3 x the derivative" in outcome.causes[0].evidence


def test_half_a_numeric_gradient_is_from_moved_parameters_or_divided_by_two_steps():
    outcome = check_gradient(squares, twice, SMALL, numeric=dict)
    assert named(outcome) == ["check-aliased", "wrong-step"]
    assert len(outcome.tied) == 2


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


def test_a_gradient_in_single_precision_of_a_cost_in_double_is_right():
    assert check_gradient(
        squares, lambda p: {n: (2 * a).astype(np.float32) for n, a in p.items()}, SMALL
    ).right


def test_a_small_number_added_in_the_logarithm_is_said_and_no_error():
    def guarded(p, X, Y, l2):
        s = p["W"] @ X
        P = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
        return -np.sum(Y * np.log(P + 1e-8)) / X.shape[1] + l2 * np.sum(p["W"] ** 2)

    def plain(p, X, Y, l2):
        s = p["W"] @ X
        P = np.exp(s - s.max(axis=0)) / np.exp(s - s.max(axis=0)).sum(axis=0)
        return {"W": (P - Y) @ X.T / X.shape[1] + 2 * l2 * p["W"]}

    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(5, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    outcome = check_gradient(guarded, plain, {"W": rng.normal(size=(3, 5))}, x, y, 0.1)
    assert outcome.right
    assert any("log(P + 1e-08)" in note for note in outcome.notes)


def test_a_wrong_gradient_and_a_wrong_numeric_one_are_both_named():
    outcome = check_gradient(cost, halved, drawn(), X, Y, 0.1, numeric=doubled_numeric)
    assert (outcome.fault, named(outcome)) == ("gradient", ["regulariser-half", "wrong-step"])


# The update.


def right_update(p, g, rate):
    return {name: p[name] - rate * g[name] for name in p}


def in_place_update(p, g, rate):
    for name in p:
        p[name] -= rate * g[name]


@pytest.mark.parametrize("update", [right_update, in_place_update])
def test_a_right_update_is_right(update):
    assert check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=update).right


def uphill(p, g, rate):
    return {name: p[name] + rate * g[name] for name in p}


def rate_twice(p, g, rate):
    return {name: p[name] - 2 * rate * g[name] for name in p}


def first_layer_left_out(p, g, rate):
    p["W2"] -= rate * g["W2"]
    p["b2"] -= rate * g["b2"]


@pytest.mark.parametrize(
    ("update", "cause", "tensors"),
    [
        (uphill, "wrong-step", ("W1", "b1", "W2", "b2")),
        (rate_twice, "wrong-step", ("W1", "b1", "W2", "b2")),
        (first_layer_left_out, "layer-not-updated", ("W1", "b1")),
    ],
)
def test_a_wrong_update_is_named(update, cause, tensors):
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=update)
    assert (outcome.verdict, outcome.fault, named(outcome)) == ("wrong", "update", [cause])
    assert outcome.causes[0].tensors == tensors
    assert set(verdicts(outcome).values()) == {"right"}


def test_the_size_of_a_wrong_step_and_its_line_are_said():
    outcome = check_gradient(cost, gradient, drawn(), X, Y, 0.1, update=uphill)
    assert "moves by +1 x rate x gradient" in outcome.causes[0].evidence
    assert outcome.causes[0].line.text.strip() == "return {name: p[name] + rate * g[name] for name in p}"


def test_gamma_and_beta_exchanged_in_the_update_are_named():
    p = {"W": np.array([[1.0, 2.0]]), "gamma": np.array([1.0, 2.0]), "beta": np.array([3.0, 4.0])}

    def exchanged(p, g, rate):
        return {
            "W": p["W"] - rate * g["W"],
            "gamma": p["gamma"] - rate * g["beta"],
            "beta": p["beta"] - rate * g["gamma"],
        }

    outcome = check_gradient(squares, twice, p, update=exchanged)
    assert named(outcome) == ["gamma-beta-swapped-in-update"]
    assert outcome.causes[0].tensors == ("gamma", "beta")


def test_an_update_that_loses_a_parameter_is_wrong():
    outcome = check_gradient(squares, twice, SMALL, update=lambda p, g, rate: {"w": p["w"] - rate * g["w"]})
    assert named(outcome) == ["wrong-step"]
    assert "1 arrays for 2 parameters" in outcome.causes[0].evidence


def test_the_profiler_in_use_is_left_in_use():
    seen = []
    before = sys.getprofile()
    sys.setprofile(lambda *event: seen.append(event[1]))
    try:
        check_gradient(squares, twice, SMALL)
        after = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert after is not None
    assert seen
