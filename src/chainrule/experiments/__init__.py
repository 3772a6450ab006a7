"""Published tables, trained again and put beside what was published.

- ``experiment``: a table of settings, with what was published and claimed about it.
- ``published_search``: a search that a report published, with its outcome.
- ``published_check``: what a report says that its own gradient check gave.
- ``reading``: such tables from TOML files, with overrides, and every problem said at once.
- ``recipes``: those of the reports.
- ``plan``: every net and search of the tables, by name; made once.
- ``reproduce``: the whole way: train, read, judge, draw, write.
- ``rounds``: training, until no table asks for more.
- ``outcome``: what became of a table: its nets and trials.
- ``results``: judging: every number beside the published one, every claim decided.
- ``verdicts``: the interval that a number is held against, and the verdict.
- ``claims/``: a report's claims as predicates.
- ``entries``: all entries of W1 and dJ/dW1, as claims and histograms look at them.
- ``unknowns``: what a report leaves unsaid, with what it may have been.
- ``trials``: every row under every choice, to be trained.
- ``inference``: these trained, and what they tell.
- ``likelihood``: how well settings explain published numbers.
- ``conclusions``: what odds come to, in words.
- ``figure_data``: what figures show.
- ``predictions``: confusion counts, and the surest mistakes.
- ``facts``: data, seeds, versions and machine that the numbers rest on.
- ``speed``: what ``chainrule bench`` measures.
"""
