"""Files that are checked: one, and all of a folder.

- ``conditions``: how they are checked.
- ``patched_copies``: a change of one verified.
- ``copies_compared``: whether a copy with it is the file in all else.
- ``at_other_sizes``: and held against its cost with other sizes.
- ``at_other_settings``: and with other settings.
- ``appended_adapters``: what comes of a file with adapters behind it.
- ``written_repairs``: a repair written into it.
- ``file_check``: a row for each gradient of a file.
- ``gradient_source``: where these are asked about, and which of them are meant.
- ``other_variants``: one that is right, with other settings.
- ``verdicts_first``: and its causes once all verdicts are known.
- ``file_outcome``: what came of a file.
- ``submissions``: a row for each submission of a folder.
"""
