"""What bench measures: rates of real training, of the nets that it names, in the units that it says."""

from __future__ import annotations

import pytest

from chainrule.cli.bench import advice
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


def found(**own) -> speed.Speed:
    nets = [
        speed.NetSpeed(net="a", nets=n, steps_per_second=rate, share_of_peak=0.5)
        for n, rate in ((1, 100.0), (40, 250.0))
    ]
    known = {"processor": "p", "blas": ["b"], "workers": 2, "peak": 190.0, "peak_of_one": 100.0, "nets": nets}
    return speed.Speed(**(known | own))


def test_advice_says_what_can_be_done():
    (gain,) = advice(found(), 2, None)
    assert "2.5 times" in gain
    assert "2 of 4 cores were idle" in advice(found(), 4, None)[-1]
    assert "1.2 times the peak of one" in advice(found(peak=120.0), 2, None)[-1]
    assert advice(found(nets=[]), 2, "another kernel") == ["another kernel"]
