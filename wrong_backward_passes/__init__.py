"""A benchmark of wrong backward passes; README.md is its card.

- ``index``: what ``index.json`` says of every program.
- ``evaluate``: the gradient of a program, and what it ought to be.
- ``flat``: programs without functions, run again with other values.
- ``answers``: what a checker says.
- ``patches``: whether a program is right with a patch.
- ``confined``: commands within limits.
- ``score``: the scorer.
- ``tables``: what was found, as tables.
- ``results``: the page of results.
- ``adapters/``: checkers that the scorer can run.
"""
