"""Weights of samples and classes that count alike unless they are given: ``sample_weight=None``, of a function or of
what makes an object. A gradient that leaves them out shows where they are given, and differ."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chainrule.gradcheck.program.names import weighted_by
from chainrule.gradcheck.recognition.calling import AdapterPlan, sample_count
from chainrule.gradcheck.recognition.options import Option
from chainrule.gradcheck.recognition.other_plans import made_as, made_by, with_argument, with_made

_NOT_GIVEN = "None"
_FORMS = ("{given}", "{given}[:, {np}.newaxis]", "{given}[{np}.newaxis]")
# Whole numbers that an object keeps are none of its parameters.
_FORMS_OF_CLASSES = (*_FORMS, "dict(enumerate({given}))", "0.7", "{np}.arange(1, 1 + {count})")


def weight_options(plan: AdapterPlan) -> Iterator[Option]:
    """Each of them, with all that it may be meant to be: weights of every shape, a dictionary by class, one number."""
    functions = [f for f in plan.functions[:2] if f is not None]
    for argument in functions[0].arguments:
        shared = all(argument.name in (a.name for a in f.arguments) for f in functions)
        if argument.default == _NOT_GIVEN and argument.name not in plan.options and shared:
            yield from _weights(
                plan, argument.name, Option("", "", [], partial(with_argument, plan, argument.name))
            )
    constructor, call = made_by(plan)
    if constructor is None or call is None:
        return
    given = {keyword.arg for keyword in call.keywords}
    for argument in constructor.arguments:
        # When an object is made there are no samples yet.
        if (
            argument.default == _NOT_GIVEN
            and argument.name not in given
            and weighted_by(argument.name) == "classes"
        ):
            yield from _weights(
                plan,
                argument.name,
                Option("", "", [], partial(with_made, plan, made_as(plan), argument.name)),
            )


def _weights(plan: AdapterPlan, name: str, option: Option) -> Iterator[Option]:
    of, numpy = weighted_by(name), plan.file.numpy_name
    count = sample_count(plan) if of == "samples" else str(plan.convention.sizes.classes)
    if of is not None and count:
        given, forms = (
            f"{numpy}.linspace(0.5, 1.5, {count})",
            _FORMS_OF_CLASSES if of == "classes" else _FORMS,
        )
        texts = [form.format(given=given, np=numpy, count=count) for form in forms]
        yield option._replace(name=name, given=_NOT_GIVEN, others=texts, certain=True)
