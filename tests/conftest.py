"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine makes no test fail.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")
