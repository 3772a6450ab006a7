"""What all settings have in common: keys that came later, and keys that are no more."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field, ValidationError, model_validator

from chainrule.settings.strict import Strict, explain


class Later(Strict):
    ADDED: ClassVar = ("share", "names")

    rate: float
    share: float = 0.5
    names: list[str] = Field(default_factory=list)


class Renamed(Strict):
    REPLACED: ClassVar = {"width": "write it as widths = [50]", "kind = 'old'": 'write "new"'}

    kind: Literal["new"]
    widths: list[int]


class Other(Strict):
    kind: Literal["other"]


class Document(Strict):
    parts: list[Annotated[Renamed | Other, Field(discriminator="kind")]]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({}, {"rate": 1.0}),
        ({"share": 0.5, "names": []}, {"rate": 1.0}),
        ({"share": 0.1}, {"rate": 1.0, "share": 0.1}),
        ({"names": ["a"]}, {"rate": 1.0, "names": ["a"]}),
    ],
)
def test_keys_that_came_later_are_written_where_they_are_not_at_their_default(given, written):
    settings = Later(rate=1.0, **given)
    assert settings.model_dump(mode="json") == written
    assert Later.model_validate(written) == settings


def lines(**document):
    with pytest.raises(ValidationError) as caught:
        Document.model_validate(document)
    return explain(caught.value, Document)


def test_a_key_that_is_no_more_says_what_to_write_and_nothing_else_is_said_to_be_missing():
    assert lines(parts=[{"kind": "new", "width": 50}]) == [
        "parts.0.new.width: was of version 0.1.0; write it as widths = [50]"
    ]
    assert lines(parts=[{"kind": "new", "with": 50}]) == [
        "parts.0.new.widths: is missing and has no default; add it",
        "parts.0.new.with: is no known key; did you mean 'widths'?",
    ]


def test_a_value_that_is_no_more_says_what_to_write():
    assert lines(parts=[{"kind": "old", "width": 50}]) == [
        "parts.0.kind = 'old': was of version 0.1.0; write \"new\""
    ]
    assert lines(parts=[{"kind": "olde"}]) == ["parts.0.kind = 'olde': known: new, other"]


def test_long_values_and_places_are_cut_and_many_problems_counted():
    (line,) = lines(parts=[{"kind": "new", "widths": "5" * 10_000}])
    assert line.endswith(": should be a valid list")
    assert len(line) < 300
    (line,) = lines(parts=[{"kind": "new", "widths": [1], "a\nb" * 1000: 1}])
    assert "\n" not in line
    assert len(line) < 400
    *first, last = lines(parts=[{"kind": "new", "widths": ["x"] * 1000}])
    assert (len(first), last) == (50, "and 950 more")


def test_problems_of_the_whole_are_told_once_and_counted_too():
    class Whole(Strict):
        @model_validator(mode="after")
        def _none_is_right(self) -> Whole:
            raise ValueError("\n".join(f"problem {number % 60}" for number in range(1000)))

    with pytest.raises(ValidationError) as caught:
        Whole()
    *first, last = explain(caught.value, Whole)
    assert (first, last) == ([f"problem {number}" for number in range(50)], "and 10 more")
