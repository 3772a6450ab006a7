"""Gradients that are one number where their parameter has several entries."""

import numpy as np

from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.recognition.fitness import Fitness
from chainrule.gradcheck.recognition.summed import agrees_but_sums, are_summed
from chainrule.gradcheck.recognition.usual_costs import usual_costs

PARTLY = Fitness(cost=True, shapes=1, depends=True, penalised=True, agrees=True)


def program(gradient_of_b):
    parameters = {"W": np.ones((3, 4)), "b": np.ones((3, 1))}
    return LocalProgram(lambda p: 0.0, lambda p: {"W": p["W"], "b": gradient_of_b}, parameters, ())


def test_what_has_another_shape_is_one_number():
    assert agrees_but_sums(PARTLY, lambda: program(np.ones((1, 1))))
    assert not agrees_but_sums(PARTLY, lambda: program(np.ones(4)))
    assert not agrees_but_sums(PARTLY._replace(agrees=False), lambda: program(np.ones((1, 1))))


def test_the_file_makes_several_entries_of_it_in_a_net_of_classes():
    of_classes = next(cost for cost in usual_costs() if are_summed(program(np.float64(1)), cost, {"b"}))
    assert not are_summed(program(np.float64(1)), of_classes, {"c"})
    assert not are_summed(program(np.ones((3, 1))), of_classes, {"b"})
    assert not are_summed(program(np.float64(1)), "", {"b"})
