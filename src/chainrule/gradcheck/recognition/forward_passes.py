"""Which of several forward passes of a file belongs to its cost and its gradient."""

from __future__ import annotations

from chainrule.gradcheck.program.call_sites import HandedOn
from chainrule.gradcheck.program.definitions import Definitions
from chainrule.gradcheck.program.function_names import names_apart, rank
from chainrule.gradcheck.program.names import meaning
from chainrule.gradcheck.program.signatures import Function


def distance(
    handed: HandedOn, cost: Function, gradient: Function | None, file: Definitions
) -> tuple[bool, int]:
    """How far what gives an argument is from what is meant: of several forward passes, which all give a cache, that
    which the file hands on to cost and gradient alike; then the one whose name is most like the gradient's."""
    if not handed.function:
        return False, 0
    both = {*_givers(cost, file)} & {*_givers(gradient or cost, file)}
    return bool(both) and handed.function not in both, names_apart(handed.function, (gradient or cost).name)


def are_of_other_passes(cost: Function, gradient: Function, file: Definitions) -> bool:
    """Whether cost and gradient are handed what forward passes give, none of which gives to both, or uses one that
    gives to the other: what is wrong then may be that they do not belong together."""
    given = [
        [
            each
            for name in _givers(f, file)
            if (each := file.named(name, f.owner)) is not None and _is_pass(each)
        ]
        for f in (cost, gradient)
    ]
    used = [{f.shown for f in file.used([*passes])} for passes in given]
    used[1] |= {f.shown for f in file.used([gradient])}
    return all(given) and used[0].isdisjoint(used[1])


def _is_pass(function: Function) -> bool:
    """Whether a function is a forward pass: by its name, or as it takes inputs."""
    takes_inputs = any(meaning(argument.name).role == "inputs" for argument in function.arguments)
    return takes_inputs or rank(function.name, "forward") is not None


def _givers(function: Function, file: Definitions) -> list[str]:
    """The functions that give what an argument of another is, where that is no data by its name."""
    wanted = [argument.name for argument in function.arguments if meaning(argument.name).role == "other"]
    every = (handed for name in wanted for handed in file.handed.get((function.name, name), ()))
    return [handed.function for handed in every if handed.function]
