"""Every known mistake made on purpose, and what explains the gradient at all points."""

from chainrule.gradcheck.diagnosis.explanations import explanations
from support.diagnosed import DATA, FEWER_SAMPLES, OTHER_L2, evidence_of
from support.plain_nets import gradient, halved


def changed(change):
    """The right gradient with a change made to it."""

    def wrong(p, X, Y, lam):
        g = gradient(p, X, Y, lam)
        change(g, p, X, lam)
        return g

    return wrong


def named(made):
    """Mistakes by the name of their bug and their layers."""
    return [(mistake.bug.name, layers) for mistake, layers in zip(made.mistakes, made.layers, strict=True)]


def explained(wrong, *data):
    return [named(made) for made in explanations(evidence_of(wrong, *data))]


def test_a_single_mistake_is_found_with_the_layer_in_which_it_was_made():
    assert explained(halved, DATA, FEWER_SAMPLES) == [[("regulariser-half", (1,))]]


def test_a_mistake_in_all_layers_is_one():
    def without_penalty(g, p, X, lam):
        for name in ("W1", "W2"):
            g[name] = g[name] - 2 * lam * p[name]

    assert explained(changed(without_penalty), DATA, OTHER_L2) == [[("regulariser-missing", (1, 2))]]


def test_a_mistake_must_hold_at_every_point():
    def seven_times(g, p, X, lam):
        g["b2"] = g["b2"] / 7

    wrong = changed(seven_times)
    assert [("bias-mean-not-sum", (2,))] in explained(wrong, DATA)
    everywhere = explained(wrong, DATA, FEWER_SAMPLES)
    assert everywhere
    assert [("bias-mean-not-sum", (2,))] not in everywhere


def test_two_mistakes_are_found_together():
    def two(g, p, X, lam):
        g["W1"] = g["W1"] - lam * p["W1"]
        g["b2"] = g["b2"] / X.shape[1]

    pairs = explained(changed(two), DATA, FEWER_SAMPLES)
    assert {("regulariser-half", (1,)), ("bias-mean-not-sum", (2,))} in [set(pair) for pair in pairs]
    assert all(len(pair) == 2 for pair in pairs)


def test_a_right_gradient_has_no_mistake_to_explain():
    assert explained(gradient) == []


def test_a_gradient_of_no_known_mistake_is_not_explained():
    def noise(g, p, X, lam):
        g["W1"] = g["W1"] + p["W1"] ** 3
        g["W2"] = g["W2"] + p["W2"] ** 3

    assert explained(changed(noise)) == []
