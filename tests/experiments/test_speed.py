"""What bench measures: rates of real training, of the nets that it names, in the units that it says."""

from __future__ import annotations

import pytest

from chainrule.experiments import speed
from chainrule.records.base import Record
from chainrule.work.executors import InProcess


@pytest.fixture
def small(monkeypatch):
    """Little work: nothing here depends on how fast it is done."""
    monkeypatch.setattr(speed, "NETS", {"8-4-2": ((8, 4, 2), True)})
    monkeypatch.setattr(speed, "SIZE", 16)
    monkeypatch.setattr(speed, "SAMPLES", 500)


def test_a_net_alone_and_in_a_sweep(small, tmp_path):
    ticks: list[tuple[int, int]] = []
    found = speed.measure(InProcess(), lambda done, total: ticks.append((done, total)))
    assert [(one.net, one.nets) for one in found.nets] == [("8-4-2", 1), ("8-4-2", 40)]
    for one in found.nets:
        assert one.share_of_peak == pytest.approx(one.steps_per_second * speed.flop((8, 4, 2)) / found.peak)
    assert ticks == [(done, 4) for done in range(5)]
    path = tmp_path / "speed.json"
    path.write_text(found.to_json())
    assert speed.Speed.read(path) == found
    assert isinstance(found, Record)


def test_operations_of_a_step():
    # 100 samples: W1 forward and dW1; W2 forward, dW2 and dx.
    assert speed.flop((3, 4, 5)) == 2 * 100 * (2 * 12 + 3 * 20)
