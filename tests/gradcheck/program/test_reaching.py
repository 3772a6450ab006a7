"""Which functions a function can reach."""

import functools

from chainrule.gradcheck.program.reaching import cells, is_users, reachable


def helper(x):
    return x + 1


class Layer:
    def forward(self, x):
        return helper(x)

    @property
    def size(self):
        return 3


def made(scale):
    def scaled(x):
        return scale * helper(x)

    return scaled


def names(function):
    return {each.__name__ for each in reachable(function)}


def test_globals_closures_classes_and_parts_of_functions_are_reached():
    assert {"helper", "forward", "size"} <= names(Layer().forward)
    assert {"scaled", "helper"} <= names(functools.partial(made(2)))
    assert cells(made(2)) == [2]


def test_neither_ours_nor_libraries_are_the_users():
    assert is_users(__file__)
    assert not is_users(functools.__file__)
    assert not is_users(reachable.__code__.co_filename)
