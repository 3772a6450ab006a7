"""Nets killed on the way, and folders that are damaged, full or read-only: nothing finished is lost or done twice."""

from __future__ import annotations

import threading

import pytest

from chainrule.components import OPTIMIZERS
from chainrule.errors import StoreError
from chainrule.train.engines import layers
from chainrule.version import installed_version
from chainrule.work import planner
from chainrule.work.executors import InProcess
from chainrule.work.processes import Processes
from chainrule.work.store import Store
from chainrule.work.training import _Call, train_all
from support.executors import Elsewhere, described
from support.processes import wait_until
from support.training import assert_agree, files, nothing, shelved, sweep

ENOUGH_S = 5


@pytest.mark.parametrize("optimizer", [name for name in OPTIMIZERS if name != "sgd"])
def test_a_kill_loses_nothing_that_an_optimizer_keeps(net, site, epochs, optimizer):
    nets = sweep(net, 2, seeds=1, optimizer=optimizer, learning_rate=0.01)
    undisturbed = site("undisturbed")
    train_all(nets, undisturbed, nothing)
    epochs.forget()
    epochs.stop_at = 3
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    epochs.stop_at = None
    train_all(nets, site(), nothing)
    assert files(site()) == files(undisturbed)


@pytest.mark.parametrize("until", [None, 5])
@pytest.mark.parametrize("stop_at", [0, 1, 2, 3, 5, 6, 8, 13])
def test_a_kill_loses_no_more_than_the_epochs_since_a_checkpoint(net, site, epochs, stop_at, until):
    nets = sweep(net, 3, seeds=3, evaluate="curves")
    undisturbed = site("undisturbed")
    train_all(nets, undisturbed, nothing, until)
    whole = len(epochs.seen)
    epochs.forget()
    epochs.stop_at = stop_at
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing, until)
    epochs.stop_at = None
    train_all(nets, site(), nothing, until)
    per_population = whole // 3
    assert len(epochs.seen) - whole == stop_at % per_population % 2
    assert files(site()) == files(undisturbed)


def test_seeds_of_one_order_go_on_as_they_were(net, site, epochs):
    nets = sweep(net, 2, seeds=3, order="shared")
    straight = train_all(nets, site("straight"), nothing)
    assert len(epochs.seen) == 6
    assert [straight.members[one.id].seed for one in nets] == [0, 0, 1, 1, 2, 2]
    assert all(member.settings["order"] == "shared" for member in straight.members.values())
    epochs.forget()
    epochs.stop_at = 3
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    epochs.stop_at = None
    train_all(nets, site(), nothing)
    assert files(site()) == files(site("straight"))
    assert_agree(
        train_all(nets[2:3], site("alone"), nothing).members, {nets[2].id: straight.members[nets[2].id]}
    )


def test_on_another_number_of_workers_nothing_finished_is_trained_again(
    digits, net, site, epochs, monkeypatch
):
    nets = sweep(net, 8, seeds=2)
    straight = train_all(nets, site("straight"), nothing)
    epochs.forget()
    epochs.stop_at = 9
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    epochs.forget()

    class Three(InProcess):
        workers = 3

    # Planned anew, all would be cut in pairs.
    monkeypatch.setattr(planner, "UNITS", 20)
    here = site(executor=Three())
    ended = train_all(nets, here, nothing)
    # Eight nets were finished, eight had a checkpoint of their second epoch: those go on as they were.
    assert epochs.seen == [([index / 1000 for index in range(8)], epoch) for epoch in (2, 3, 4, 5)]
    assert_agree(ended.members, straight.members)


def test_a_kill_between_shards_loses_none(net, site, epochs, monkeypatch):
    nets = sweep(net, 4, evaluate="curves")
    train_all(nets, site("undisturbed"), nothing)
    epochs.forget()
    real, written = Store.write, []

    def write(self, name, data):
        if len(written) == 7:
            raise KeyboardInterrupt
        written.append(name)
        real(self, name, data)

    monkeypatch.setattr(Store, "write", write)
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    monkeypatch.undo()
    assert [name.partition("/")[0] for name in written] == ["checkpoints"] * 3 + ["members"] * 4
    before, evaluated = len(epochs.seen), []

    def evaluate(network, parameters, *more):
        evaluated.append(len(parameters["b1"]))
        return real_evaluate(network, parameters, *more)

    real_evaluate = layers.evaluate
    monkeypatch.setattr(layers, "evaluate", evaluate)
    train_all(nets, site(), nothing)
    assert len(epochs.seen) == before
    # In the company that they were trained in: alone a last bit may differ.
    assert evaluated == [4]
    assert files(site()) == files(site("undisturbed"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole: whole.replace(b'"epoch":"4"', b'"epoch":"5"'),
        lambda whole: whole.replace(b'"version":"2"', b'"version":"9"'),
    ],
    ids=["empty", "torn", "flipped", "wrong", "newer"],
)
def test_a_damaged_checkpoint_is_left_out_with_a_word(net, site, epochs, damage):
    nets = sweep(net, 3)
    train_all(nets, site("undisturbed"), nothing)
    epochs.forget()
    epochs.stop_at = 5
    with pytest.raises(KeyboardInterrupt):
        train_all(nets, site(), nothing)
    (path,) = shelved(site())
    whole = path.read_bytes()
    assert damage(whole) != whole
    path.write_bytes(damage(whole))
    epochs.forget()
    outcome = train_all(nets, site(), nothing)
    (note,) = outcome.notes
    other = f"a checkpoint of chainrule {installed_version()}; "
    expected = other if b'"version":"9"' in damage(whole) else "damaged"
    assert note.startswith(f"{path}: is {expected}")
    assert note.endswith("trained again from an earlier point")
    assert len(epochs.seen) == 6
    path.unlink(missing_ok=True)
    assert files(site()) == files(site("undisturbed"))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"version": 1, "id"', b"\x00\xff"])
def test_an_empty_or_damaged_shard_is_trained_again(digits, net, site, epochs, content):
    nets = sweep(net, 3)
    whole = train_all(nets, site(), nothing)
    name = nets[1].id
    path = site().store.folder / "members" / f"{name}.json"
    path.write_bytes(content)
    epochs.forget()
    assert_agree(train_all(nets, site(), nothing).members, whole.members)
    assert {tuple(l2) for l2, _ in epochs.seen} == {(0.001,)}


def test_half_written_files_are_swept(net, site):
    nets = sweep(net, 2)
    train_all(nets[:1], site(), nothing)
    left = [site().store.folder / kind / ".x.01234567.tmp" for kind in ("members", "checkpoints")]
    for path in left:
        path.write_bytes(b"half")
    train_all(nets, site(), nothing)
    assert not any(path.exists() for path in left)


def test_what_a_worker_left_that_died_meanwhile_is_swept_in_the_end(net, site):
    left = site().store.folder / "checkpoints" / ".x.01234567.tmp"

    def leave(done):
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"half")

    train_all(sweep(net, 2), site(), leave)
    assert not left.exists()


@pytest.mark.parametrize("executor", [InProcess(), Elsewhere()], ids=described)
@pytest.mark.parametrize("code", ["ENOSPC", "EROFS", "EDQUOT"])
def test_a_folder_that_cannot_be_written_is_one_line_and_loses_nothing(
    net, site, executor, code, monkeypatch
):
    import errno

    from chainrule import files as atomic

    nets, here = sweep(net, 3, seeds=2), site(executor=executor)
    real, written = atomic.os.fsync, []

    def full(descriptor):
        written.append(descriptor)
        if len(written) > 10:
            raise OSError(getattr(errno, code), "it is so")
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(StoreError, match=r"cannot write: it is so; (free some space|choose another place)"):
        train_all(nets, here, nothing)
    monkeypatch.undo()
    finished = {path.name for path in (here.store.folder / "members").glob("*.json")}
    assert finished
    assert not list(here.store.folder.rglob("*.tmp"))
    assert len(train_all(nets, here, nothing).members) == 6


def test_no_worker_goes_on_where_the_driver_cannot_write(net, site, monkeypatch):
    def refuse(self, task, result):
        raise StoreError("full")

    monkeypatch.setattr(_Call, "_take", refuse)
    before = threading.active_count()
    with pytest.raises(StoreError, match="full") as caught:
        train_all([*sweep(net, 1), *sweep(net, 1, epochs=20_000)], site(executor=Processes(2)), nothing)
    assert caught.value.__traceback__
    # A thread that has been told to end takes a moment; 20,000 epochs take far longer.
    wait_until(lambda: threading.active_count() <= before, ENOUGH_S)
