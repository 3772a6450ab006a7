"""The gradient of the net that a cost was read as, held against a gradient that the differences call right."""

from dataclasses import replace

import numpy as np

from chainrule.gradcheck import check_gradient
from chainrule.gradcheck.diagnosis.diagnose import case_of, diagnose
from chainrule.gradcheck.diagnosis.known_net import held_against
from chainrule.gradcheck.numeric.comparison import tensor
from support.diagnosed import evidence_of
from support.plain_nets import X, Y, cost, drawn, gradient, halved


def called_right(evidence):
    """As if the differences had agreed with the gradient."""
    checked = evidence.checked
    tensors = [
        tensor(name, g, g, checked.floor)
        for name, g in zip(checked.point.names, checked.analytic, strict=True)
    ]
    return replace(evidence, checked=replace(checked, tensors=tensors, numeric=checked.analytic))


def test_a_right_gradient_is_that_of_the_net():
    (evidence,) = evidence_of(gradient)
    assert held_against(evidence) is evidence.checked


def test_a_gradient_that_only_the_differences_call_right_is_wrong():
    (evidence,) = evidence_of(halved)
    forged = called_right(evidence)
    assert forged.checked.verdict == "right"
    held = held_against(forged)
    assert (held.verdict, held.names_not_right, held.scheme) == ("wrong", ["W1"], "the gradient of that net")
    for net, own in zip(held.numeric, evidence.checked.numeric, strict=True):
        np.testing.assert_allclose(net, own, rtol=1e-6, atol=1e-9)


def test_a_form_that_has_another_gradient_is_left_alone():
    (evidence,) = evidence_of(halved)
    forged = called_right(evidence)
    form = replace(forged.reading.form, log_eps=1e-8)
    assert held_against(replace(forged, reading=replace(forged.reading, form=form))) is forged.checked
    odd = replace(forged.reading, odd={("W1", "sum"): 0.1})
    assert held_against(replace(forged, reading=odd)) is forged.checked


def test_the_cause_of_what_the_differences_hide_is_named():
    rng = np.random.default_rng(0)
    elsewhere = {name: value + 0.1 for name, value in drawn().items()}
    (given,), (other,) = evidence_of(halved), evidence_of(halved, parameters=elsewhere)
    case = case_of([called_right(given).checked, called_right(other).checked], rng)
    assert [checked.verdict for checked in case.points] == ["right", "wrong"]
    assert diagnose(case).causes[0].name == "regulariser-half"


def test_a_cost_that_bends_where_its_gradient_is_asked_for_is_read_all_the_same():
    asked = []

    def wrong(p, X, Y, lam):
        asked.append({name: value.copy() for name, value in p.items()})
        return halved(p, X, Y, lam)

    def straight(p, X, Y, lam):
        for start in asked:
            if all(np.abs(p[name] - start[name]).max() < 1e-4 for name in p):
                g = halved(start, X, Y, lam)
                return cost(start, X, Y, lam) + sum(float((g[n] * np.real(p[n] - start[n])).sum()) for n in p)
        return cost(p, X, Y, lam)

    outcome = check_gradient(straight, wrong, drawn(), X, Y, 0.1)
    assert outcome.verdict == "wrong"
    assert "regulariser-half" in [cause.name for cause in outcome.causes]
