"""Why a gradient of a file is not checked, in words."""

from __future__ import annotations

from chainrule.errors import CheckError
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import FunctionKind, is_update
from chainrule.gradcheck.program.names import is_gradient
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.adapter_search import AdapterSearch, Found
from chainrule.gradcheck.recognition.adapter_trials import NoPlainStepError
from chainrule.gradcheck.recognition.candidates import Candidate
from chainrule.gradcheck.recognition.furthest import described, furthest
from chainrule.gradcheck.recognition.pairing import named
from chainrule.gradcheck.recognition.rivals import FittingAdapter

_OWN = NameError, ImportError, OSError, NotImplementedError, MemoryError, RecursionError
"""What the user's code raises whatever it is given; a convention that is not its own raises other things."""


_IS_NO_GRADIENT = "the gradient is not that of the cost"

OF_NO_COST = "nothing in the file says which cost it is the gradient of"


def shown(candidate: Candidate) -> str:
    """How an adapter calls the functions."""
    return "; ".join(f"{kind} {call}" for kind, call in candidate.adapter.calls.items())


def says_nothing(fit: FittingAdapter) -> bool:
    """Whether cost or gradient are the same whatever they are given."""
    return fit.fitness.cost and fit.fitness.shapes >= 2 and not fit.fitness.depends


def is_unplain(functions: Functions, found: Found) -> bool:
    """Whether an update runs that changes something, and is no plain step against the gradient of any cost."""
    update = functions.gradient
    if not functions.by_update or found.best is not None or update is None:
        return False
    changes = is_update(update.name) or any(
        (*update.attributes.sets, *update.attributes.changes, *update.stepped)
    )
    return changes and any(isinstance(error, NoPlainStepError) for error in found.errors)


def refusal(search: AdapterSearch, functions: Functions, found: Found) -> Exception:
    """Why nothing fits: the user's own exception where it is no matter of convention, else what was found."""
    if found.best is not None:
        called, lacking = shown(found.best.candidate), _lacking(search, found.best)
        if found.may_agree and found.best.fitness.runs:
            lacking = f"{_IS_NO_GRADIENT}, and there was no time left to try all that may be meant"
        return CheckError(f"called as {called}, {lacking}")
    update = next((error for error in found.errors if isinstance(error, NoPlainStepError)), None)
    if update is not None:
        return CheckError(
            f"{update} changes the parameters by other amounts than the cost's gradient times the learning rate: by "
            "the gradient times a number, by several steps, or by an optimizer's own"
        )
    own = next((error for error in found.errors if isinstance(error, _OWN)), None)
    if own is not None:
        return own
    if functions.is_guessed and not functions.by_update and functions.gradient is not None:
        return CheckError(f"{OF_NO_COST}, and that of {functions.cost.name}, as far as was tried, it is not")
    if functions.usual_cost and functions.gradient is not None:
        return CheckError(
            f"no cost of a usual name (compute_cost) in it, and the gradient {functions.gradient.name} is that "
            "of none of the usual costs (cross-entropy, squared error)"
        )
    calls = [function.name for function in (functions.forward, functions.cost) if function]
    error = furthest(found.errors, calls)
    if error is None:
        return CheckError(_uncalled(search, functions) or missing(search.file))
    return CheckError(
        f"{_found(functions)} found, but no usual layout of X, labels, W and b lets the "
        f"cost run ({described(error)})"
    )


def _found(functions: Functions) -> str:
    names = " and ".join(f.name for f in functions[:2] if f is not None)
    return f"{names} {'were' if ' and ' in names else 'was'}"


def _uncalled(search: AdapterSearch, functions: Functions) -> str:
    """Why functions were never called: an argument, or an object, of which nothing says what it is; empty where they
    are not what is wanted."""
    if unknown := search.unknown.get(functions.shown):
        return f"{_found(functions)} found, but not what to call them with ({unknown})"
    owner = functions.owner
    if owner and owner == functions.cost.owner and functions.gradient is not None:
        return (
            f"{_found(functions)} found, but no {owner} can be made to call them on: what its constructor takes, or "
            "where its parameters are, is not known"
        )
    return ""


def _lacking(search: AdapterSearch, fit: FittingAdapter) -> str:
    """Why the cost and the gradient of an adapter that runs cannot be compared."""
    if says_nothing(fit):
        return "cost or gradient are the same whatever the parameters and labels are"
    if not fit.fitness.cost:
        return "the cost is not one number"
    error = search.gradient_error(fit.candidate)
    if error is not None:
        return f"the gradient does not run ({described(error)})"
    gradient = fit.candidate.functions.gradient
    returns = gradient.returns if gradient is not None else ()
    twice = next((name for name in returns if is_gradient(name) and returns.count(name) > 1), "")
    others = "the gradient's arrays have other shapes than the parameters"
    return f"{others}: {twice} is returned twice" if twice else others


def _steps_outside(file: Definitions) -> str:
    """What is said of a file whose gradient is computed on its top level, of what the parameters are there alone; empty
    for others."""
    changed = dict.fromkeys(step.parameter for step in file.descent if step.parameter)
    if not changed:
        return ""
    made_of = {name for step in file.descent for name in step.gradient if not file.knows(name)}
    parameters, gradients = ", ".join(changed), ", ".join(sorted(made_of - {*changed}))
    return (
        f"{named(file, 'cost')[0].name} gives the cost, but no function gives its gradient: the file changes "
        f"{parameters} by {gradients} on its top level; put what computes {gradients} into a function that takes "
        f"{parameters}, and call it there"
    )


def missing(file: Definitions) -> str:
    """Which functions of usual names a file lacks, in words."""
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient")
    lacking = [kind for kind in kinds if not named(file, kind)]
    if "cost" not in lacking and (outside := _steps_outside(file)):
        return outside
    names = ", ".join(function.name for function in file.functions[:8])
    wanted = " and no ".join(lacking) or "cost and gradient that can be called together"
    where = f"among its functions: {names}" if names else "in it"
    return f"no {wanted} of a usual name (compute_cost, compute_gradients) {where}{_steps_without_cost(file)}"


def _steps_without_cost(file: Definitions) -> str:
    """What is said of a file whose functions take steps, and give no cost; empty for others."""
    steps = [f.shown for f in file.functions if is_update(f.name)][:3]
    if not steps or named(file, "cost"):
        return ""
    takes = "takes" if len(steps) == 1 else "take"
    return (
        f"; {', '.join(steps)} {takes} steps, and no function gives the loss that these lower: write one that does "
        "from the same parameters and data (compute_cost), and call it where they are taken"
    )
