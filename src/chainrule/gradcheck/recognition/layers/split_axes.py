"""Whether a number of groups or of heads divides what it splits: ``x.reshape(n, groups, -1)`` runs where it does not,
and what counts the channels of a group is wrong there."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from itertools import product

from chainrule.gradcheck.program.size_names import size_role
from chainrule.gradcheck.recognition.layers.held_settings import settings_in
from chainrule.gradcheck.recognition.layers.named_sizes import says_how_many
from chainrule.gradcheck.recognition.layers.plans import LayerPlan

_WIDTHS = ("input channels", "input size", "hidden size")


def splits_evenly(plan: LayerPlan) -> bool:
    """Whether a number of groups or heads with which a layer is tried divides the features of its inputs; so it is
    where there is no such number. Of several, as of heads in groups, one may split the others."""
    settings = [(name, int(text)) for name, text in _settings(plan) if text.isdecimal()]
    numbers = [number for name, number in settings if number and says_how_many(name)]
    features = _features(plan, settings)
    return not (numbers and features) or any(each % n == 0 for each, n in product(features, numbers))


def _features(plan: LayerPlan, settings: list[tuple[str, int]]) -> list[int]:
    """How many features the inputs may have; where their shape is found by trying, as many as the object is told."""
    if plan.found:
        return [number for name, number in settings if size_role(name) in _WIDTHS]
    return [math.prod(plan.layout.features)] if plan.layout.features else []


def _settings(plan: LayerPlan) -> Iterator[tuple[str, str]]:
    """The settings of both passes, and those of the object: what its constructor gets and what it writes down."""
    yield from plan.call.set_to.items()
    made = ast.parse(plan.made.text, mode="eval") if plan.made.text else ast.Module([], [])
    given = [(k.arg, ast.unparse(k.value)) for k in ast.walk(made) if isinstance(k, ast.keyword) and k.arg]
    yield from given
    yield from settings_in([text for _, text in given]).items()
    constructor = plan.file.constructors.get(plan.layer.owner)
    yield from constructor.attributes.constants if constructor else ()
