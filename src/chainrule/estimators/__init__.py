"""Nets in scikit-learn's conventions: fit, predict, keep.

- ``classifier``: ``MLPClassifier``.
- ``regressor``: ``MLPRegressor``.
- ``base``: what both have in common.
- ``parameters``: what it is told, checked.
- ``rows``: what it is given, checked and made a data set.
- ``weights``: what its rows weigh, by themselves and by their class.
- ``population``: the nets that it trains.
- ``living``: a population that is trained an epoch at a time, and stepped in on.
- ``companies``: which of its members train as one.
- ``stopping``: a callback that stops members at their best.
- ``streaming``: rows that come part by part.
- ``temperature``: how sure their mean should be.
"""

from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.living import Population
from chainrule.estimators.regressor import MLPRegressor
from chainrule.estimators.stopping import EarlyStopping

__all__ = ["EarlyStopping", "MLPClassifier", "MLPRegressor", "Population"]
