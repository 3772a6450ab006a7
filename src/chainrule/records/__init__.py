"""What is left behind, as plain versioned data: written by those who train and check, read by the report.

- :mod:`chainrule.records.base`: what all records have in common: frozen, versioned, JSON there and back.
- :mod:`chainrule.records.plans`: what a folder of results is to hold.
- :mod:`chainrule.records.runs`: histories, trained nets, results.
- :mod:`chainrule.records.searches`: a search's trials and winner.
- :mod:`chainrule.records.figures`: what figures show.
- :mod:`chainrule.records.gradients`: gradient checks of our own nets.
- :mod:`chainrule.records.checked`: checks of somebody's program.
"""
