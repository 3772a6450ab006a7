import numpy as np


def objective(P, Q, bu, bi, ratings, mu=3.0, reg=0.05):
    """ratings: list of (user, item, value)"""
    total = 0.0
    for u, i, r in ratings:
        e = r - (mu + bu[u] + bi[i] + P[u] @ Q[i])
        total += 0.5 * e ** 2 + 0.5 * reg * (P[u] @ P[u] + Q[i] @ Q[i])
    return total


def gradient(P, Q, bu, bi, ratings, mu=3.0, reg=0.05):
    gP, gQ, gbu, gbi = (np.zeros_like(a) for a in (P, Q, bu, bi))
    for u, i, r in ratings:
        e = r - (mu + bu[u] + bi[i] + P[u] @ Q[i])
        gP[u] += -e * Q[i] + reg * P[u]
        gQ[i] += -e * P[u] + reg * Q[i]
        gbu[u] -= e
        gbi[i] -= e
    return gP, gQ, gbu, gbi
