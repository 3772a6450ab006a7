"""Nets in scikit-learn's conventions: fit, predict, keep.

- ``classifier``: ``MLPClassifier``.
- ``regressor``: ``MLPRegressor``.
- ``base``: what both have in common.
- ``parameters``: what it is told, checked.
- ``rows``: what it is given, checked and made a data set.
- ``weights``: what its rows weigh, by themselves and by their class.
- ``scores``: how well a net does on rows.
- ``population``: the nets that it trains.
"""

from chainrule.estimators.classifier import MLPClassifier
from chainrule.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
