"""Settings: strict and frozen, with every problem reported at once in one line each.

- ``strict``: what all of them have in common, and what is said of a wrong one.
- ``settings``: how one net is trained.
- ``choice``: a setting that chooses a component.
- ``toml``: from files, and ``key=value`` pairs.
"""
