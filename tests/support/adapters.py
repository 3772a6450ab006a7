"""Adapters for functions given as text."""

from __future__ import annotations

from dataclasses import replace

from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter_functions import Functions
from chainrule.gradcheck.recognition.calling import AdapterPlan
from chainrule.gradcheck.recognition.conventions import Convention
from chainrule.gradcheck.recognition.data_names import data_names
from chainrule.gradcheck.recognition.parameters import ParameterSet
from chainrule.gradcheck.recognition.texts import adapter_texts

W = ParameterSet({"W": "np.ones((3, 6))"})
ROWS = Convention("rows", "integers", "in, out", "(K,)")


def defined(text: str) -> Definitions:
    """What a file of this text defines."""
    return definitions(Source((Part("net.py", text),)))


def functions(text: str) -> Functions:
    """The functions of a text by what they are called: cost, gradient, forward, numeric."""
    return Functions(**{f.name: f for f in defined(text).functions})


def plan(
    text: str,
    parameters: ParameterSet = W,
    convention: Convention = ROWS,
    *,
    numpy: str = "np",
    fill_in: bool = False,
) -> AdapterPlan:
    """Of the functions of a text."""
    given = functions(text)
    file = replace(defined(text), numpy=numpy)
    return AdapterPlan(given, data_names(given.given)[0], parameters, convention, file, fill_in)


def calls(text: str, parameters: ParameterSet = W, **options) -> list[dict[str, str]]:
    """How the functions of a text are called, in each of their adapters."""
    return [adapter.calls for adapter in adapter_texts(plan(text, parameters, **options))]
