"""Weights on disk."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from chainrule.data.transforms.transform import Transform
from chainrule.errors import StoreError
from chainrule.nets.file import member_bytes
from chainrule.nets.net import CompleteNet
from chainrule.nn.network import Network
from chainrule.train import weights


def saved(path):
    network, inputs = Network((5, 4), "cross_entropy"), Transform(np.ones(5), np.zeros(5))
    best, last = (network.initial(seed, ["he"], np.float32) for seed in (0, 1))
    net = CompleteNet(network, best, inputs, np.array(list("abcd")))
    path.write_bytes(member_bytes(net, last))
    return last, best, hashlib.sha256(path.read_bytes()).hexdigest()


def test_round_trip_of_one_member(tmp_path):
    last, best, digest = saved(tmp_path / "m.safetensors")
    loaded = weights.load(tmp_path / "m.safetensors", digest)
    assert set(loaded) == {"last.W1", "last.b1", "best.W1", "best.b1"}
    np.testing.assert_array_equal(loaded["last.W1"], last["W1"][0])
    np.testing.assert_array_equal(loaded["best.b1"], best["b1"][0])


def test_any_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "m.safetensors"
    _, _, digest = saved(path)
    whole = path.read_bytes()
    for damaged in (b"", whole[:-1], whole[:-8] + bytes(7) + b"\x01", b"\xff" + whole[1:]):
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match=r"m\.safetensors: is damaged"):
            weights.load(path, digest)


def test_missing_files_are_said_to_be(tmp_path):
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        weights.load(tmp_path / "none.safetensors", "")


def test_what_has_the_right_sum_and_is_no_file_of_weights_is_refused(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(StoreError, match=r"is damaged: .*; delete it and run again"):
        weights.load(path, hashlib.sha256(path.read_bytes()).hexdigest())
