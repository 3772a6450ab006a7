"""A course of errors run again: what each mistake does, and the pattern that a report tells."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule.data import datasets
from chainrule.experiments import recipes
from chainrule.selfcheck import checked_course
from chainrule.selfcheck.course import difference_without_copy, differences, logarithm_of_sum

SLOPES = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -4.0]])


def plane(x):
    return lambda: float((SLOPES * x).sum())


def test_differences_leave_the_parameter_as_it_was():
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(differences(plane(x), x), SLOPES.ravel(), rtol=1e-7, atol=1e-8)
    np.testing.assert_array_equal(x, np.arange(6.0).reshape(2, 3))


def test_without_a_copy_an_entry_s_difference_is_the_sum_of_all_up_to_it():
    x = np.arange(6.0).reshape(2, 3)
    slopes = difference_without_copy(plane(x), x)
    np.testing.assert_allclose(slopes, np.cumsum(SLOPES), rtol=1e-7, atol=1e-8)
    assert (x > np.arange(6.0).reshape(2, 3)).all()


def test_the_logarithm_of_the_sum_is_right_for_one_sample_and_wrong_for_two():
    p, y = np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([1, 0])
    assert logarithm_of_sum(p[:1], y[:1]) == pytest.approx(-np.log(0.8))
    assert logarithm_of_sum(p, y) == pytest.approx(-np.log(0.8 + 0.5) / 2)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_report_s_course_of_errors_sky_high_small_a_third_small(seed):
    digits = datasets.load("digits")
    recipe = recipes.adapted(recipes.load("one_layer"), digits)
    told = []
    course = checked_course(recipe, digits, seed, lambda done, total: told.append((done, total)))
    # Of each stage a cost of each of 640 weights and 10 biases, and one more of each parameter.
    assert told == [(652 * stage + done, 4 * 652) for stage in range(4) for done in (641, 652)]
    assert [(stage.samples, stage.mistake) for stage in course] == [
        (1, "difference_without_copy"), (1, None), (2, "logarithm_of_sum"), (2, None),
    ]  # fmt: skip
    aliased, mended, summed, right = ({row.parameter: row for row in stage.rows} for stage in course)
    assert aliased["W1"].relative_norm > 0.9
    assert aliased["W1"].largest_absolute > 1
    assert 0.28 < summed["W1"].relative_norm < 0.4
    for stage in (mended, right):
        assert {name: row.relative_norm < 1e-5 for name, row in stage.items()} == {"W1": True, "b1": True}
    assert all(row.published == {} and row.verdict is None for row in aliased.values())


def test_the_report_s_figures_stand_beside_a_course_on_its_own_data():
    digits = datasets.load("digits")
    recipe, adapted = recipes.load("one_layer"), recipes.adapted(recipes.load("one_layer"), digits)
    # The settings of digits with the report's own figures, as nothing here depends on which images they are.
    both = adapted.model_copy(update={"gradient_check": recipe.gradient_check})
    course = checked_course(both, digits, seed=0)
    published = {number: stage.rows[0].published for number, stage in enumerate(course, 1)}
    assert published == {1: {}, 2: {"relative_norm": 2.3e-6}, 3: {"relative_norm": 0.33}, 4: {}}
    assert [stage.said for stage in course] == ["sky high", "", "", ""]


def test_where_a_report_tells_of_no_errors_there_is_no_course():
    digits = datasets.load("digits")
    assert checked_course(recipes.adapted(recipes.load("two_layer"), digits), digits, seed=0) == []
