"""A net's name follows from all that matters, and from nothing else."""

from __future__ import annotations

import pytest

from chainrule.data import datasets
from chainrule.settings.settings import Settings
from chainrule.work.nets import named

DIGITS = datasets.load("digits")


@pytest.mark.parametrize("change", [{"l2": 0.1}, {"hidden": [5]}, {"init": "xavier"}, {"epochs": 7}], ids=str)
def test_a_net_s_name_depends_on_all_that_matters(net, change):
    given = named(DIGITS, net(), 3)
    assert named(DIGITS, net(**change), 3).id != given.id
    assert named(DIGITS, net(), 4).id != given.id
    assert named(DIGITS, Settings.model_validate(net().model_dump()), 3) == given


def test_names_are_those_of_version_0_1_0(net):
    assert named(DIGITS, net(), 0).id == "d637693c43442c2a"


@pytest.mark.parametrize(("until", "shard"), [(2, "@2"), (6, ""), (9, ""), (None, "")])
def test_a_shard_on_the_way_is_named_after_its_epoch(net, until, shard):
    given = named(DIGITS, net(), 0)
    assert given.shard(until) == f"{given.id}{shard}"
