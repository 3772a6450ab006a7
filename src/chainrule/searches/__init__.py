"""Which settings are best: spaces, strategies, and the one way a search runs.

- ``search``: a search: settings, a space, a strategy; from a document.
- ``space``: what may be chosen: which settings, and what each may be.
- ``dimensions``: what one setting may be: a list of values, a range.
- ``strategies/``: what to try next, a file each.
- ``trials``: their scores, their order, and which of them is chosen.
- ``run``: a search from start to winner, on its own.
- ``course``: batch by batch: trials enter, are trained, are told.
- ``standing``: the same for those who train a search's nets together with others'.
- ``planned``: the populations that will train it, and whether it needs workers.
- ``pace``: how long they take.
- ``estimate``: populations, time and memory, before it is run.
- ``journal``: all of it as optuna and its dashboard read it.
- ``distributions``: spaces and trials in optuna's terms.
- ``extra``: optuna, where it is installed.
"""
