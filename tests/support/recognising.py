"""Programs given as text, recognised in this process."""

from __future__ import annotations

from chainrule.gradcheck.loading.namespace import Namespace
from chainrule.gradcheck.loading.statements import top_level
from chainrule.gradcheck.program.definitions import definitions
from chainrule.gradcheck.program.source import Part, Source
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
    content = Source((Part("net.py", text),))
    names = Namespace(top_level(content), {"__name__": "net"})
    names.run()
    return recognise(definitions(content), names, seed=0)
