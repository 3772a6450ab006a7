"""Which of two adapters of a layer counts."""

import numpy as np

from chainrule.gradcheck.recognition.layers.calls import ForwardCall
from chainrule.gradcheck.recognition.layers.fitness import LayerFitness
from chainrule.gradcheck.recognition.layers.fitting import (
    FittingLayer,
    differs_by_chance,
    doubted,
    has_gradients,
    has_more_axes,
    is_of_one_index,
    with_more_axes,
)
from chainrule.gradcheck.recognition.layers.objects import MadeLayer
from chainrule.gradcheck.recognition.layers.pairs import LayerPair
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.shapes import LayerShapes
from support.adapters import defined

FILE = defined("def f_forward(x, w): return x @ w, x\ndef f_backward(d, x): return d")
RIGHT, WRONG = LayerFitness(2, 2), LayerFitness(1, 2)


def fitting(fitness, *, inputs=(7, 6), found=()):
    call = ForwardCall({"x": "inputs", "w": "weights"}, "x", {}, "f_forward(x, w)")
    plan = LayerPlan(LayerPair(*FILE.functions), call, LayerShapes(7, inputs), MadeLayer(), FILE, found=found)
    return FittingLayer("", plan, ("assumed layer f with x",), fitness, np.zeros(3))


def drawn(w, x="rng.normal(size=(7, 6))"):
    return (("x", x), ("w", w))


def test_what_agrees_with_less_likely_shapes_excuses_no_more_than_it_convicts():
    before, now = fitting(WRONG, found=drawn("a")), fitting(RIGHT, found=drawn("b"))
    assert differs_by_chance(before, now)
    assert not differs_by_chance(before, fitting(WRONG, found=drawn("b")))
    assert doubted(before, "so").fitness.doubt == "so"


def test_a_single_index_and_whole_numbers_are_told():
    several, one = fitting(WRONG, found=drawn("p")), fitting(RIGHT, found=drawn("p[0]"))
    assert is_of_one_index(several, one)
    assert not is_of_one_index(one, one)
    whole = fitting(RIGHT, found=drawn("a", "rng.permutation([1, 0])")).plan
    assert has_gradients(whole, several)
    assert not has_gradients(several.plan, several)


def test_inputs_of_more_axes_count_where_they_fit_better():
    before, now = fitting(WRONG), fitting(RIGHT, inputs=(2, 7, 6))
    assert has_more_axes(now.plan, before.plan)
    assert with_more_axes(before, now).fitness.best
    assert with_more_axes(now, before) is now
