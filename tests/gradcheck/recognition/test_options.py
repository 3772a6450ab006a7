"""What of a program may be set otherwise."""

from dataclasses import replace

import pytest

from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.candidates import candidates
from chainrule.gradcheck.recognition.choices import choices
from chainrule.gradcheck.recognition.options import options_of, seeded
from support.adapters import defined, plan

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
