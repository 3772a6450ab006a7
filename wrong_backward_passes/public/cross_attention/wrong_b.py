import numpy as np


def attend(queries, keys, values):
    """queries (d, m), keys (d, n), values (e, n) -> (e, m)"""
    d = queries.shape[0]
    scores = keys.T @ queries / np.sqrt(d)
    weights = np.exp(scores - scores.max(axis=0))
    weights = weights / weights.sum(axis=0)
    return values @ weights, (queries, keys, values, weights)


def attend_backward(dout, cache):
    queries, keys, values, weights = cache
    d = queries.shape[0]
    dvalues = dout @ weights.T
    dweights = values.T @ dout
    dscores = weights * dweights
    dscores = dscores / np.sqrt(d)
    dqueries = keys @ dscores
    dkeys = queries @ dscores.T
    return dqueries, dkeys, dvalues
