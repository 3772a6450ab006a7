"""Forms that a cost cannot have, told at three points."""

from dataclasses import replace

import numpy as np
import pytest

from chainrule.gradcheck.diagnosis import forms, reading
from chainrule.gradcheck.diagnosis.forms import Form
from chainrule.gradcheck.diagnosis.sieve import Sieve
from support.plain_nets import X, Y, cost, drawn
from support.points import point_of

POINT = point_of(cost, cost, drawn(), (X, Y, 0.1))
READ = reading.read(POINT, np.random.default_rng(0))
LAYERS = READ.layout.layers(POINT.arrays)


def sieve_of(cost, data=(X, Y, 0.1)):
    return Sieve(READ.layout, READ.net, point_of(cost, cost, drawn(), data))


def every_form():
    return [
        form
        for of_kind in (forms.right, forms.other, forms.guarded, forms.mistaken)
        for form in of_kind(LAYERS)
    ]


@pytest.mark.parametrize("factor", [1.0, 7.0, 1 / np.log(10)])
def test_its_own_form_passes_whatever_the_factor_and_the_penalty(factor):
    def other(p, X, Y, lam):
        odd = np.abs(p["W1"]).sum() + np.linalg.norm(p["W2"]) + p["W2"].sum() + (p["b1"] ** 2).sum()
        return factor * cost(p, X, Y, 0.0) + 3 * odd + 2

    assert sieve_of(other).passes(READ.form)


def test_hardly_any_other_form_passes():
    sieve = sieve_of(cost)
    passed = [form for form in every_form() if sieve.passes(form)]
    assert READ.form in passed
    # Those with next to nothing in their logarithms are the cost's own but for rounding.
    assert all(form == replace(READ.form, log_eps=form.log_eps) for form in passed)


def test_no_form_passes_where_the_cost_does_not_change():
    sieve = sieve_of(lambda p, X, Y, lam: 2.0)
    assert not any(map(sieve.passes, forms.right(LAYERS)))


def test_what_was_tried_before_makes_no_difference():
    sieve, tried = sieve_of(cost), every_form()[:300]
    first = [sieve.passes(form) for form in tried]
    assert [sieve.passes(form) for form in reversed(tried)] == first[::-1]
    assert [sieve_of(cost).passes(form) for form in tried] == first


def test_a_cost_that_has_no_value_there_holds_nothing_back():
    def at_the_given_point_only(p, X, Y, lam):
        return [][0]

    assert sieve_of(at_the_given_point_only).passes(Form("hinge", None))
