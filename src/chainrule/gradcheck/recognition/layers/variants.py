"""The variants of a layer's adapter: another stride, another padding, other texts that its constructor takes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from chainrule.gradcheck.program.names import OTHER_MODES, is_mode, is_training
from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.calls import called_with
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.search import FittingLayer, LayerSearch
from chainrule.gradcheck.recognition.layers.settings import KEPT
from chainrule.gradcheck.recognition.recognised import Variant

_MOST = 4
_FLAGS = {"True": "False", "False": "True"}
_OTHER_SIZES = {"stride": {"1": "2", "2": "1"}, "padding": {"0": "1", "1": "0", "2": "1"}}


class _OtherSetting(NamedTuple):
    """Something that a layer may be set to otherwise, and the plan with it.

    Attributes:
        convicts: whether the backward pass is written for it as well.
    """

    name: str
    given: str
    value: str
    plan_with: Callable[[], LayerPlan]
    convicts: bool = True


def variants(search: LayerSearch, best: FittingLayer) -> list[Variant]:
    """Those that put out something else, and those that do not run, with the reason."""
    every = [*_of_call(best.plan, search.options), *_of_object(best.plan)][:_MOST]
    return [variant for setting in every if (variant := _variant(search, best, setting)) is not None]


def _variant(search: LayerSearch, best: FittingLayer, setting: _OtherSetting) -> Variant | None:
    """None where it makes no difference."""
    varied = Variant(f"{setting.name} of {{}}", setting.given, setting.value, "", "", True)
    fitting: FittingLayer | None = None
    try:
        for other in search.fitting(setting.plan_with()):
            if fitting is None or other.fitness.order > fitting.fitness.order:
                fitting = other
    except Exception as error:
        # Some of the ways to call a backward pass never run.
        if fitting is None:
            return varied._replace(why=f"it does not run: {described(error)}")
    if fitting is None or not fitting.fitness.tells:
        return varied._replace(why="its gradient cannot be told")
    if np.array_equal(fitting.output, best.output):
        return None
    convicts = setting.convicts and _fits(best.output.shape, fitting.output.shape)
    return varied._replace(text=fitting.text, convicts=convicts)


def _fits(before: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether windows that are twice as far apart as before end where the inputs do: code may be written for such."""
    pairs = zip(before, now, strict=False)
    return len(before) == len(now) and all(a <= b or (a - 1) % 2 == 0 for a, b in pairs)


def _of_call(plan: LayerPlan, options: Mapping[str, str]) -> Iterator[_OtherSetting]:
    """Strides and paddings that the forward pass takes, alone or in a dictionary."""
    for name, given in plan.call.set_to.items():
        for value in [*_others(name, given), *_other_modes(plan, name, given)]:

            def with_value(name: str = name, value: str = value) -> LayerPlan:
                return replace(
                    plan,
                    call=called_with(plan.layer, plan.file, {**options, **plan.call.set_to, name: value}),
                )

            yield _OtherSetting(name, given, value, with_value, _is_written_for(plan, name))


def _is_written_for(plan: LayerPlan, name: str) -> bool:
    """Whether a backward pass is written for all values of a setting: one that never looks at an axis is not."""
    return name not in KEPT or name in _looked_at(plan)


def _other_modes(plan: LayerPlan, name: str, given: str) -> list[str]:
    """The other mode or value of a flag that the backward pass looks at as well: it is written for both."""
    if name not in _looked_at(plan):
        return []
    if is_mode(name):
        text = given.strip("\"'")
        return (
            [_FLAGS[given]] if given in _FLAGS else [f'"{OTHER_MODES[text]}"'] if text in OTHER_MODES else []
        )
    return [_FLAGS[given]] if given in _FLAGS else []


def _looked_at(plan: LayerPlan) -> set[str]:
    """The names that say what a backward pass looks at, itself or in what it calls: arguments and variables, attributes
    and keys."""
    functions = plan.file.used([plan.layer.backward])
    nests = [nest for f in functions for nest in (*f.keys.values(), *f.fields.values())]
    return {
        *(a.name for f in functions for a in f.arguments),
        *(name for f in functions for name in (*f.reads, *f.attributes.reads)),
        *(name for nest in nests for name in nest),
    }


def _of_object(plan: LayerPlan) -> Iterator[_OtherSetting]:
    """Strides, paddings and texts that the constructor takes."""
    made = ast.parse(plan.made.text, mode="eval").body if plan.made.text else None
    if not isinstance(made, ast.Call):
        return
    given = {k.arg: ast.unparse(k.value) for k in made.keywords if k.arg is not None}
    for argument in plan.file.constructors[plan.layer.owner].arguments:
        name = argument.name
        text = given.get(name, argument.default)
        is_text = text[:1] in ("'", '"') and not is_mode(name) and text.strip("\"'") not in OTHER_MODES
        texts = [value for value in plan.file.options.get(name, ()) if is_text and value != text]
        for value in [*_others(name, text), *texts]:

            def with_value(name: str = name, value: str = value) -> LayerPlan:
                arguments = ", ".join(f"{key}={v}" for key, v in {**given, name: value}.items())
                return replace(plan, made=plan.made._replace(text=f"{plan.layer.owner}({arguments})"))

            yield _OtherSetting(name, text, value, with_value, _is_written_for(plan, name))
    for name, value in plan.file.constructors[plan.layer.owner].attributes.constants:
        if is_training(name) and value in _FLAGS and name in _looked_at(plan):

            def in_mode(name: str = name) -> LayerPlan:
                return replace(plan, put=(*plan.put, (name, "False")))

            yield _OtherSetting(name, "True", "False", in_mode)


def _others(name: str, given: str) -> list[str]:
    """Other values of a stride or a padding; none of what is neither."""
    if name in KEPT:
        return ["1" if given == "0" else "0"]
    other = _OTHER_SIZES.get(size_role(name) or "", {}).get(given)
    return [other] if other is not None else []
