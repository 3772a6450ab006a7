"""What bench advises."""

from __future__ import annotations

from chainrule.cli.bench import advice
from chainrule.experiments import speed


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
