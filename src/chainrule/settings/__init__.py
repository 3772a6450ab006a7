"""Settings: strict and frozen, with every problem reported at once in one line each.

- :mod:`chainrule.settings.strict`: what all of them have in common, and what is said of a wrong one.
- :mod:`chainrule.settings.settings`: how one net is trained.
- :mod:`chainrule.settings.toml`: from files, and ``key=value`` pairs.
"""
