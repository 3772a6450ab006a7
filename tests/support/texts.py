"""Texts of anybody, to be shown."""

from __future__ import annotations

from hypothesis import strategies as st

MARKS = "\\`*_[](){}<>|#~$&!-+=.:@%^\"' \n\t1a/"
"""What means something in Markdown, LaTeX, HTML or a spreadsheet, and a little beside."""

ANYTHING = st.text(st.characters()) | st.text(st.sampled_from(MARKS))
"""Also with line breaks, controls, marks that turn the direction of writing, and halves of characters."""
