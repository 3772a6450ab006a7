"""What the tests of recognition share."""

import pytest


@pytest.fixture
def little_time(monkeypatch):
    """What fits nowhere is tried for as long as there is time, the processor's; a part of it tells as much here."""
    monkeypatch.setattr("chainrule.gradcheck.recognition.recognise._MOST_SECONDS", 2.0)
