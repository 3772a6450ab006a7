"""Training loops on the top level of a script, or of a function that does everything, as functions: what is computed in
a round, and the step that ends it.

    for epoch in range(1000):
        P = sigmoid(X @ W)                       def cost_of_loop_1(W, X, y): ...; return loss
        loss = np.mean((P - y) ** 2)             def update_of_loop_1(W, X, y, eta): ...; W -= eta * dW
        dW = 2 * X.T @ ((P - y) * P * (1 - P)) / y.size
        W -= eta * dW

The forward pass, ``forward_of_loop_1``, is what the labels are compared with: a cost that is computed may be there to
be looked at alone.
"""

from __future__ import annotations

import ast
import builtins
import copy
import re
from collections.abc import Collection, Iterator, Sequence

from chainrule.gradcheck.program.fitting_methods import SETTINGS, as_function
from chainrule.gradcheck.program.loop_costs import cost_added_up, cost_of, costs_looked_at, is_total
from chainrule.gradcheck.program.loop_steps import (
    RATE,
    is_step,
    step_of,
    take_a_gradient,
    with_named_rate,
    written_rate,
)
from chainrule.gradcheck.program.minibatches import DATA, all_samples, data_of, first_of, is_part
from chainrule.gradcheck.program.names import is_momentum, is_parameter, is_rate, meaning
from chainrule.gradcheck.program.names_used import names_in, names_read, names_set
from chainrule.gradcheck.program.size_names import counted_size

_NAME = re.compile(r"(cost|kept_cost|total_cost|forward|update)_of_loop_(\d+)")

_CHANGES_FIRST = ("at", "copyto", "put", "place", "putmask", "put_along_axis", "fill_diagonal")
"""Functions of NumPy that change the first of their arguments: ``np.add.at``, ``np.copyto``."""


def loop_line(function: str) -> int | None:
    """The line of the loop that a function of this name was made of; None of a function of the file's own."""
    made = _NAME.fullmatch(function)
    return int(made[2]) if made else None


def is_kept_cost(function: str) -> bool:
    """Whether a function of this name is a cost that a round keeps or shows, which may be there to be looked at
    alone."""
    made = _NAME.fullmatch(function)
    return made is not None and made[1] == "kept_cost"


def is_total_cost(function: str) -> bool:
    """Whether a function of this name is the sum or the mean of the losses of a round, where a step may be that of the
    other."""
    made = _NAME.fullmatch(function)
    return made is not None and made[1] == "total_cost"


def training_loops(body: Sequence[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """The functions that the training loops among some statements of a top level are, and those of its functions, and
    of methods that make the parameters which they train.

    A round whose steps take what a function of a gradient's name gives is left to that; other such functions are those
    of activations.
    """
    known = {n.id for node in body for n in _outside_of_loops(node)}
    for place, node in enumerate(body):
        if isinstance(node, ast.For | ast.While):
            kept = _kept_between_rounds(node)
            before = (n for n in body[:place] if isinstance(n, ast.Assign))
            yield from _functions(node, known, [n for n in before if kept & {s.id for s in names_set(n)}])
        elif isinstance(node, ast.FunctionDef):
            yield from _inside(node)
        elif isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            yield from (made for inner in methods for made in _inside(as_function(inner, node)))


def _inside(function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
    """Those of the loops of a function: each does first what comes before it, but for making parameters."""
    given = frozenset(argument.arg for argument in function.args.args)
    known = {*given}
    before: list[ast.stmt] = []
    for node in function.body:
        if isinstance(node, ast.For | ast.While):
            yield from _functions(node, known, before, given)
        elif isinstance(node, ast.Assign):
            made = {n.id for n in names_set(node)}
            if any(map(is_parameter, made)):
                known |= made
            else:
                before.append(node)


def _kept_between_rounds(loop: ast.For | ast.While) -> set[str]:
    """The names that a round sets and reads before, as a velocity: ``v = mu * v - eta * dW``; parameters aside."""
    made, kept = set[str](), set[str]()
    rounds = [node for node in ast.walk(loop) if isinstance(node, ast.Assign | ast.AugAssign)]
    for node in sorted(rounds, key=lambda node: node.lineno):
        kept |= (names_in(node) if isinstance(node, ast.AugAssign) else names_read(node)) - made
        made |= {n.id for n in names_set(node)}
    return {name for name in kept & made if not is_parameter(name)}


def _outside_of_loops(node: ast.stmt) -> list[ast.Name]:
    if isinstance(node, ast.For | ast.While | ast.FunctionDef | ast.ClassDef):
        return []
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _functions(
    loop: ast.For | ast.While,
    known: Collection[str],
    before: Sequence[ast.stmt],
    given: Collection[str] = frozenset(),
) -> Iterator[ast.FunctionDef]:
    """Those of one loop, or of the loop over minibatches inside it; none where it changes no parameters that stand
    outside of it.

    Args:
        loop: the loop.
        known: the names that have values before it.
        before: the statements that do so, and are not there when a function is called.
        given: the arguments of the function that it stands in, without which these may not run.
    """
    rounds = [node for node in loop.body if isinstance(node, ast.Assign | ast.AugAssign)]
    shown = [] if cost_of(rounds) else [cost for node in loop.body for cost in costs_looked_at(node)]
    if not cost_of([*rounds, *shown]) and (added := cost_added_up(rounds)) is not None:
        shown.append(added)
        rounds = [node for node in rounds if node.lineno != added.lineno]
    rounds = sorted([*rounds, *shown], key=lambda node: node.lineno)
    inner = [node for node in loop.body if isinstance(node, ast.For | ast.While)]
    of_batches = [node for node in inner if any(map(is_step, ast.walk(node)))]
    parts = [node for node in rounds if isinstance(node, ast.Assign) and is_part(node)]
    known = {*known, *data_of(loop), *(n.id for node in parts for n in names_set(node))}
    rounds = [node for node in rounds if node not in parts]
    chosen = [node for part in parts if (node := all_samples(part)) is not None]
    names = {n.id for node in chosen for n in names_set(node)}
    rounds = [*chosen, *(node for node in rounds if not names & {n.id for n in names_set(node)})]
    if of_batches:
        if not any(is_parameter(name) for node in rounds for name in names_read(node)):
            for over_batches in of_batches:
                yield from _functions(over_batches, known, [*before, *rounds], given)
        return
    steps = {id(node): step for node in rounds if (step := step_of(node)) is not None}
    made_here = {n.id for node in rounds for n in names_set(node)}
    rates = {ast.unparse(r) for step in steps.values() if (r := written_rate(step, made_here)) is not None}
    if len(rates) == 1:
        steps = {place: with_named_rate(step, made_here) for place, step in steps.items()}
    parameters = {step.target.id: None for step in steps.values() if isinstance(step.target, ast.Name)}
    gone_through = {n.id for n in names_set(loop.target)} if isinstance(loop, ast.For) else set[str]()
    if not parameters or not {*parameters} <= known - gone_through:
        return
    if take_a_gradient(steps.values(), rounds):
        return
    if (first := first_of(loop)) is not None and not names & {n.id for n in names_set(first)}:
        before = [*before, first]
    computed: list[ast.stmt] = [*before, *(node for node in rounds if id(node) not in steps)]
    whole: list[ast.stmt] = [*before, *(steps.get(id(node), node) for node in rounds)]
    others = [node for node in loop.body if not isinstance(node, ast.Assign | ast.AugAssign)]
    changed = {name for node in others for name in _changed_by(node)} - {
        *known,
        *(cost_of([node]) for node in shown),
    }
    made = [_function("update", loop, _needed(whole, [*parameters]), known, given)]
    if passed := _output([*before, *rounds]):
        made.insert(0, _function("forward", loop, passed[0], known, given, passed[1]))
    if name := cost_of(computed[len(before) :]):
        cost = ast.Name(name, ast.Load())
        kind = "kept_cost" if shown else "total_cost" if is_total(name, computed) else "cost"
        made.insert(0, _function(kind, loop, _needed(computed, [name]), known, given, cost))
    # What is done to a value in some rounds only, or several times in one, is more than these functions do.
    if not any(changed & names_in(function) for function in made):
        yield from made


def _needed(body: Sequence[ast.stmt], wanted: Sequence[str]) -> list[ast.stmt]:
    """The statements from which some names get their values."""
    needed, kept = {*wanted}, list[ast.stmt]()
    for node in reversed(body):
        if not needed.isdisjoint(_changed_by(node)):
            kept.insert(0, node)
            needed |= names_read(node)
    return kept


def _changed_by(node: ast.stmt) -> set[str]:
    """The names that a statement gives a value, or whose value it changes where it is: ``dZ[Z < 0] = 0``,
    ``np.add.at(dW, idx, d)``, ``for d in [dW, db]: np.clip(d, -1, 1, out=d)``."""
    places = [place for inner in ast.walk(node) for place in _changed_in_place(inner)]
    changed = {n.id for place in places for n in ast.walk(place) if isinstance(n, ast.Name)}
    through = [
        n for n in ast.walk(node) if isinstance(n, ast.For) and isinstance(n.iter, ast.List | ast.Tuple)
    ]
    listed = {name for loop in through if changed & names_in(loop.target) for name in names_in(loop.iter)}
    return changed | listed | {n.id for n in names_set(node)}


def _changed_in_place(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Subscript(value=whole, ctx=ast.Store()):
            return [whole]
        case ast.Call(func=ast.Attribute(attr=name), args=[first, *_]) if name in _CHANGES_FIRST:
            return [first]
        case ast.Call(func=ast.Attribute(value=array, attr="fill" | "sort" | "resize")):
            return [array]
        case ast.keyword(arg="out", value=array):
            return [array]
    return []


def _output(computed: Sequence[ast.stmt]) -> tuple[list[ast.stmt], ast.expr] | None:
    """What the labels are subtracted from, or subtracted of, and the statements before it; None where there is none."""
    for place, statement in enumerate(computed):
        for node in ast.walk(statement):
            match node:
                case (
                    ast.BinOp(left=first, op=ast.Sub(), right=second)
                    | ast.Call(func=ast.Attribute(attr="subtract"), args=[first, second])
                ):
                    output = second if _are_labels(first) else first
                    if _are_labels(first) != _are_labels(second) and not isinstance(output, ast.Constant):
                        return _needed(computed[:place], sorted(names_read(output))), output
    return None


def _are_labels(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and meaning(value.id).role == "labels"


def _function(
    kind: str,
    loop: ast.stmt,
    body: list[ast.stmt],
    known: Collection[str],
    given: Collection[str],
    returned: ast.expr | None = None,
) -> ast.FunctionDef:
    """A function of the parameters, data and rates that a round reads, and of what it is given; all else it reads from
    the module."""
    end = [ast.Return(returned)] if returned is not None else []
    needed: dict[str, None] = {}
    made: set[str] = set()
    for node in (*body, *end):
        changed = [node.target] if isinstance(node, ast.AugAssign) else []
        read = [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        needed |= dict.fromkeys(
            n.id for n in [*read, *changed] if isinstance(n, ast.Name) and n.id not in made
        )
        made |= {n.id for n in names_set(node)}
    own = {n for n in needed if n in known and not hasattr(builtins, n)}
    taken = [n for n in needed if n == RATE or (n in own and (n in given or _is_taken(n)))]
    (function,) = ast.parse(f"def {kind}_of_loop_{loop.lineno}({', '.join(taken)}): ...").body
    assert isinstance(function, ast.FunctionDef)
    function.body = copy.deepcopy([*body, *end])
    # All but what was there already stands on the line of the loop.
    for made_here in [function, *ast.walk(function.args), *function.body[len(body) :]]:
        ast.copy_location(made_here, loop)
    return ast.fix_missing_locations(function)


def _is_taken(name: str) -> bool:
    role = meaning(name).role
    settings = is_rate(name) or is_momentum(name) or counted_size(name) is not None
    return is_parameter(name) or role in (*DATA, *SETTINGS) or settings
