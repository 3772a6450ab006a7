"""Named tuples where they lie, for compiled code: parts are given one word, not the hundred that a net is told by.

Compiled code takes a tuple apart for every call: each word of it is an argument of its own, and a line of LLVM's on
both sides. Most of what was compiled was that. ``located`` puts a tuple down once, in the room of the function that
asks for it and for as long as that runs; attributes are then read from there, by the same names.
"""

from __future__ import annotations

import hashlib
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, register_model


class TuplePlace(types.Type):
    """The place of a named tuple.

    Attributes:
        of: the tuple's type.
    """

    def __init__(self, of: Any) -> None:
        self.of = of
        # Names of types stand in the names of all functions that take them.
        digest = hashlib.sha256(str(of).encode()).hexdigest()[:12]
        super().__init__(f"{of.instance_class.__name__}_{digest}")

    def attribute(self, name: str) -> Any:
        """An attribute's type; None where there is none of that name."""
        return dict(zip(self.of.fields, self.of.types, strict=True)).get(name)


@register_model(TuplePlace)
class _TuplePlaceModel(models.PrimitiveModel):
    """A pointer."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, manager.lookup(kind.of).get_value_type().as_pointer())


@infer_getattr
class _TupleAttributes(AttributeTemplate):
    """The tuple's."""

    key = TuplePlace

    def generic_resolve(self, value: Any, attr: str) -> Any:  # type: ignore[override]
        return value.attribute(attr)


@lower_getattr_generic(TuplePlace)
def _attribute(context: Any, builder: Any, kind: Any, place: Any, name: str) -> Any:
    return builder.load(cgutils.gep_inbounds(builder, place, 0, kind.of.fields.index(name)))


def _located(typing: Any, words: Any) -> Any:
    """Where a named tuple lies from now on."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = cgutils.alloca_once(builder, given[0].type)
        builder.store(given[0], place)
        return place

    return TuplePlace(words)(words), code


located: Any = intrinsic(_located)
