"""All components as tables in Markdown, the end of ``docs/components.md``: ``python -m chainrule.components.page``."""

from __future__ import annotations

import sys
from typing import Any

from chainrule.components.kinds import REGISTRIES, Activation, Loss, Optimizer
from chainrule.components.registry import Component, Registry


def markdown() -> str:
    """A section a kind, with a line for every component that is known here."""
    return "\n\n".join(map(_section, REGISTRIES)) + "\n"


def _section(registry: Registry[Any]) -> str:
    rows = [
        {
            f"`{registry.setting} =`": _written(component),
            "what it is": _about(component),
            **_compiled(component),
        }
        for component in registry.values()
    ]
    lines = [[*rows[0]], ["---"] * len(rows[0]), *([*row.values()] for row in rows)]
    return "\n".join(
        [f"## {registry.kind.capitalize()}", "", *(f"| {' | '.join(cells)} |" for cells in lines)]
    )


def _written(component: Component) -> str:
    return component.written if component.example and not component.table else f"`{component.written}`"


def _about(component: Component) -> str:
    about = component.about.replace("|", "\\|")
    return about if component.settings is None else f"{component.name}: {about}"


def _compiled(component: Component) -> dict[str, str]:
    """Whether there is a compiled kernel, of what needs one."""
    if not isinstance(component, Loss | Activation | Optimizer):
        return {}
    return {"compiled": "yes" if component.kernel else "no: the layers train"}


if __name__ == "__main__":
    sys.stdout.write(markdown())
