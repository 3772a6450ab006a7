"""Strict records: known keys of the right type only, and every problem said in one line with its repair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, get_args

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, ValidationError, model_serializer
from pydantic.fields import FieldInfo

from chainrule.errors import suggestion
from chainrule.settings.choice import Choice
from chainrule.text import one_line
from chainrule.version import FIRST

_LONGEST = 200
"""Characters of a value or a place in a line."""

_MOST = 50
"""Problems that are told one by one."""


class Strict(BaseModel):
    """A frozen record that takes known keys of the right type only.

    Attributes:
        ADDED: keys that came after version 0.1.0. What is written names them only where they are not at their
            default, so that a net of that version keeps its id, and its folder goes on.
        REPLACED: keys that version 0.1.0 had and this one has not, or ``key = 'value'``, and what to write instead.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)

    ADDED: ClassVar[tuple[str, ...]] = ()
    REPLACED: ClassVar[Mapping[str, str]] = {}

    @model_serializer(mode="wrap")
    def _without_usual(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields = type(self).model_fields
        defaults = {name: fields[name].get_default(call_default_factory=True) for name in self.ADDED}
        usual = {name for name, default in defaults.items() if getattr(self, name) == default}
        return {name: value for name, value in plain(self).items() if name not in usual}


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
    # Where keys have been replaced, what replaces them is missing.
    old = {item["loc"][:-1] for item in real if _replacement(item["loc"], model)}
    real = [item for item in real if not (item["type"] == "missing" and item["loc"][:-1] in old)]
    lines = list(dict.fromkeys(line for problem in real for line in _explain_one(dict(problem), model)))
    return [*lines[:_MOST], f"and {len(lines) - _MOST} more"] if len(lines) > _MOST else lines


def _explain_one(problem: dict[str, Any], model: type[BaseModel]) -> Iterable[str]:
    steps, value, kind = [str(step) for step in problem["loc"]], problem["input"], problem["type"]
    place, context = one_line(".".join(steps), _LONGEST), problem.get("ctx", {})
    if kind == "missing":
        return [f"{place}: is missing and has no default; add it"]
    if kind == "extra_forbidden":
        if repair := _replacement(problem["loc"], model):
            return [f"{place}: was of version {FIRST}; {repair}"]
        return [f"{place}: is no known key; {suggestion(steps[-1], _siblings(model, steps[:-1]))}"]
    if kind == "value_error" and not steps:
        return str(context["error"]).split("\n")
    if kind == "literal_error" and isinstance(value, str):
        return [f"{place} = {shown(value)}: {suggestion(value, _names(context['expected']))}"]
    if kind == "union_tag_not_found":
        return [f"{place}.{context['discriminator'].strip(chr(39))}: is missing and has no default; add it"]
    if kind == "union_tag_invalid":
        tagged = f"{context['discriminator'].strip(chr(39))} = {shown(context['tag'])}"
        if repair := _replacement((*problem["loc"], tagged), model):
            return [f"{place}.{tagged}: was of version {FIRST}; {repair}"]
        return [f"{place}.{tagged}: {suggestion(context['tag'], _names(context['expected_tags']))}"]
    message = (
        str(context["error"]) if kind == "value_error" else problem["msg"].replace("Input should", "should")
    )
    return [f"{place} = {shown(value)}: {message}"]


def shown(value: object) -> str:
    """A value as Python writes it, on one line, cut where that is long.

    >>> shown("a"), len(shown([0] * 1000))
    ("'a'", 203)
    """
    return one_line(repr(value), _LONGEST)


def _names(listed: str) -> list[str]:
    """The names in pydantic's "'a', 'b' or 'c'"."""
    return re.findall(r"'([^']*)'", listed)


def _replacement(place: Sequence[int | str], model: type[BaseModel]) -> str | None:
    """What is to be written in the place of a key that is no more."""
    *outer, key = map(str, place) if place else [""]
    return next(
        (
            here.REPLACED[key]
            for here in _parts(model, outer)
            if issubclass(here, Strict) and key in here.REPLACED
        ),
        None,
    )


def _siblings(model: type[BaseModel], place: Iterable[str]) -> Iterable[str]:
    """The keys that the part of ``model`` at ``place`` takes."""
    return {key for here in _parts(model, place) for key in here.model_fields}


def _parts(model: type[BaseModel], place: Iterable[str]) -> list[type[BaseModel]]:
    """What the part of ``model`` at ``place`` may be."""
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
    return models


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
