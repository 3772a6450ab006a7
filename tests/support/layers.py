"""Layers of a text, read and checked in this process."""

from __future__ import annotations

import linecache

import numpy as np

from chainrule.gradcheck.check import check
from chainrule.gradcheck.recognition import adapter
from chainrule.gradcheck.recognition.layers.reading import readings
from support.adapters import defined


def read(text, **options):
    """The readings of the layers of a text, and the module that they run in."""
    namespace = {"np": np, "__name__": "layers"}
    linecache.cache["layers.py"] = len(text), None, text.splitlines(keepends=True), "layers.py"
    exec(compile(text, "layers.py", "exec"), namespace)
    return list(readings(defined(f"import numpy as np\n{text}"), namespace, 0, **options)), namespace


def checked(text, label="", **options):
    """What a check says of the layer of a text that has this label, or of its only one, and its reading."""
    every, namespace = read(text, **options)
    (reading,) = [reading for reading in every if label in ("", reading.label)]
    assert reading.text, reading.why
    return check(
        adapter.declared(reading.text, namespace, np.random.default_rng(0)), explained=False
    ), reading


def found(text, namespace=None):
    """What the only layer of a text is read as."""
    namespace = {} if namespace is None else namespace
    linecache.cache["layers.py"] = len(text), None, text.splitlines(keepends=True), "layers.py"
    exec(compile(text, "layers.py", "exec"), namespace)
    (reading,) = readings(defined(text), namespace, 0)
    return reading


def variants(text):
    """Those of the only layer of a text, each with the verdict of a check; None for what cannot be tried."""
    namespace = {"np": np}
    reading = found(text, namespace)
    programs = {
        (v.varied.partition(" ")[0], v.value): v.text
        and adapter.declared(v.text, namespace, np.random.default_rng(0))
        for v in reading.variants
    }
    return {key: program and check(program, explained=False).verdict for key, program in programs.items()}
