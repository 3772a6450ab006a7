"""6. Batch norm: samples that move each other

Nine layers that start from small weights learn nothing: each layer makes its scores smaller, and the error fades on
the way back. Batch norm brings the scores of every unit to mean 0 and variance 1 over the minibatch, then lets the
net choose a scale gamma and a shift beta:

    mu = (1/N) sum_n s_n,   v = (1/N) sum_n (s_n - mu)^2,   t_n = (s_n - mu) / sigma,  sigma = sqrt(v + eps),
    out_n = gamma t_n + beta.

With g_n = dJ/dout_n given, beta and gamma are easy: dbeta = sum_n g_n, dgamma = sum_n g_n t_n, and what reaches t_n
is h_n = gamma g_n. The scores are harder, for s_m stands in mu and v too, and with them in the t_n of every other
sample. As dmu/ds_m = 1/N and dv/ds_m = (2/N) (s_m - mu),

    dt_n/ds_m = ([n = m] - 1/N - t_n t_m / N) / sigma,

where [n = m] is 1 for the same sample and 0 for others. The sum over n of h_n times this is

    ds_m = (h_m - mean of h - t_m * mean of h t) / sigma.

The two means come from mu and from v. If you treat mu or v as a constant, you leave one of them out
(`batchnorm-mean-constant`, `batchnorm-variance-constant`). The bias of such a layer would be subtracted with mu: it
needs none.
"""

import numpy as np


def forward(X, W1, gamma, beta, W2, b2):
    s = X @ W1
    sigma = np.sqrt(s.var(axis=0) + 1e-5)
    t = (s - s.mean(axis=0)) / sigma
    h = np.maximum(0, gamma * t + beta)
    z = h @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return sigma, t, h, e / e.sum(axis=1, keepdims=True)


def cost(X, Y, W1, gamma, beta, W2, b2, l2):
    P = forward(X, W1, gamma, beta, W2, b2)[-1]
    return -np.sum(Y * np.log(P)) / len(X) + l2 * (np.sum(W1**2) + np.sum(W2**2))


def gradient(X, Y, W1, gamma, beta, W2, b2, l2):
    sigma, t, h, P = forward(X, W1, gamma, beta, W2, b2)
    G = (P - Y) / len(X)
    dW2 = h.T @ G + 2 * l2 * W2
    db2 = G.sum(axis=0)
    g = (G @ W2.T) * (h > 0)
    dgamma = (g * t).sum(axis=0)
    dbeta = g.sum(axis=0)
    d = gamma * g
    ds = (d - d.mean(axis=0) - t * (d * t).mean(axis=0)) / sigma
    dW1 = X.T @ ds + 2 * l2 * W1
    return dW1, dgamma, dbeta, dW2, db2
