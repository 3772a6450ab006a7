"""What members of a population have in common, and which differ."""

from __future__ import annotations

import pytest

from chainrule.errors import SettingsError
from chainrule.train.sharing import common


def test_members_that_cannot_share_are_told_by_what_differs(settings):
    one = settings()
    assert common([one, settings(l2=0.5)]) == one
    with pytest.raises(SettingsError, match="epochs, optimizer: differ between members"):
        common([one, settings(epochs=one.epochs + 1, optimizer="adam")])
