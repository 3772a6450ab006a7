r"""A report's course of errors, run again: a right gradient beside forward differences that are wrong at first.

Each stage compares our gradient, which is right, with what its author had: differences taken without a copy of the
parameters, or a cost that takes y^T p wrongly. What a mistake does to the numeric gradient stands beside it, so that
its figure can be foreseen. The cost has no penalty.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from chainrule.arrays import Array, Labels
from chainrule.data.datasets import Dataset
from chainrule.experiments.experiment import Experiment
from chainrule.experiments.published_check import PublishedStage
from chainrule.machine import threads
from chainrule.records.gradients import CheckedStage, GradientDifference
from chainrule.selfcheck.entrywise import NumericSlopes, discrepancy
from chainrule.selfcheck.nets import course_net
from chainrule.selfcheck.probe import parameter_names
from chainrule.selfcheck.rows import MeasuredGap, flat, record
from chainrule.selfcheck.start import Start, starts

STEP = 1e-6
"""h of the forward differences."""

Cost = Callable[[], float]
"""J of the parameters as they stand."""


def differences(cost: Cost, parameter: Array) -> Array:
    """(J(x + h e_i) - J(x)) / h of every entry x_i, put back before the next one is moved.

    >>> x = np.array([1.0, 2.0])
    >>> differences(lambda: float((x**2).sum()), x).round(3).tolist()
    [2.0, 4.0]
    """
    entries, slopes, before = parameter.reshape(-1), np.empty(parameter.size), cost()
    for i, at in enumerate(entries.tolist()):
        entries[i] = at + STEP
        slopes[i] = (cost() - before) / STEP
        entries[i] = at
    return slopes


def difference_without_copy(cost: Cost, parameter: Array) -> Array:
    r"""The same with ``W_try = W``, which copies in MATLAB and in Python is the same array again.

    What was moved stays moved, so entry i is compared with all entries up to it moved:

        n_i = (J(x + h e_1 + ... + h e_i) - J(x)) / h = dJ/dx_1 + ... + dJ/dx_i + O(h).

    >>> x = np.array([1.0, 2.0])
    >>> difference_without_copy(lambda: float((x**2).sum()), x).round(3).tolist()  # 2, then 2 + 4
    [2.0, 6.0]
    """
    entries, slopes, before = parameter.reshape(-1), np.empty(parameter.size), cost()
    for i in range(entries.size):
        tried = entries
        tried[i] += STEP
        slopes[i] = (cost() - before) / STEP
    return slopes


def logarithm_of_sum(p: Array, y: Labels) -> float:
    r"""The cost whose y^T p runs over all samples at once, of probabilities p (N, K) and labels y (N,).

        J = -(1/N) log sum_i q_i  with q_i = y_i^T p_i,  in place of  -(1/N) sum_i log q_i.

    With one sample both are the same. With N, dJ/ds_i = (1/N) (q_i / sum_j q_j) (p_i - y_i): where all q are about the
    same, as before training, that is 1/N of the right one, and |a - n| / (|a| + |n|) is (N - 1) / (N + 1), a third
    with two.

    >>> p, y = np.array([[0.25, 0.75], [0.75, 0.25]]), np.array([1, 0])
    >>> round(logarithm_of_sum(p, y), 4), round(float(-np.log([0.75, 0.75]).mean()), 4)
    (-0.2027, 0.2877)
    """
    return float(-np.log(p[np.arange(len(y)), y].sum()) / len(y))


def checked_course(
    experiment: Experiment,
    data: Dataset,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckedStage]:
    """Every stage of an experiment's course of errors, each at the same start; none where it has none.

    Args:
        experiment: whose.
        data: the images; a stage takes the first so many training images.
        seed: of the initial parameters.
        progress: called with how many costs are done, and of how many.

    Raises:
        SettingsError: there are fewer images than a stage takes.
        DataError: the data set is too small for the settings.

    >>> from chainrule.data import datasets
    >>> from chainrule.experiments import recipes
    >>> data = datasets.load("digits")
    >>> stages = checked_course(recipes.adapted(recipes.load("one_layer"), data), data, seed=0)
    >>> [(stage.mistake, round(stage.rows[0].relative_norm or 0, 2)) for stage in stages[::2]]  # two samples: a third
    [('difference_without_copy', 0.99), ('logarithm_of_sum', 0.33)]
    """
    check, checked, done = experiment.gradient_check, list[CheckedStage](), 0
    total = course_costs(experiment, data)

    def tick(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    for stage in check.course:
        (start,) = starts([course_net(experiment)], data, stage.samples, seed)
        with threads.limited(1):
            rows = _rows(stage, start, tick)
        about = {"samples": stage.samples, "mistake": stage.mistake, "said": stage.said, "step": STEP}
        checked.append(CheckedStage.model_validate({**about, "rows": rows}))
    return checked


def course_costs(experiment: Experiment, data: Dataset) -> int:
    """Costs that an experiment's course of errors takes: one of each entry and one more of each parameter, by stages.

    Raises:
        DataError: the data set is too small for the settings.

    >>> from chainrule.data import datasets
    >>> from chainrule.experiments import recipes
    >>> data = datasets.load("digits")
    >>> experiment = recipes.adapted(recipes.load("one_layer"), data)
    >>> course_costs(experiment, data) == len(experiment.gradient_check.course) * (640 + 1 + 10 + 1)
    True
    """
    course = experiment.gradient_check.course
    if not course:
        return 0
    ((_, network, parameters, *_),) = starts([course_net(experiment)], data, 1, seed=0)
    return len(course) * sum(parameters[name].size + 1 for name in parameter_names(network))


def _rows(stage: PublishedStage, start: Start, tick: Callable[[int], None]) -> list[GradientDifference]:
    """Our gradient beside the differences of one stage, parameter by parameter."""
    net, network, parameters, x, y = start
    numeric = difference_without_copy if stage.mistake == "difference_without_copy" else differences
    _, gradient = network.gradient(parameters, x, y, np.zeros(1))
    moved = {name: parameter.copy() for name, parameter in parameters.items()}

    def cost() -> float:
        losses, cache = network.loss_function.forward(network.forward(moved, x)[0], y)
        return (
            logarithm_of_sum(cache.p[0], y) if stage.mistake == "logarithm_of_sum" else float(losses.mean())
        )

    rows = []
    for name in parameter_names(network):
        slopes = numeric(cost, moved[name])
        tick(slopes.size + 1)
        exact = NumericSlopes(slopes, slopes, slopes, np.zeros(slopes.size, np.bool_), np.zeros(slopes.size))
        gap = discrepancy(flat(gradient[name]), exact, net.eps, net.below)
        rows.append(record(network, 0.0, name, MeasuredGap("analytic-forward", gap), stage.of(name)))
    return rows
