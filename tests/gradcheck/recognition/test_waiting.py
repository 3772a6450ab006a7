"""Adapters whose object takes long to make are tried last."""

from types import SimpleNamespace

import pytest

from chainrule.gradcheck.recognition import waiting
from chainrule.gradcheck.recognition.parameters import NET
from chainrule.gradcheck.recognition.waiting import SlowNets


def candidate(net="", *, whole=False):
    given = SimpleNamespace(net="" if whole else net, whole=whole, values={NET: net} if whole else {"W": "1"})
    return SimpleNamespace(plan=SimpleNamespace(parameters=given))


@pytest.mark.parametrize("whole", [True, False])
def test_what_takes_long_to_make_waits_for_the_others(whole, monkeypatch):
    monkeypatch.setattr(waiting, "_SLOW", -1.0)
    slow, again, other = candidate("Net()", whole=whole), candidate("Net()"), candidate("Net.__new__(Net)")
    nets, tried = SlowNets(), []
    for each in nets.last([slow, again, other]):
        tried.append(each)
        if each is slow:
            with nets.noting(each):
                pass
    assert tried == [slow, other, again]


def test_what_makes_no_object_never_waits(monkeypatch):
    monkeypatch.setattr(waiting, "_SLOW", -1.0)
    nets = SlowNets()
    with nets.noting(candidate()):
        pass
    assert not nets.known
