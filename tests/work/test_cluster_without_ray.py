"""What can be told of clusters where Ray is not installed."""

from __future__ import annotations

import sys
from collections import deque
from importlib import metadata

import pytest

from chainrule.errors import ChainruleError, MissingExtraError
from chainrule.work import cluster
from support import tasks


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"chainrule\[ray\]"):
        cluster.Cluster("auto")


def test_another_chainrule_on_a_node_is_refused():
    with pytest.raises(ChainruleError, match=r"the driver 0\.0\.1; install the same"):
        cluster._run(tasks.square, 3, "0.0.1", compiles=False)


def test_a_node_that_cannot_compile_as_the_driver_does_is_refused():
    here = metadata.version("chainrule")
    with pytest.raises(ChainruleError, match=r"install chainrule\[fast\] on every node"):
        cluster._run(tasks.square, 3, here, compiles=True)
    assert cluster._run(tasks.square, 3, here, compiles=False) == 9


def test_stragglers_get_a_second_copy_once_nothing_waits():
    began = -1e9
    running = {"a": (0, began), "b": (1, began), "c": (1, began)}
    assert list(cluster._next(deque([2, 3]), running, 1.0, 3)) == [2, 3, 0]
    assert list(cluster._next(deque(), running, 1.0, 0)) == []
    assert list(cluster._next(deque(), running, 0.0, 2)) == []
