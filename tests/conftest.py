"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# Compiling takes its time: tests that are about compiled code switch it on.
os.environ["CHAINRULE_COMPILED"] = "off"

# A busy machine makes no test fail.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")
