"""Functions that are handed over: :func:`check_gradient`, and :func:`assert_gradient` for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chainrule.errors import CheckError
from chainrule.gradcheck.check import check, verifying_in_place
from chainrule.gradcheck.hints import HintLevel, hinted, require_level
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.from_python import CalledFromPython
from chainrule.gradcheck.program.interface import Program
from chainrule.gradcheck.program.local import LocalProgram
from chainrule.gradcheck.program.names import l2_name
from chainrule.gradcheck.program.orders import programs
from chainrule.gradcheck.repair.at_other_values import HandedIn
from chainrule.gradcheck.repair.told_changes import settings_beside, without_settings


def check_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    *data: Any,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
    seed: int = 0,
    repair: bool = False,
    hints: HintLevel | None = None,
    differences: bool = False,
) -> Check:
    """Check a hand-written gradient, and name what is wrong with it.

    Functions that take their arguments in another order, ``cost(X, Y, parameters, lam)``, are called by the names of
    these (:mod:`chainrule.gradcheck.program.orders`).

    Args:
        cost: ``cost(parameters, *data)`` gives the cost, one number.
        gradient: ``gradient(parameters, *data)`` gives the gradients, one array for each of the parameters.
        parameters: any nest of floating-point arrays: dict, list, tuple, dataclass, object.
        data: what else both take: inputs, labels, l2.
        update: ``update(parameters, gradient, rate)``, one step of gradient descent, checked too if given.
        numeric: your own numeric gradient, called like ``gradient``, checked too if given.
        seed: of the directions and points that are drawn.
        repair: look for a change of the source with which it is right: ``check.repairs``.
        hints: say less of what is wrong (:mod:`chainrule.gradcheck.hints`): 1 which tensors, 2 what kind of mistake it
            may be, 3 on which line; ``check.hints`` in the place of causes.
        differences: measure every entry against central and forward differences too: ``check.differences``, of which
            :func:`chainrule.gradient_table` makes the table that reports print.

    Raises:
        CheckError: what was given cannot be checked.

    Example:
        >>> import numpy as np
        >>> def cost(p, x):
        ...     return float(np.sum((p["w"] * x) ** 2))
        >>> def gradient(p, x):
        ...     return {"w": 2 * p["w"] * x}
        >>> outcome = check_gradient(cost, gradient, {"w": np.array([1.0, 2.0])}, np.array([3.0, 4.0]))
        >>> outcome.verdict
        'wrong'
    """
    with CalledFromPython():
        require_level(hints, repair=repair)
        orders = programs(cost, gradient, parameters, data, update=update, numeric=numeric)
        program = next(orders)
        handed = _handed_in(program, (cost, gradient), parameters, data)
        verify = verifying_in_place(seed, handed=handed) if repair else None
        outcome = check(program, seed=seed, verify=verify, measured=differences)
        if not outcome.right and any(check(other, seed=seed, explained=False).right for other in orders):
            raise CheckError(
                "the order of arguments: cannot be told, as the functions run in several, and the gradient is right in "
                "one of them; wrap them: lambda parameters, *data: cost(...)"
            )
        causes = without_settings(outcome.causes, lambda: [*settings_beside(gradient), *handed.numbers()])
        outcome = replace(outcome, causes=causes)
        return outcome if hints is None else hinted(outcome, hints)


def _handed_in(
    program: LocalProgram, functions: tuple[Callable[..., Any], ...], parameters: Any, data: Sequence[Any]
) -> HandedIn:
    names = [*program.describe().data_names, *[""] * len(data)][: len(data)]
    # The penalty is varied wherever a gradient is checked.
    named = ["" if name == l2_name(names) else name for name in names]

    def made(values: Sequence[Any]) -> Program:
        cost, gradient, others, *other_data = values
        return next(programs(cost, gradient, others, other_data))

    return HandedIn(program, (*functions, parameters, *data), ("", "", "", *named), made)


def assert_gradient(
    cost: Callable[..., Any],
    gradient: Callable[..., Any],
    parameters: Any,
    *data: Any,
    update: Callable[..., Any] | None = None,
    numeric: Callable[..., Any] | None = None,
    seed: int = 0,
) -> None:
    """:func:`check_gradient`, for tests.

    Raises:
        AssertionError: the gradient is not right; the message is the diagnosis.
        CheckError: what was given cannot be checked.

    >>> import numpy as np
    >>> w = {"w": np.array([1.0, 2.0])}
    >>> assert_gradient(lambda p: (p["w"] ** 2).sum(), lambda p: {"w": 2 * p["w"]}, w)
    >>> try:
    ...     assert_gradient(lambda p: (p["w"] ** 2).sum(), lambda p: {"w": -2 * p["w"]}, w)
    ... except AssertionError as error:
    ...     print(str(error).splitlines()[0])
    the gradient is wrong: wrong-sign
    """
    with CalledFromPython():
        outcome = check_gradient(cost, gradient, parameters, *data, update=update, numeric=numeric, seed=seed)
        if not outcome.right:
            raise AssertionError(str(outcome))
