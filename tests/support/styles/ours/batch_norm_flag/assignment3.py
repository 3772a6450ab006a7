import numpy as np

EPS = 1e-8


class Params:
    pass


def make_params(layers):
    p = {'W': [], 'b': [], 'gamma': [], 'beta': []}
    for i in range(1, len(layers)):
        p['W'].append(np.random.randn(layers[i], layers[i - 1]) * np.sqrt(2.0 / layers[i - 1]))
        p['b'].append(np.zeros((layers[i], 1)))
        if i < len(layers) - 1:
            p['gamma'].append(np.ones((layers[i], 1)))
            p['beta'].append(np.zeros((layers[i], 1)))
    return p


def BatchNormalize(s, mu, v):
    return np.diag(1.0 / np.sqrt(v.flatten() + EPS)) @ (s - mu)


def EvaluateClassifier(X, params):
    k = len(params['W'])
    H, S, S_hat, mus, vs = [X], [], [], [], []
    for i in range(k - 1):
        s = params['W'][i] @ H[i] + params['b'][i]
        mu = np.mean(s, axis=1, keepdims=True)
        v = np.var(s, axis=1, keepdims=True)
        s_hat = BatchNormalize(s, mu, v)
        H.append(np.maximum(0, params['gamma'][i] * s_hat + params['beta'][i]))
        S.append(s)
        S_hat.append(s_hat)
        mus.append(mu)
        vs.append(v)
    s = params['W'][k - 1] @ H[k - 1] + params['b'][k - 1]
    P = np.exp(s) / np.sum(np.exp(s), axis=0)
    return P, H, S, S_hat, mus, vs


def ComputeCost(X, Y, params, lam):
    P = EvaluateClassifier(X, params)[0]
    reg = 0
    for W in params['W']:
        reg += np.sum(W ** 2)
    return -np.sum(np.log(np.sum(Y * P, axis=0))) / X.shape[1] + lam * reg


def BatchNormBackPass(G, S, mu, v):
    n = G.shape[1]
    sigma1 = np.power(v + EPS, -0.5)
    sigma2 = np.power(v + EPS, -1.5)
    G1 = G * sigma1
    G2 = G * sigma2
    D = S - mu
    c = np.sum(G2 * D, axis=1, keepdims=True)
    return G1 - np.sum(G1, axis=1, keepdims=True) / n - D * c / n


def ComputeGradients(X, Y, params, lam):
    P, H, S, S_hat, mus, vs = EvaluateClassifier(X, params)
    n = X.shape[1]
    k = len(params['W'])
    grads = {'W': [None] * k, 'b': [None] * k, 'gamma': [None] * (k - 1), 'beta': [None] * (k - 1)}
    G = P - Y
    grads['W'][k - 1] = G @ H[k - 1].T / n + 2 * lam * params['W'][k - 1]
    grads['b'][k - 1] = np.sum(G, axis=1, keepdims=True) / n
    G = params['W'][k - 1].T @ G
    G = G * (H[k - 1] > 0)
    for l in range(k - 2, -1, -1):
        grads['gamma'][l] = np.sum(G * S_hat[l], axis=1, keepdims=True) / n
        grads['beta'][l] = np.sum(G, axis=1, keepdims=True) / n
        G = G * params['gamma'][l]
        G = BatchNormBackPass(G, S[l], mus[l], vs[l])
        grads['W'][l] = G @ H[l].T / n + 2 * lam * params['W'][l]
        grads['b'][l] = np.sum(G, axis=1, keepdims=True) / n
        if l > 0:
            G = params['W'][l].T @ G
            G = G * (H[l] > 0)
    return grads
