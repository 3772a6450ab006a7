"""What only a cluster must survive. The contract that it shares with all executors is in test_executors.py."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainrule.errors import ChainruleError
from chainrule.work import cluster as clusters
from chainrule.work.cluster import Cluster
from chainrule.work.executors import Failure, InProcess
from support import chaos, tasks

pytestmark = pytest.mark.cluster


def nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("head", "is no address"),
        ("head:", "is no address"),
        ("head:http", "is no address"),
        (":6379", "is no address"),
        ("head:99999", "is no address"),
        ("127.0.0.1:9", "cannot be reached"),
        ("no-such-host.invalid:6379", "cannot be reached"),
    ],
)
def test_an_address_where_nobody_answers(address, said):
    with pytest.raises(ChainruleError, match=f"^--cluster {address}: {said}"):
        Cluster(address)


def test_no_cluster_here(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(ChainruleError, match=r"^--cluster auto: .*ray start"):
        Cluster("auto")


def test_something_else_answers(monkeypatch):
    monkeypatch.setattr(clusters, "REACHED_S", 2.0)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        with pytest.raises(ChainruleError, match=f"^--cluster {address}: .* no Ray cluster"):
            Cluster(address)
        server.shutdown()


def test_a_task_that_kills_every_worker_blocks_nobody(cluster, tmp_path):
    ended = dict(cluster.run(tasks.die_often, [(tmp_path / str(n), n) for n in (0, 2, 9)], nothing))
    assert ended[0] == "0"
    assert ended[1] == "2"
    assert isinstance(ended[2], Failure)
    assert "3 times" in ended[2].why


def test_a_straggler_gets_a_second_copy_and_the_first_result_counts(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(clusters, "_SLOW", 0.0)
    # Its first copy would never end.
    ended = list(cluster.run(tasks.hang_once, [tmp_path / "a", tmp_path / "hang"], nothing))
    assert sorted(ended) == [(0, "a"), (1, "hang")]


def test_one_core_a_task_and_one_blas_thread(cluster):
    ((_, (threads, _)),) = cluster.run(tasks.threads_and_pid, [1], nothing)
    assert set(threads) == {1}


class Losing:
    """A cluster that loses a node whenever so many more nets are finished."""

    sees_files = False
    starting = 0.0

    def __init__(self, cluster: Cluster, local: Any, folder: Path, due: Sequence[int]) -> None:
        self._cluster, self._local, self._folder, self.due = cluster, local, folder, list(due)

    @property
    def workers(self) -> int:
        return self._cluster.workers

    def run(self, function: Any, given: Sequence[Any], tick: Callable[[], None]) -> Iterator[Any]:
        for ended in self._cluster.run(function, given, tick):
            yield ended
            if self.due and len(list(self._folder.glob("out/members/*.json"))) >= self.due[0]:
                del self.due[0]
                self._local.remove_node(next(iter(self._local.worker_nodes)), allow_graceful=False)


def test_two_hundred_nets_survive_two_of_three_nodes(cluster, local, tmp_path):
    while len(local.worker_nodes) < 3:
        local.add_node(num_cpus=1)
    losing = Losing(cluster, local, tmp_path, [30, 100])
    outcome = chaos.train(tmp_path, losing)
    assert not losing.due
    assert (len(outcome.members), outcome.failed) == (200, {})
    undisturbed = chaos.train(tmp_path / "undisturbed", InProcess()).members
    for name, member in undisturbed.items():
        # Populations were cut for another number of workers.
        found = outcome.members[name]
        np.testing.assert_allclose(found.history.val_loss, member.history.val_loss, rtol=1e-4)
        assert abs(found.final["val_accuracy"] - member.final["val_accuracy"]) <= 1 / 300 + 1e-9


def test_nodes_join_and_die_while_tasks_run(cluster, local, tmp_path):
    while len(local.worker_nodes) < 2:
        local.add_node(num_cpus=1)
    first, *_ = local.worker_nodes
    killed = []

    def lose_a_node() -> None:
        # Not before both nodes are at work: their tasks wait until there is a file.
        if not killed and len(list(tmp_path.glob("*.begun"))) == 2:
            local.add_node(num_cpus=1)
            local.remove_node(first, allow_graceful=False)
            killed.append(first)
            (tmp_path / "go").touch()

    names = [tmp_path / f"{n}.begun" for n in range(6)]
    wait = functools.partial(tasks.begin_and_wait, tmp_path / "go")
    ended = dict(cluster.run(wait, names, lose_a_node))
    assert ended == {n: f"{n}.begun" for n in range(6)}
    assert killed
