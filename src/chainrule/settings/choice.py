"""A setting that chooses a component: what is written is read as the registry's components say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from chainrule.components.registry import Component, Registry
from chainrule.errors import suggestion


@dataclass(frozen=True, eq=False)
class Choice:
    """Annotates a setting: its value is a component's name, its table, or what it takes in the place of one. The name
    of one whose table has defaults alone stands for these."""

    registry: Registry[Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """How pydantic reads it, and writes it."""
        plain = core_schema.plain_serializer_function_ser_schema(_plain)
        return core_schema.no_info_plain_validator_function(self.read, serialization=plain)

    @property
    def tables(self) -> list[type[BaseModel]]:
        """The models of those components that have a table."""
        return [component.table for component in self._components if component.table]

    @property
    def _components(self) -> list[Component]:
        return list(self.registry.values())

    def read(self, value: Any) -> Any:
        """The setting's value.

        Raises:
            ValueError: it chooses no component; what to write instead.
            ValidationError: what is wrong with its table.
        """
        candidates = self._components
        if isinstance(value, Mapping) and (tables := [one for one in candidates if one.table]):
            # What shares most keys is what was meant, and can say which are wrong.
            return max(tables, key=lambda one: len(value.keys() & _keys(one))).reader.validate_python(value)
        for component in candidates:
            if component.settings is None or component.table:
                if component.table and value == component.name and _has_defaults(component.table):
                    return component.table()
                if component.chosen_by(value):
                    return value
            elif (read := _read(component, value)) is not None:
                return read
        raise ValueError(self._repair(value))

    def _repair(self, value: Any) -> str:
        forms = [component.written for component in self._components]
        if any(component.settings is not None for component in self._components):
            return f"write {_either(forms)}"
        if isinstance(value, str):
            return suggestion(value, self.registry)
        return f"should be {_either([repr(name) for name in self.registry])}"


def _keys(component: Component) -> Iterable[str]:
    return component.table.model_fields.keys() if component.table else ()


def _has_defaults(table: type[BaseModel]) -> bool:
    """Whether the name of its component says all."""
    return not any(field.is_required() for field in table.model_fields.values())


def _read(component: Component, value: Any) -> Any:
    """What a component takes that has no table; None where this is nothing of the kind."""
    try:
        return component.reader.validate_python(value, strict=True)
    except ValidationError:
        return None


def _plain(value: Any) -> Any:
    """A value as it is written."""
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _either(words: list[str]) -> str:
    """ "a, b or c"."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
