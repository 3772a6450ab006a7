"""Adapters that call functions of modules which their file imports as a whole, as ``layers.affine_forward(x, w, b)``:
there the functions go by the names of their own, for which an adapter has to import them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from chainrule.gradcheck.recognition.adapter import NAME
from chainrule.gradcheck.recognition.recognised import Recognised

_HEAD = f"def {NAME}(rng):\n"


def with_imports(row: Recognised, modules: Mapping[str, str]) -> Recognised:
    """A gradient whose adapters import what they call of such modules.

    Args:
        row: the gradient.
        modules: in which the functions are, by their names.

    >>> row = Recognised.not_checked("f", "")._replace(text="def chainrule_check(rng):\\n    return half(3)")
    >>> print(with_imports(row, {"half": "tools", "twice": "tools"}).text)
    def chainrule_check(rng):
        from tools import half
        return half(3)
    """
    if not modules:
        return row
    variants = [variant._replace(text=_importing(variant.text, modules)) for variant in row.variants]
    return row._replace(text=_importing(row.text, modules), variants=variants)


def _importing(text: str, modules: Mapping[str, str]) -> str:
    used: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted({*re.findall(r"\w+", text)} & modules.keys()):
        used[modules[name]].append(name)
    lines = (f"    from {module} import {', '.join(names)}\n" for module, names in used.items())
    return text.replace(_HEAD, _HEAD + "".join(lines), 1)
