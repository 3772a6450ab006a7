"""Strict records: known keys of the right type only, and every problem said in one line with its repair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from chainrule.errors import suggestion
from chainrule.settings.choice import Choice


class Strict(BaseModel):
    """A frozen record that takes known keys of the right type only."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


def explain(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """What is wrong with the input of ``model``, one line a problem: place, value, problem, repair.

    >>> class Rate(Strict):
    ...     rate: float
    >>> try:
    ...     Rate.model_validate({"rte": 0.1})
    ... except ValidationError as error:
    ...     explain(error, Rate)
    ['rate: is missing and has no default; add it', "rte: is no known key; did you mean 'rate'?"]
    """
    problems = error.errors()
    inner = {problem["loc"][:depth] for problem in problems for depth in range(len(problem["loc"]))}
    # Where an item was refused, pydantic also finds the list too short.
    real = [item for item in problems if not (item["type"] == "too_short" and item["loc"] in inner)]
    return [line for problem in real for line in _explain_one(dict(problem), model)]


def _explain_one(problem: dict[str, Any], model: type[BaseModel]) -> Iterable[str]:
    place, value, kind = [str(step) for step in problem["loc"]], problem["input"], problem["type"]
    context = problem.get("ctx", {})
    if kind == "missing":
        return [f"{'.'.join(place)}: is missing and has no default; add it"]
    if kind == "extra_forbidden":
        return [f"{'.'.join(place)}: is no known key; {suggestion(place[-1], _siblings(model, place[:-1]))}"]
    if kind == "value_error" and not place:
        return str(context["error"]).split("\n")
    if kind == "literal_error" and isinstance(value, str):
        return [f"{'.'.join(place)} = {value!r}: {suggestion(value, _names(context['expected']))}"]
    if kind == "union_tag_not_found":
        return [
            f"{'.'.join(place)}.{context['discriminator'].strip(chr(39))}: is missing and has no default; add it"
        ]
    if kind == "union_tag_invalid":
        return [
            f"{'.'.join(place)}.{context['discriminator'].strip(chr(39))} = {context['tag']!r}: "
            f"{suggestion(context['tag'], _names(context['expected_tags']))}"
        ]
    message = (
        str(context["error"]) if kind == "value_error" else problem["msg"].replace("Input should", "should")
    )
    return [f"{'.'.join(place)} = {value!r}: {message}"]


def _names(listed: str) -> list[str]:
    """The names in pydantic's "'a', 'b' or 'c'"."""
    return re.findall(r"'([^']*)'", listed)


def _siblings(model: type[BaseModel], place: Iterable[str]) -> Iterable[str]:
    """The keys that the part of ``model`` at ``place`` takes."""
    models = [model]
    for step in place:
        fields = [field for here in models if (field := here.model_fields.get(step))]
        # The step may be the tag that tells one model of a union from the others.
        tagged = [
            here
            for here in models
            if any(step in get_args(field.annotation) for field in here.model_fields.values())
        ]
        models = [nested for field in fields for nested in _nested(field)] or tagged or models
    return {key for here in models for key in here.model_fields}


def _nested(field: FieldInfo) -> Iterator[type[BaseModel]]:
    """The models of a field: those of its annotation, or of the components that it chooses from."""
    choices = [item for item in field.metadata if isinstance(item, Choice)]
    yield from (table for choice in choices for table in choice.tables)
    if not choices:
        yield from _models(field.annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
