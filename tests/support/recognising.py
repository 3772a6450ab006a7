"""Programs given as text, recognised in this process."""

from __future__ import annotations

import numpy as np

from chainrule.gradcheck.check import check
from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.outcome import Check
from chainrule.gradcheck.program.definitions import Definitions, definitions
from chainrule.gradcheck.program.earlier_versions import CALLED
from chainrule.gradcheck.program.source import Part, Source
from chainrule.gradcheck.recognition.adapter import declared
from chainrule.gradcheck.recognition.recognise import recognise
from chainrule.gradcheck.recognition.recognised import Recognised


def recognised(text: str) -> Recognised:
    """What fits the only gradient of a program best.

    Raises:
        CheckError: nothing does.
    """
    (row,) = rows(text)
    return row


def rows(text: str) -> list[Recognised]:
    """What is found of every gradient of a program."""
    return recognise(*loaded(text), seed=0)


def row_and_check(text: str) -> tuple[Recognised, Check]:
    """What fits the first gradient of a program, and what comes of checking it so."""
    file, names = loaded(text)
    row, *_ = recognise(file, names, seed=0)
    return row, check(declared(row.text, names, np.random.default_rng(0)), explained=False)


def loaded(text: str) -> tuple[Definitions, Namespace]:
    """What a program defines, and the namespace in which it has run."""
    content = Source((Part("net.py", text),))
    names = Namespace(top_level(content), {**CALLED, "__name__": "net"})
    names.run()
    return definitions(content), names
