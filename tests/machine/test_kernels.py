"""The better kernel: for workers alone, where OpenBLAS chose a lesser one, and not against the user's word."""

from __future__ import annotations

import os

import pytest

from chainrule.machine import kernels
from chainrule.machine.processor import Processor
from chainrule.work.processes import Processes
from support import tasks

AVX2 = {"sse2", "avx2", "fma"}
AVX512 = AVX2 | {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def processor(flags: set[str], vendor: str = "GenuineIntel", family: int = 6) -> Processor:
    return Processor("", vendor, family, frozenset(flags))


ZEN_4, ZEN_5 = (processor(AVX512, "AuthenticAMD", family) for family in (25, 26))


@pytest.mark.parametrize(
    ("found", "chosen", "better"),
    [
        (processor(AVX512), ["Haswell"], "SkylakeX"),
        (processor(AVX512), ["SkylakeX", "Haswell"], "SkylakeX"),
        (processor(AVX512), ["SkylakeX"], None),
        (processor(AVX512), ["Cooperlake"], None),
        (processor(AVX512), ["SapphireRapids"], None),
        (processor(AVX512), [], None),
        (ZEN_5, ["Haswell"], "SkylakeX"),
        (ZEN_5, ["Zen"], "SkylakeX"),
        (ZEN_4, ["SkylakeX"], "Haswell"),
        (ZEN_4, ["Zen"], None),
        (processor(AVX2), ["Haswell"], None),
        (processor(AVX2), ["Nehalem"], "Haswell"),
        (processor(AVX512 - {"avx512vl"}), ["Haswell"], None),
        (processor({"sse2"}), ["Nehalem"], None),
    ],
)
def test_the_fastest_kernel_for_the_processor(found, chosen, better):
    assert kernels.better_kernel(found, chosen) == better


@pytest.fixture
def lesser(monkeypatch):
    """A processor that OpenBLAS does not know."""
    monkeypatch.delenv(kernels.CORETYPE, raising=False)
    monkeypatch.delenv(kernels.SWITCH, raising=False)
    monkeypatch.setattr(kernels, "processor", lambda: ZEN_5)
    monkeypatch.setattr(kernels, "chosen_kernels", lambda: ["Haswell"])


def test_workers_begin_with_one_thread_and_those_to_come_sleep_soon():
    environment = kernels.worker_environment()
    assert environment["OPENBLAS_NUM_THREADS"] == "1"
    assert int(environment["OPENBLAS_THREAD_TIMEOUT"]) < 20


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
    monkeypatch.setattr(kernels, "better_kernel", lambda found, chosen: "Prescott")
    assert list(Processes(1).run(tasks.variable, [kernels.CORETYPE], lambda: None)) == [(0, "Prescott")]
    assert list(Processes(1).run(tasks.variable, ["OPENBLAS_NUM_THREADS"], lambda: None)) == [(0, "1")]


@pytest.mark.parametrize("unknown", [Processor("a name"), Processor()])
def test_where_nothing_is_known_of_the_processor_openblas_chooses(monkeypatch, unknown):
    monkeypatch.setattr(kernels, "processor", lambda: unknown)
    monkeypatch.delenv(kernels.CORETYPE, raising=False)
    monkeypatch.delenv(kernels.SWITCH, raising=False)
    assert kernels.kernel_for_workers() is None
