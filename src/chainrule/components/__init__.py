"""What a net is put together from: one record a component, one registry a kind.

- ``registry``: what all records have in common, and how they are found by name.
- ``kinds``: losses, activations, optimizers, schedules, inits, transforms: their records, their registries.
- ``page``: ``docs/components.md``, made from the registries.

The built-in ones lie where they are used, a file each: :mod:`chainrule.nn.losses`, :mod:`chainrule.nn.activations`,
:mod:`chainrule.nn.inits`, :mod:`chainrule.train.optimizers`, :mod:`chainrule.train.schedules`,
:mod:`chainrule.data.transforms`.
"""

from chainrule.components.kinds import (
    ACTIVATIONS,
    INITS,
    LOSSES,
    OPTIMIZERS,
    REGISTRIES,
    SCHEDULES,
    TRANSFORMS,
)

__all__ = ["ACTIVATIONS", "INITS", "LOSSES", "OPTIMIZERS", "REGISTRIES", "SCHEDULES", "TRANSFORMS"]
