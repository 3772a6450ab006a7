"""What of a program may be set otherwise."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.options import options_of, seeded
from support.adapters import defined, plan
from support.recognising import row_and_check

NET = """
class Net:
    def __init__(self, d, K{arguments}):
        self.W = make(K, d)
        {body}
    def cost(self, X, Y):
        return self.W, self.kind == "one" or self.kind == "two", self.use_it
    def gradients(self, X, Y):
        return self.W
"""


def of_net(arguments, body) -> AdapterPlan:
    file = defined(NET.format(arguments=arguments, body=body))
    plans = (candidate.plan for candidate in candidates(file, list(choices(file)), {}))
    return next(plan for plan in plans if "__new__" not in plan.parameters.net)


def made_with(plan: AdapterPlan) -> list[str]:
    """How the object is made with each other option, or what is put on it."""
    plans = [option.plan_with(value).parameters for option in options_of(plan) for value in option.others]
    return [str({**p.held} or p.net or next(iter(p.values.values()))) for p in plans]


@pytest.mark.parametrize(
    ("arguments", "body", "made"),
    [
        (", kind='one'", "self.kind = kind", ["Net(d=6, K=3, kind='two')"]),
        (", way='one'", "self.kind = way", ["Net(d=6, K=3, way='two')"]),
        ("", "self.kind = 'one'", ["{'kind': \"'two'\"}"]),
        (", use_it=False", "self.use_it = use_it", ["Net(d=6, K=3, use_it=True)"]),
        (", dropout_rate=0.5", "self.p = dropout_rate", ["Net(d=6, K=3, dropout_rate=0.4)"]),
        (", dropout=1", "self.p = dropout", ["Net(d=6, K=3, dropout=0.6)"]),
        (", label_smoothing=0.0", "self.p = label_smoothing", ["Net(d=6, K=3, label_smoothing=0.1)"]),
        (", training=True, verbose=False", "self.t = training", []),
        (
            ", settings=None",
            "self.kind = settings.get('kind', 'one')",
            ["Net(d=6, K=3, settings={'kind': 'two'})"],
        ),
    ],
)
def test_options_of_an_object(arguments, body, made):
    assert made_with(of_net(arguments, body)) == made


def test_training_is_no_option_and_is_on_where_draws_are_alike():
    text = "def {}(X, y, W, mode='test', kind='a'): return kind == 'b'"
    text = f"{text.format('cost')}\n{text.format('gradient')}"
    own = replace(plan(text), file=defined(text))
    assert [option.name for option in options_of(own)] == ["kind"]
    assert (own.names.mode, seeded(own).names.mode, seeded(own).options["mode"]) == ("mode", "", "'train'")


def test_training_is_on_where_only_what_gives_an_argument_takes_a_mode():
    text = (
        "def cost(P, y): return 1\ndef gradient(P, y, X, W): return W\n"
        "def forward(X, W, training=False): return X\n"
        "def step(X, y, W):\n    P = forward(X, W)\n    return cost(P, y), gradient(P, y, X, W)"
    )
    file = defined(text)
    plans = (c.plan for c in candidates(file, list(choices(file)), {}))
    handed_on = next(
        p for p in plans if p.names.mode and "forward" not in {f.name for f in p.functions.given}
    )
    assert seeded(handed_on).options["training"] == "True"


def smoothing(taken_by_cost):
    """A net whose gradient smooths labels, and whose cost does where it ``taken_by_cost``."""
    smoothed = "    Y = (1 - label_eps) * Y + label_eps / len(Y)\n"
    return f"""
import numpy as np

def softmax(S):
    E = np.exp(S - S.max(axis=0))
    return E / E.sum(axis=0)

def compute_cost(X, Y, W{", label_eps" * taken_by_cost}):
{smoothed * taken_by_cost}    return -np.sum(Y * np.log(softmax(W @ X))) / X.shape[1]

def compute_gradients(X, Y, W, label_eps):
    if label_eps > 0:
    {smoothed}    return {{"W": (softmax(W @ X) - Y) @ X.T / X.shape[1]}}
"""


def test_labels_are_smoothed_where_cost_and_gradient_are_told_to():
    row, outcome = row_and_check(smoothing(taken_by_cost=True))
    assert outcome.right
    assert ("label_eps of {}", "0.1") in [(variant.varied, variant.value) for variant in row.variants]


def test_smoothing_that_only_the_gradient_is_told_of_is_switched_off():
    row, outcome = row_and_check(smoothing(taken_by_cost=False))
    assert outcome.right
    assert "0.0)" in row.text
