"""The better kernel: for workers alone, where OpenBLAS chose a lesser one, and not against the user's word."""

from __future__ import annotations

import os

import pytest

import tasks
from chainrule import kernels
from chainrule.experiments.executors import Processes

AVX2 = ["sse2", "avx2", "fma"]
AVX512 = [*AVX2, "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]


@pytest.mark.parametrize(
    ("flags", "chosen", "better"),
    [
        (AVX512, ["Haswell"], "SkylakeX"),
        (AVX512, ["Zen"], "SkylakeX"),
        (AVX512, ["SkylakeX", "Haswell"], "SkylakeX"),
        (AVX512, ["SkylakeX"], None),
        (AVX512, ["Cooperlake"], None),
        (AVX512, ["SapphireRapids"], None),
        (AVX2, ["Haswell"], None),
        (AVX2, ["Zen"], None),
        (AVX2, ["Nehalem"], "Haswell"),
        (AVX512[:-1], ["Haswell"], None),
        ([], ["neoversen1"], None),
        (AVX512, [], None),
    ],
)
def test_the_best_kernel_that_the_processor_supports(flags, chosen, better):
    assert kernels.better_kernel(flags, chosen) == better


@pytest.fixture
def lesser(monkeypatch):
    """A processor that OpenBLAS does not know."""
    monkeypatch.delenv(kernels.CORETYPE, raising=False)
    monkeypatch.delenv(kernels.SWITCH, raising=False)
    monkeypatch.setattr(kernels, "_processor_flags", lambda: AVX512)
    monkeypatch.setattr(kernels, "chosen_kernels", lambda: ["Haswell"])


def test_workers_get_it_and_this_process_does_not(lesser):
    assert kernels.worker_environment()[kernels.CORETYPE] == "SkylakeX"
    assert kernels.CORETYPE not in os.environ
    assert "Haswell" in (kernels.note() or "")


@pytest.mark.parametrize(("variable", "value"), [(kernels.SWITCH, "off"), (kernels.CORETYPE, "Haswell")])
def test_the_user_s_word_stands(lesser, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    assert kernels.CORETYPE not in kernels.worker_environment()
    assert kernels.note() is None


def test_workers_are_started_with_it(lesser, monkeypatch):
    # Any kernel will do to see that the variable arrives; this one runs on every x86-64 processor.
    monkeypatch.setattr(kernels, "better_kernel", lambda flags, chosen: "Prescott")
    assert list(Processes(1).run(tasks.variable, [kernels.CORETYPE], lambda: None)) == ["Prescott"]
    assert list(Processes(1).run(tasks.variable, ["OPENBLAS_NUM_THREADS"], lambda: None)) == ["1"]
