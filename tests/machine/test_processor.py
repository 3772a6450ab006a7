"""What is read of the processor, and what where there is nothing to read."""

from __future__ import annotations

import pytest

from chainrule.machine import processor
from chainrule.machine.processor import Processor


@pytest.fixture
def cpuinfo(monkeypatch, tmp_path):
    """The file that is read in the place of /proc/cpuinfo; it is not there yet."""
    path = tmp_path / "cpuinfo"
    monkeypatch.setattr(processor, "Path", lambda name: path)
    monkeypatch.setattr(processor.sys, "platform", "linux")
    monkeypatch.setattr(processor.platform, "processor", lambda: "what Python says")
    return path


@pytest.mark.parametrize("text", ["", "processor : 0\nBogoMIPS : 50\nFeatures : fp asimd\n", None])
def test_where_nothing_is_said_the_name_is_what_python_says(cpuinfo, text):
    if text is not None:
        cpuinfo.write_text(text)
    assert processor.processor() == Processor("what Python says")


def test_the_first_processor_is_read(cpuinfo):
    block = "processor : {0}\nvendor_id : AuthenticAMD\ncpu family : 2{1}\nmodel name : Number {0}\n"
    block += "flags : sse2 avx2\n\n"
    cpuinfo.write_text(block.format(0, 5) + block.format(1, 6))
    assert processor.processor() == Processor("Number 0", "AuthenticAMD", 25, frozenset({"sse2", "avx2"}))
