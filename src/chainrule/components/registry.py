"""Components by name: what all of them have in common, and where a kind of them is found."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter

from chainrule.errors import SettingsError, suggestion


@dataclass(frozen=True, kw_only=True)
class Component:
    """One loss, activation, schedule, init or transform.

    Attributes:
        name: settings and results know it by this: other mathematics are another name.
        about: what it is, in a line of Markdown.
        settings: what settings say of it: None where its name says all, else the model of its table, or the type of
            what is written in its place, such as a number.
        example: how that is written in a file of settings; the name, where that says all.
    """

    name: str
    about: str
    settings: Any = None
    example: str = ""

    @property
    def written(self) -> str:
        """How it is chosen in a file of settings."""
        return self.example or f'"{self.name}"'

    @property
    def table(self) -> type[BaseModel] | None:
        """The model of its table; None where it has none."""
        model = self.settings
        return model if isinstance(model, type) and issubclass(model, BaseModel) else None

    @functools.cached_property
    def reader(self) -> TypeAdapter[Any]:
        """What reads its settings."""
        return TypeAdapter(self.settings)

    def chosen_by(self, value: Any) -> bool:
        """Whether a setting of this value chooses it."""
        if self.settings is None:
            return bool(value == self.name)
        return isinstance(value, getattr(self.settings, "__origin__", self.settings))


C = TypeVar("C", bound=Component)


class Registry(Mapping[str, C], Generic[C]):
    """The components of one kind by name, the built-in ones first.

    Attributes:
        kind: what one of them is called.
        setting: the setting that chooses among them.

    >>> from chainrule.components import LOSSES
    >>> list(LOSSES)
    ['cross_entropy', 'hinge', 'squared_error', 'binary_cross_entropy']
    >>> LOSSES["hinge"].about
    'multi-class hinge, the sum over the wrong classes of max(0, s_j - s_y + 1)'
    >>> try:
    ...     LOSSES["hing"]
    ... except SettingsError as error:
    ...     print(error)
    loss 'hing': is unknown here; did you mean 'hinge'?
    """

    def __init__(self, kind: str, setting: str, home: str) -> None:
        """Look for the built-in ones in ``home.COMPONENTS``, a package that is imported when they are asked for first:
        it lies above whoever asks."""
        self.kind, self.setting, self._home = kind, setting, home
        self._own: dict[str, C] = {}

    @functools.cached_property
    def _built_in(self) -> dict[str, C]:
        return {component.name: component for component in importlib.import_module(self._home).COMPONENTS}

    def __getitem__(self, name: str) -> C:
        """The component of that name.

        Raises:
            SettingsError: there is none; the line says which name comes close.
        """
        component = self._own.get(name) or self._built_in.get(name)
        if component is None:
            raise SettingsError(f"{self.kind} {name!r}: is unknown here; {suggestion(name, self)}")
        return component

    def __contains__(self, name: object) -> bool:
        return name in self._built_in or name in self._own

    def __iter__(self) -> Iterator[str]:
        return iter((*self._built_in, *self._own))

    def __len__(self) -> int:
        return len(self._built_in) + len(self._own)

    def of(self, value: Any) -> C:
        """The component that a setting's value chooses.

        Raises:
            SettingsError: there is none.
        """
        for component in self.values():
            if component.chosen_by(value):
                return component
        return self[str(value)]

    def register(self, component: C) -> C:
        """Add a component of one's own, and return it. From then on settings know it, in this process.

        Raises:
            SettingsError: its name is taken, or so are the keys of its table, which could not be told apart.
        """
        if component.name in self:
            raise SettingsError(
                f"{self.kind} {component.name!r}: that name is taken; choose another, or unregister the first"
            )
        for other in self.values():
            if other.table and component.table and _keys(other) == _keys(component):
                keys = ", ".join(component.table.model_fields)
                raise SettingsError(
                    f"{self.kind} {component.name!r}: a table of {keys} is {other.name}'s; name one of them otherwise"
                )
        self._own[component.name] = component
        return component

    def unregister(self, name: str) -> None:
        """Take a component of one's own out again.

        Raises:
            SettingsError: there is none of that name.
        """
        if self._own.pop(name, None) is None:
            raise SettingsError(f"{self.kind} {name!r}: was not registered; {suggestion(name, self._own)}")

    def is_own(self, component: Component) -> bool:
        """Whether it was registered here, so that no other process knows it."""
        return component.name in self._own


def _keys(component: Component) -> frozenset[str]:
    return frozenset(component.table.model_fields) if component.table else frozenset()
