"""Nets to shards: each trained once; poison, progress, checkpoints that are no longer needed."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import chainrule
from chainrule.data.prepared import prepare
from chainrule.errors import MissingExtraError, StoreError
from chainrule.train.population import train
from chainrule.work import checkpoints, lock, planner, training, worker
from chainrule.work.executors import InProcess
from chainrule.work.nets import named
from chainrule.work.processes import Processes
from chainrule.work.store import Store
from chainrule.work.training import Site, release, train_all
from support import tasks
from support.executors import Elsewhere
from support.training import nothing, shelved, sweep


@pytest.mark.parametrize("evaluate", ["curves", "validation"])
def test_every_net_is_trained_and_has_a_shard(digits, net, site, executor, evaluate):
    nets = sweep(net, 3, seeds=2, evaluate=evaluate)
    here = site(executor=executor)
    outcome = train_all(nets, here, nothing)
    assert not outcome.failed
    assert not outcome.notes
    assert list(outcome.members) == [one.id for one in nets]
    seen = prepare(nets[0][0], digits)
    expected = train([one.settings for one in nets[:3]], 0, seen.splits, seen.transform, 10)
    for index, one in enumerate(nets[:3]):
        member = outcome.members[one.id]
        assert here.store.find(member.id) == member
        np.testing.assert_allclose(member.history.val_loss, expected.histories[index].val_loss, rtol=1e-5)
        if evaluate == "curves":
            weights = here.store.weights(member)
            np.testing.assert_allclose(weights["last.W1"], expected.last["W1"][index], atol=1e-5)
            # It is a complete net: what it predicts of validation images is as good as its record says.
            alone = chainrule.load(here.store.folder / "members" / f"{member.id}.safetensors")
            images, labels = np.asarray(seen.splits["val"].images), seen.splits["val"].labels
            right = alone.predict(images) == np.array(digits.classes)[labels]
            assert right.mean() == pytest.approx(member.best.val_accuracy)
    assert train_all(nets, here, nothing) == outcome
    assert not shelved(here)


def test_what_the_end_will_need_is_asked_for_before_anything_is_trained(net, site, monkeypatch):
    monkeypatch.setattr(training, "version_of", lambda package: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chainrule\[train\]'"):
        train_all(sweep(net, 1), site(), nothing)


def test_a_checkpoint_that_cannot_be_written_stops_nobody(digits, net, site, monkeypatch):
    nets = sweep(net, 3)
    real = Store.write

    def write(self, name, data):
        if name.startswith("checkpoints"):
            raise StoreError(f"{name}: cannot write: No space left on device; free some space")
        real(self, name, data)

    monkeypatch.setattr(Store, "write", write)
    outcome = train_all(nets, site(), nothing)
    assert len(outcome.members) == 3
    assert ["cannot write: No space left" in note for note in outcome.notes] == [True]
    with pytest.raises(StoreError, match="No space left"):
        # A rung without a checkpoint would be a dead end.
        train_all([named(digits, net(l2=0.5), 0)], site(), nothing, until=2)


class Poisoned(Processes):
    """Kills, or fails, whoever trains a net of l2 = 0.002."""

    def __init__(self, workers, how):
        super().__init__(workers)
        self.how = how

    def run(self, function, wanted, tick):
        return super().run(functools.partial(tasks.poisoned, function, self.how, 0.002), wanted, tick)


@pytest.mark.parametrize(
    ("how", "why"),
    [("raise", "ValueError: poison"), ("die", r"its worker process died")],
)
def test_a_poisonous_net_is_given_up_and_no_other(digits, net, site, how, why):
    nets = sweep(net, 4)
    here = site(executor=Poisoned(2, how))
    outcome = train_all(nets, here, nothing)
    names = [one.id for one in nets]
    assert list(outcome.members) == [names[0], names[1], names[3]]
    assert outcome.failed.keys() == {names[2]}
    assert outcome.failed[names[2]].startswith(f"given up after 3 attempts: {why}")
    healed = train_all(nets, site(), nothing)
    assert len(healed.members) == 4
    assert not healed.failed


def test_attempts_go_on_from_checkpoints(digits, net, site, epochs, monkeypatch):
    from chainrule.train.population import Training

    real = Training.train_epoch

    def fragile(self):
        if self.epoch == 3 and 0.002 in [one.l2 for one in self.members]:
            raise MemoryError
        real(self)

    monkeypatch.setattr(Training, "train_epoch", fragile)
    outcome = train_all(sweep(net, 4), site(), nothing)
    assert list(outcome.failed.values()) == ["given up after 3 attempts: MemoryError"]
    assert epochs.count(0.002) == 2 + 3 + 3
    assert epochs.count(0.001) == 2 + 3 + 4


def test_nets_that_do_not_fit_the_data_fail_without_training(digits, net, site, epochs):
    settings = net(), net(batch_size=301), net(train="data_batch_9")
    good, bad, worse = (named(digits, own, 0) for own in settings)
    outcome = train_all([good, bad, worse], site(), nothing)
    assert list(outcome.members) == [good.id]
    lines = [outcome.failed[one.id] for one in (bad, worse)]
    assert "train holds 300 samples" in lines[0]
    assert "has no such batch" in lines[1]


def test_progress_rises_to_the_whole(digits, net, site, executor):
    nets, here = sweep(net, 4, seeds=2), site(executor=executor)
    rung, whole = (sum(planner.work(one.settings, digits, until) for one in nets) for until in (2, None))
    for until, start, end in ((2, 0, rung), (2, rung, rung), (None, rung, whole), (None, whole, whole)):
        seen = []
        train_all(nets, here, seen.append, until)
        assert (seen[0] if seen else start, seen[-1] if seen else end) == (start, end)
        assert seen == sorted(seen)


def test_checkpoints_go_when_nobody_needs_them(net, site, small_populations):
    nets, here = sweep(net, 6), site()
    train_all(nets, here, nothing, until=2)
    assert len(shelved(here)) == 3
    release(here, keep=[nets[0], nets[5]])
    assert len(shelved(here)) == 2
    train_all([nets[0]], here, nothing)
    assert len(shelved(here)) == 2
    train_all([nets[1]], here, nothing)
    assert len(shelved(here)) == 1
    release(here)
    assert not shelved(here)


def test_checkpoints_of_the_finished_do_not_wait_for_the_rest(net, site):
    here, most = site(), 0

    def look(done):
        nonlocal most
        most = max(most, len(shelved(here)))

    train_all(sweep(net, 2, seeds=4), here, look)
    assert most <= 1


def test_a_checkpoint_of_every_epoch_that_was_asked_for(net, site, epochs):
    nets = sweep(net, 2)
    for every, left in ((1, 5), (3, 3), (6, 0)):
        epochs.forget()
        epochs.stop_at = 5
        here = site(f"every {every}", checkpoint_every=every)
        with pytest.raises(KeyboardInterrupt):
            train_all(nets, here, nothing)
        found = checkpoints.Shelf(here.store.folder).headers.values()
        assert [one.epoch for one in found] == [left] * (left > 0)


def test_an_orphan_leaves_the_folder_to_the_next_driver(digits, net, site, tmp_path):
    here, (one, seed, name) = site(), named(digits, net(), 0)
    counters = tmp_path / "counters"
    counters.write_bytes(bytes(8))
    shared = worker.TaskContext(digits, here.store.folder, "a driver of before", counters, 2)
    task = worker.PopulationTask(
        planner.TrainedTogether((seed,), {name: one}), 0, 0, 6, [], frozenset([name])
    )
    with lock.held(here.store.folder):
        trained = worker.run(shared, task)
    assert not (here.store.folder / "members").exists()
    assert not (here.store.folder / "checkpoints").exists()
    assert list(trained.files) == [f"members/{name}.json"]


def test_data_and_states_go_with_the_tasks_where_files_are_not_seen(net, site, monkeypatch):
    sent = []
    real = Elsewhere.run

    def run(self, function, wanted, tick):
        sent.append((function.args[0].data, [task.start for task in wanted]))
        return real(self, function, wanted, tick)

    monkeypatch.setattr(Elsewhere, "run", run)
    here = site(executor=Elsewhere())
    train_all(sweep(net, 2), here, nothing, until=2)
    train_all(sweep(net, 2), here, nothing)
    assert [data is here.dataset for data, _ in sent] == [True, True]
    assert sent[0][1] == [[]]
    assert sent[1][1][0].epoch == 2


def test_a_site_checkpoints_every_five_epochs_by_default(digits, tmp_path):
    assert Site(digits, tmp_path, Store(tmp_path), InProcess()).checkpoint_every == 5
