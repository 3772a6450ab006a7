"""The variants of a layer's adapter: another stride, another padding, other texts that its constructor takes, labels in
another form."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.program.names import OTHER_MODES, is_mode, is_training, meaning
from chainrule.gradcheck.program.signatures import Argument, Function
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.fitness import HANDED_ON
from chainrule.gradcheck.recognition.layers.pairs import layers_of
from chainrule.gradcheck.recognition.layers.parts import called_by
from chainrule.gradcheck.recognition.layers.penalised import adds, penalised
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.runs import lines_of_backward
from chainrule.gradcheck.recognition.layers.search import FittingLayer, LayerSearch
from chainrule.gradcheck.recognition.layers.settings import KEPT, another
from chainrule.gradcheck.recognition.layers.shapes import is_one_hot, layouts_of_rank, with_other_labels
from chainrule.gradcheck.recognition.options import FLAGS
from chainrule.gradcheck.recognition.recognised import Variant

_MOST = 6
_PENALTY = "0.1"
_OTHER_SIZES = {"stride": {"1": "2", "2": "1"}, "padding": {"0": "1", "1": "0", "2": "1"}}


class _OtherSetting(NamedTuple):
    """Something that a layer may be set to otherwise.

    Attributes:
        put: gives a plan with it, of one without.
        convicts: whether the backward pass is written for it as well.
        says_the_same: whether it is the same data in another form, which a layer may not take: it counts where the
            forward pass makes the same of it.
    """

    name: str
    given: str
    value: str
    put: Callable[[LayerPlan], LayerPlan]
    convicts: bool = True
    says_the_same: bool = False


def variants(search: LayerSearch, best: FittingLayer) -> list[Variant]:
    """Those that put out something else, and those that do not run, with the reason; at last several at once, as some
    make a difference only together."""
    every = [*_of_labels(best.plan), *_of_call(best.plan, search.options), *_of_object(best.plan)][:_MOST]
    tried = [(setting, _variant(search, best, setting)) for setting in every]
    alone = [variant for _, variant in tried if variant is not None]
    # A flag may change what another setting does, and nothing else.
    flags = [setting for setting, variant in tried if variant is None and setting.value in FLAGS]
    others = [setting for setting, variant in tried if variant is not None and variant.text]
    together = _together(others + flags) if others and flags else None
    at_once = _variant(search, best, together) if together is not None else None
    return [*alone, *([at_once] if at_once is not None and at_once.text else []), *_of_ranks(search, best)]


def _together(every: list[_OtherSetting]) -> _OtherSetting:
    """The first other value of each setting, at once."""
    firsts = list({setting.name: setting for setting in reversed(every)}.values())[::-1]

    def with_all(plan: LayerPlan) -> LayerPlan:
        for setting in firsts:
            plan = setting.put(plan)
        return plan

    names, given, values = (", ".join(getattr(s, of) for s in firsts) for of in ("name", "given", "value"))
    return _OtherSetting(names, given, values, with_all, all(setting.convicts for setting in firsts))


def _variant(search: LayerSearch, best: FittingLayer, setting: _OtherSetting) -> Variant | None:
    """None where it makes no difference."""
    varied = Variant(f"{setting.name} of {{}}", setting.given, setting.value, "", "", setting.convicts)
    fitting: FittingLayer | None = None
    try:
        for other in search.fitting(setting.put(best.plan), is_known=True):
            if fitting is None or other.fitness.order > fitting.fitness.order:
                fitting = other
    except Exception as error:
        # Some of the ways to call a backward pass never run.
        if fitting is None:
            return (
                None if setting.says_the_same else varied._replace(why=f"it does not run: {described(error)}")
            )
    if setting.says_the_same:
        # A gradient that is N times the other's is excused nowhere else.
        same = fitting is not None and np.allclose(fitting.output, best.output)
        return varied._replace(text=fitting.text) if fitting is not None and same else None
    if fitting is not None and _is_nothing(setting.given) and adds(search, fitting):
        fitting = penalised(search, fitting, setting.put(best.plan), float(setting.value))
        if fitting is None:
            return varied._replace(why="what it adds to the gradients is that of no usual penalty")
        value = f"{setting.value} ({fitting.plan.added} added to the cost)"
        return varied._replace(value=value, text=fitting.text)
    if fitting is None or not (fitting.fitness.tells or _is_told_in_mode(setting, fitting)):
        return varied._replace(why="its gradient cannot be told")
    if np.array_equal(fitting.output, best.output) and not is_mode(setting.name):
        return None
    # A padding adds as much on both sides.
    fits = size_role(setting.name) != "stride" or _fits(best.output.shape, fitting.output.shape)
    written = setting.convicts or (is_mode(setting.name) and _runs_more(search, best, fitting))
    return varied._replace(text=fitting.text, convicts=written and fits)


def _runs_more(search: LayerSearch, best: FittingLayer, fitting: FittingLayer) -> bool:
    """Whether the backward pass of one adapter runs lines that that of the other does not."""
    usual, other = (lines_of_backward([f.text], search.namespace, search.seed) for f in (best, fitting))
    return any(lines - usual.get(code, set()) for code, lines in other.items())


def _is_told_in_mode(setting: _OtherSetting, fitting: FittingLayer) -> bool:
    """Whether dJ/dout that is handed on unchanged is wrong: in another mode no loss does a layer's part."""
    return is_mode(setting.name) and fitting.fitness.doubt == HANDED_ON


def _fits(before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether windows that are twice as far apart as before end where the inputs do: code may be written for such."""
    pairs = zip(before, now, strict=False)
    return len(before) == len(now) and all(a <= b or (a - 1) % 2 == 0 for a, b in pairs)


def _of_ranks(search: LayerSearch, best: FittingLayer) -> Iterator[Variant]:
    """The inputs with other numbers of axes, where the backward pass picks these out: it is written for them."""
    plan = best.plan
    if plan.found or plan.call.is_loss:
        return
    own = len(plan.layout.inputs)
    written_for = {rank for function in search.file.used([plan.layer.backward]) for rank in function.ranks}
    for axes in sorted(written_for - {own}):
        fitting = _of_rank(search, plan, axes)
        if fitting is not None and fitting.fitness.tells and fitting.fitness.sized:
            words = f"{plan.call.inputs} of {{}} axes"
            yield Variant(words, str(own), str(axes), fitting.text, "", True)


def _of_rank(search: LayerSearch, plan: LayerPlan, axes: int) -> FittingLayer | None:
    """What fits best of the layouts in which the inputs have so many axes."""
    best = None
    for layout in layouts_of_rank(axes):
        for made in search.made(layout):
            with contextlib.suppress(Exception):
                for fitting in search.fitting(replace(plan, layout=layout, made=made)):
                    if best is None or fitting.fitness.order > best.fitness.order:
                        best = fitting
            if best is not None and best.fitness.best:
                return best
    return best


def _of_labels(plan: LayerPlan) -> Iterator[_OtherSetting]:
    """The labels as one-hot vectors where they are class indices, and the other way round: code that takes both has its
    own line for each."""
    labels = [name for name, kind in plan.call.arrays.items() if kind == "labels"]
    other = None if plan.found else with_other_labels(plan.layout)
    if other is not None and len(labels) == 1:
        forms = ["one-hot vectors", "class indices"]
        given, value = forms if is_one_hot(plan.layout) else forms[::-1]

        def put(plan: LayerPlan) -> LayerPlan:
            return replace(plan, layout=other)

        yield _OtherSetting(labels[0], given, value, put, says_the_same=True)


def _of_call(plan: LayerPlan, options: Mapping[str, str]) -> Iterator[_OtherSetting]:
    """Strides, paddings and other settings that the forward pass takes, alone or in a dictionary."""
    arguments = plan.layer.forward.arguments
    own = {a.name for a in arguments}
    alone = [a for a in plan.layer.backward.arguments if a.name not in own]
    defaults = {a.name: a.default for a in arguments if not a.required and a.name not in plan.call.given}
    for name, given in {**defaults, **plan.call.set_to}.items():
        convicts = _is_written_for(plan, name, given)
        for value in [*_others(name, given), *_other_modes(plan, name, given)]:
            yield _OtherSetting(name, given, value, _called_with(options, name, value), convicts)
    # Of what the backward pass alone takes, the weight of a penalty is told.
    defaults |= {a.name: a.default for a in alone if not a.required}
    defaults |= {a.name: "0.0" for a in alone if a.required and meaning(a.name).role == "l2"}
    for name, given in {**defaults, **plan.call.set_to}.items():
        if _is_weight(plan, name, given):
            yield _OtherSetting(name, given, _PENALTY, _called_with(options, name, _PENALTY))


def _is_weight(plan: LayerPlan, name: str, given: str) -> bool:
    """Whether a setting is the weight of a penalty, which is left out: by its name, or as the backward pass looks at a
    number that is 0 and no size."""
    if not _is_nothing(given) or another(name, given):
        return False
    is_l2 = meaning(name).role == "l2" and name.lower() != "alpha"
    return is_l2 or (given == "0.0" and bool(_own_names(plan, name) & _looked_at(plan)))


def _called_with(options: Mapping[str, str], name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose forward pass is called with another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        set_to = {**options, **plan.call.set_to, name: value}
        return replace(plan, call=called_with(plan.layer, plan.file, set_to))

    return put


def _is_written_for(plan: LayerPlan, name: str, given: str) -> bool:
    """Whether a backward pass is written for all values of a setting: one that never looks at a flag is not, nor is a
    function that never looks at an axis. Strides, paddings and factors need not be looked at, as what the forward pass
    leaves may say enough of them."""
    if _own_names(plan, name) & _looked_at(plan) or size_role(name):
        return True
    taken = {a.name for a in plan.layer.forward.arguments}
    own = [a for a in plan.layer.backward.arguments if not a.required and a.name not in taken]
    return given not in FLAGS and not own and (name not in KEPT or bool(plan.layer.owner))


def _is_nothing(given: str) -> bool:
    return given in ("0.0", "0")


def _own_names(plan: LayerPlan, name: str) -> set[str]:
    """What a setting is called: an argument, and the attributes that have its value."""
    return {name, *(attribute for attribute, of in _kept(plan) if of == name)}


def _kept(plan: LayerPlan) -> tuple[tuple[str, str], ...]:
    """The attributes that have the values of arguments of the constructor, and these."""
    constructor = plan.file.constructors.get(plan.layer.owner)
    return constructor.attributes.kept if constructor is not None else ()


def _other_modes(plan: LayerPlan, name: str, given: str) -> list[str]:
    """The other mode, and the other value of a flag that the backward pass looks at as well: it is written for both."""
    if not is_mode(name) and name not in _looked_at(plan):
        return []
    if given in FLAGS:
        return [FLAGS[given]]
    text = given.strip("\"'")
    return [f'"{OTHER_MODES[text]}"'] if is_mode(name) and text in OTHER_MODES else []


def _looked_at(plan: LayerPlan) -> set[str]:
    """The names that say what a backward pass looks at, itself or in what it calls: arguments and variables, attributes
    and keys."""
    functions = plan.file.used([plan.layer.backward, *_ways_back_inside(plan)])
    nests = [nest for f in functions for nest in (*f.keys.values(), *f.fields.values())]
    return {
        *(a.name for f in functions for a in f.arguments),
        *(name for f in functions for name in (*f.reads, *f.attributes.reads)),
        *(name for nest in nests for name in nest),
    }


def _ways_back_inside(plan: LayerPlan) -> list[Function]:
    """The backward passes of the layers that a layer's object holds."""
    made = ast.walk(ast.parse(plan.made.text or "None", mode="eval"))
    owners = {node.id for node in made if isinstance(node, ast.Name)}
    inside = called_by(plan.layer, plan.file)
    every = layers_of(plan.file)
    return [pair.backward for pair in every if pair.owner in owners or pair.backward in inside]


def _of_object(plan: LayerPlan) -> Iterator[_OtherSetting]:
    """Settings and texts that the constructor takes."""
    given = _made_with(plan)
    if given is None:
        return
    constructor = plan.file.constructors[plan.layer.owner]
    for argument in constructor.arguments:
        name = argument.name
        text = given.get(name, argument.default)
        is_text = text[:1] in ("'", '"') and not is_mode(name) and text.strip("\"'") not in OTHER_MODES
        texts = [value for value in plan.file.options.get(name, ()) if is_text and value != text]
        flags = [FLAGS[text]] if text in FLAGS and not is_mode(name) else []
        for value in [
            *_others(name, text),
            *texts,
            *flags,
            *_equal_size(argument, constructor, given),
        ]:
            convicts = bool(texts) or _is_written_for(plan, name, text)
            yield _OtherSetting(name, text, value, _with_argument(name, value), convicts)
        if _is_weight(plan, name, text):
            yield _OtherSetting(name, text, _PENALTY, _with_argument(name, _PENALTY))
    defaults = {argument.name: argument.default for argument in constructor.arguments}
    kept = {attribute: defaults.get(name, "") for attribute, name in constructor.attributes.kept}
    for name, value in {**dict(constructor.attributes.constants), **kept}.items():
        if name in kept and not is_mode(name):
            continue
        # It is in training, whatever it was made in.
        own = "True" if is_training(name) and value in FLAGS else value
        for other in _other_modes(plan, name, own):
            yield _OtherSetting(name, own, other, _holding(name, other), name in _looked_at(plan))


def _holding(name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose object holds another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        return replace(plan, put=(*plan.put, (name, value)))

    return put


def _made_with(plan: LayerPlan) -> dict[str, str] | None:
    """What the constructor is given, by argument; None where the object is made otherwise."""
    made = ast.parse(plan.made.text, mode="eval").body if plan.made.text else None
    if not isinstance(made, ast.Call):
        return None
    return {k.arg: ast.unparse(k.value) for k in made.keywords if k.arg is not None}


def _with_argument(name: str, value: str) -> Callable[[LayerPlan], LayerPlan]:
    """Gives a plan whose constructor is given another value."""

    def put(plan: LayerPlan) -> LayerPlan:
        arguments = {**(_made_with(plan) or {}), name: value}
        made = f"{plan.layer.owner}({', '.join(f'{key}={text}' for key, text in arguments.items())})"
        return replace(plan, made=plan.made._replace(text=made))

    return put


def _equal_size(argument: Argument, constructor: Function, given: Mapping[str, str]) -> list[str]:
    """The size with which this one is compared, where it is another: a residual branch may be a layer's own then."""
    others = [pair - {argument.name} for pair in constructor.compared if argument.name == max(pair)]
    sizes = [given.get(other, "") for names in others for other in names]
    return [size for size in sizes if size not in ("", given.get(argument.name))]


def _others(name: str, given: str) -> list[str]:
    """Other values of a stride, a padding, an axis or a factor; none of what is none of these."""
    if name in KEPT:
        return ["1" if given == "0" else "0"]
    other = _OTHER_SIZES.get(size_role(name) or "", {}).get(given) or another(name, given)
    return [other] if other else []
