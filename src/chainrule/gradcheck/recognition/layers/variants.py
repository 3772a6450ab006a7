"""The variants of a layer's adapter: another stride, another padding, other texts that its constructor takes, labels in
another form."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.program.switch_names import is_mode
from chainrule.gradcheck.recognition.furthest import described
from chainrule.gradcheck.recognition.layers.first_runs import ready
from chainrule.gradcheck.recognition.layers.fitness import HANDED_ON
from chainrule.gradcheck.recognition.layers.fitting import FittingLayer
from chainrule.gradcheck.recognition.layers.looked_at import looks_at
from chainrule.gradcheck.recognition.layers.object_settings import of_layers, of_object
from chainrule.gradcheck.recognition.layers.other_settings import (
    OtherSetting,
    of_call,
    of_kernels,
    of_labels,
)
from chainrule.gradcheck.recognition.layers.penalised import adds, penalised
from chainrule.gradcheck.recognition.layers.plans import LayerPlan
from chainrule.gradcheck.recognition.layers.runs import lines_of_backward
from chainrule.gradcheck.recognition.layers.search import LayerSearch
from chainrule.gradcheck.recognition.layers.shapes import layouts_of_rank, with_more_steps
from chainrule.gradcheck.recognition.layers.split_axes import splits_evenly
from chainrule.gradcheck.recognition.layers.tied import tied
from chainrule.gradcheck.recognition.options import FLAGS
from chainrule.gradcheck.recognition.recognised import Variant

_MOST = 8


def variants(search: LayerSearch, best: FittingLayer) -> list[Variant]:
    """Those that put out something else, and those that do not run, with the reason; at last several at once, as some
    make a difference only together."""
    every = [
        *of_labels(best.plan),
        *of_call(best.plan, search.options),
        *of_object(best.plan),
        *of_layers(best.plan),
        *of_kernels(best.plan),
    ]
    every.sort(key=lambda setting: setting.is_number)
    tried = [(setting, _variant(search, best, setting)) for setting in every[:_MOST]]
    alone = [variant for _, variant in tried if variant is not None]
    # A flag may change what another setting does, and nothing else.
    flags = [setting for setting, variant in tried if variant is None and setting.value in FLAGS]
    # What is added to the cost for one is not known for several.
    ran = [setting for setting, v in tried if v is not None and v.text and v.value == setting.value]
    others = [setting for setting in ran if not setting.is_guessed]
    together = _together(others + flags) if others and flags else None
    at_once = _variant(search, best, together) if together is not None else None
    several = [at_once] if at_once is not None and at_once.text else []
    why = "there are too many settings"
    left = [
        _untried(setting)._replace(why=why, convicts=setting.convicts and not setting.is_number)
        for setting in every[_MOST:]
    ]
    inputs = [*_of_more_steps(search, best), *_of_ranks(search, best), *_of_same_inputs(search, best)]
    return [*alone, *several, *inputs, *left]


def _untried(setting: OtherSetting) -> Variant:
    return Variant(f"{setting.name} of {{}}", setting.given, setting.value, "", "", setting.convicts)


def _together(every: list[OtherSetting]) -> OtherSetting:
    """The first other value of each setting, at once."""
    firsts = list({setting.name: setting for setting in reversed(every)}.values())[::-1]

    def with_all(plan: LayerPlan) -> LayerPlan:
        for setting in firsts:
            plan = setting.put(plan)
        return plan

    names, given, values = (", ".join(getattr(s, of) for s in firsts) for of in ("name", "given", "value"))
    return OtherSetting(names, given, values, with_all, all(setting.convicts for setting in firsts))


def _variant(search: LayerSearch, best: FittingLayer, setting: OtherSetting) -> Variant | None:
    """None where it makes no difference."""
    varied = _untried(setting)
    fitting: FittingLayer | None = None
    try:
        for other in search.fitting(setting.put(best.plan), is_known=True):
            if fitting is None or other.fitness.order > fitting.fitness.order:
                fitting = other
    except Exception as error:
        # Some of the ways to call a backward pass never run.
        if fitting is None and setting.says_the_same:
            return None
        if fitting is None and _forward_runs(search, setting.put(best.plan)):
            # What predicts has no way back, unless this looks at the mode.
            meant = setting.convicts and (not is_mode(setting.name) or looks_at(best.plan, setting.name))
            return varied._replace(why=f"its backward pass does not run: {described(error)}", convicts=meant)
        if fitting is None:
            # What a program does not do itself is no mistake in it.
            return varied._replace(why=f"it does not run: {described(error)}", convicts=False)
    if setting.says_the_same:
        # A gradient that is N times the other's is excused nowhere else.
        same = fitting is not None and np.allclose(fitting.output, best.output)
        return varied._replace(text=fitting.text) if fitting is not None and same else None
    if fitting is not None and setting.is_left_out and adds(search, fitting):
        plan, weight = setting.put(best.plan), float(setting.value)
        fitting = penalised(search, fitting, plan, setting.name, weight)
        if fitting is None:
            return varied._replace(why="what it adds to the gradients is that of no usual penalty")
        value = f"{setting.value} ({fitting.plan.added} added to the cost)"
        return varied._replace(value=value, text=fitting.text)
    if fitting is None or not (fitting.fitness.tells or _is_told_in_mode(setting, fitting)):
        return varied._replace(why="its gradient cannot be told")
    if np.array_equal(fitting.output, best.output) and not (is_mode(setting.name) or setting.of_backward):
        return None
    # A padding adds as much on both sides.
    fits = size_role(setting.name) != "stride" or _fits(best.output.shape, fitting.output.shape)
    written = setting.convicts or (is_mode(setting.name) and _runs_more(search, best, fitting))
    return varied._replace(text=fitting.text, convicts=written and fits)


def _forward_runs(search: LayerSearch, plan: LayerPlan) -> bool:
    """Whether the forward pass runs, so that there is something of which the backward pass gives no gradient."""
    try:
        ready(plan, search.namespace, search.seed)
    except Exception:
        return False
    return True


def _runs_more(search: LayerSearch, best: FittingLayer, fitting: FittingLayer) -> bool:
    """Whether the backward pass of one adapter runs lines that that of the other does not."""
    usual, other = (lines_of_backward([f.text], search.namespace, search.seed) for f in (best, fitting))
    return any(lines - usual.get(code, set()) for code, lines in other.items())


def _is_told_in_mode(setting: OtherSetting, fitting: FittingLayer) -> bool:
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


def _of_more_steps(search: LayerSearch, best: FittingLayer) -> Iterator[Variant]:
    """Inputs of three where there are two, where something goes round a loop: of two steps, one has nothing before it
    and the other nothing behind it, so that what adds up and what replaces are the same."""
    plan = best.plan
    loops = any(f.loops for f in search.file.used([plan.layer.forward, plan.layer.backward]))
    layout = with_more_steps(plan.layout)
    if layout is None or not loops or plan.call.is_loss:
        return
    fitting = _fitting_best(search, replace(plan, layout=layout))
    if fitting is not None and fitting.fitness.tells and fitting.fitness.sized:
        given, value = (" x ".join(map(str, each.inputs)) for each in (plan.layout, layout))
        yield Variant(f"{plan.call.inputs} of {{}}", given, value, fitting.text, "", True)


def _of_same_inputs(search: LayerSearch, best: FittingLayer) -> Iterator[Variant]:
    """Several inputs that are the same, as in self-attention, where the backward pass has lines for that."""
    plan = best.plan
    name, *others = [n for n, kind in plan.call.arrays.items() if kind in ("inputs", "other")] or [""]
    fitting = _fitting_best(search, tied(plan, name, others)) if others else None
    if fitting is not None and fitting.fitness.tells and _runs_more(search, best, fitting):
        words = f"{' and '.join(others)} of {{}}"
        yield Variant(words, "values of their own", f"those of {name}", fitting.text, "", True)


def _fitting_best(search: LayerSearch, plan: LayerPlan) -> FittingLayer | None:
    """What fits best of the adapters of a plan."""
    best = None
    with contextlib.suppress(Exception):
        for fitting in search.fitting(plan):
            if best is None or fitting.fitness.order > best.fitness.order:
                best = fitting
    return best


def _of_rank(search: LayerSearch, plan: LayerPlan, axes: int) -> FittingLayer | None:
    """What fits best of the layouts in which the inputs have so many axes."""
    best = None
    for layout in layouts_of_rank(axes):
        for made in search.made(layout):
            other = replace(plan, layout=layout, made=made)
            fitting = _fitting_best(search, other) if splits_evenly(other) else None
            if fitting is not None and (best is None or fitting.fitness.order > best.fitness.order):
                best = fitting
            if best is not None and best.fitness.best:
                return best
    return best
