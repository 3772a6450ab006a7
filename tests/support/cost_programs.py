"""Costs beside their gradients that take other things than inputs, labels, W and b: a part of each, and a wrong one."""

RATINGS = """
def objective(P, Q, bu, ratings, reg=0.05):
    total = 0.0
    for u, i, r in ratings:
        e = r - (bu[u] + P[u] @ Q[i])
        total += 0.5 * e ** 2 + 0.5 * reg * (P[u] @ P[u] + Q[i] @ Q[i])
    return total

def gradient(P, Q, bu, ratings, reg=0.05):
    gP, gQ, gbu = (np.zeros_like(a) for a in (P, Q, bu))
    for u, i, r in ratings:
        e = r - (bu[u] + P[u] @ Q[i])
        gP[u] += -e * Q[i] + reg * P[u]
        gQ[i] += -e * P[u] + reg * Q[i]
        gbu[u] -= e
    return gP, gQ, gbu
"""
SENTENCES = """
def run(p, sentences):
    h = np.zeros((len(sentences), p["Uh"].shape[0]))
    steps = []
    for t in range(sentences.shape[1]):
        x = p["emb"][sentences[:, t]]
        steps.append((x, h))
        h = np.tanh(x @ p["Wh"] + h @ p["Uh"])
    steps.append((None, h))
    return 1 / (1 + np.exp(-h @ p["out"])), steps

def compute_loss(p, sentences, labels):
    prob = run(p, sentences)[0]
    return -np.mean(labels * np.log(prob) + (1 - labels) * np.log(1 - prob))

def compute_grads(p, sentences, labels):
    prob, steps = run(p, sentences)
    g = {k: np.zeros_like(v) for k, v in p.items()}
    ds = (prob - labels) / len(labels)
    g["out"] = steps[-1][1].T @ ds
    dh = np.outer(ds, p["out"])
    for t in range(len(steps) - 2, -1, -1):
        x, h = steps[t]
        da = dh * (1 - steps[t + 1][1] ** 2)
        g["Wh"] += x.T @ da
        g["Uh"] += h.T @ da
        np.add.at(g["emb"], sentences[:, t], da @ p["Wh"].T)
        dh = da @ p["Uh"].T
    return g
"""
DOCUMENTS = """
def doc_loss(E, W, docs, labels):
    s = np.array([E[d].mean(axis=0) for d in docs]) @ W
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(labels)), labels]))

def doc_grads(E, W, docs, labels):
    means = np.array([E[d].mean(axis=0) for d in docs])
    p = np.exp(means @ W) / np.exp(means @ W).sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    p /= len(labels)
    dE = np.zeros_like(E)
    for row, d in zip(p @ W.T, docs):
        for word in d:
            dE[word] += row / len(d)
    return {"E": dE, "W": means.T @ p}
"""
PAIRS = """
def embed(x, W, b):
    return np.tanh(x @ W + b)

def pair_loss(W, b, left, right, same):
    d = embed(left, W, b) - embed(right, W, b)
    return np.mean(same * np.sum(d ** 2, axis=1))

def pair_grads(W, b, left, right, same):
    el, er = embed(left, W, b), embed(right, W, b)
    dd = 2 * (el - er) * same[:, None] / len(same)
    dl, dr = dd * (1 - el ** 2), -dd * (1 - er ** 2)
    return left.T @ dl + right.T @ dr, dl.sum(axis=0) + dr.sum(axis=0)
"""
WEIGHTED = """
def perdita(X, y, pesi, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.sum(pesi * (y * np.log(p) + (1 - y) * np.log(1 - p))) / np.sum(pesi)

def gradienti(X, y, pesi, w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    errore = pesi * (p - y) / np.sum(pesi)
    return X.T @ errore, np.sum(errore)
"""
MASKED = """
class DropoutNet:
    def __init__(self, sizes, rate=0.4):
        rs = np.random.RandomState(0)
        self.rate = rate
        self.layers = [(rs.randn(a, b), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]
        self.masks = None
    def draw_masks(self, n, rs):
        self.masks = [(rs.random_sample((n, W.shape[1])) > self.rate) / (1 - self.rate) for W, _ in self.layers[:-1]]
    def forward(self, x):
        inputs = []
        for (W, b), mask in zip(self.layers, [*self.masks, 1]):
            inputs.append(x)
            x = (x @ W + b) * mask
        return inputs, x
    def loss(self, x, t):
        return 0.5 * np.sum((self.forward(x)[1] - t) ** 2)
    def gradients(self, x, t):
        inputs, out = self.forward(x)
        delta, grads = out - t, []
        for i in range(len(self.layers) - 1, -1, -1):
            grads.append((inputs[i].T @ delta, delta.sum(axis=0)))
            if i:
                delta = delta @ self.layers[i][0].T * self.masks[i - 1]
        return grads[::-1]
"""
EMBEDDED = """
def unit(v):
    length = np.sqrt((v * v).sum(axis=1, keepdims=True))
    return v / length, length
def triplet_loss(anchor, positive, negative):
    (a, la), (p, lp), (n, ln) = unit(anchor), unit(positive), unit(negative)
    slack = 0.4 + ((a - p) ** 2).sum(axis=1) - ((a - n) ** 2).sum(axis=1)
    return np.where(slack > 0, slack, 0.0).mean(), (a, p, n, la, lp, ln, slack)
def triplet_loss_grad(cache):
    a, p, n, la, lp, ln, slack = cache
    on = (slack > 0)[:, None] / len(slack)
    def back(d, u, length):
        return (d - u * (d * u).sum(axis=1, keepdims=True)) / length
    return back(2 * (n - p) * on, a, la), back(2 * (p - a) * on, p, lp), back(2 * (a - n) * on, n, ln)
"""
VECTOR = """
def unpack(vec, visible, hid):
    n = visible * hid
    W1 = np.reshape(vec[:n], (hid, visible))
    b1 = vec[n:n + hid]
    W2 = vec[n + hid:2 * n + hid].reshape(visible, hid)
    return W1, b1, W2, vec[2 * n + hid:2 * n + hid + visible]
def cost(vec, n_vis, n_hid, tau, data):
    W1, b1, W2, b2 = unpack(vec, n_vis, n_hid)
    h = np.tanh(data @ W1.T + b1)
    return 0.5 * np.sum((h @ W2.T + b2 - data) ** 2) + tau * np.sum(h)
def gradient(vec, n_vis, n_hid, tau, data):
    W1, b1, W2, b2 = unpack(vec, n_vis, n_hid)
    h = np.tanh(data @ W1.T + b1)
    d = h @ W2.T + b2 - data
    dh = (d @ W2 + tau) * (1 - h ** 2)
    return np.concatenate([(dh.T @ data).ravel(), dh.sum(0), (d.T @ h).ravel(), d.sum(0)])
"""
FACTORS = """
def init(n_users, n_items, k):
    return {"U": np.random.randn(n_users, k), "V": np.random.randn(n_items, k), "b": np.zeros(n_items)}
def mf_loss(model, R, M):
    return 0.5 * np.sum((M * (R - model["U"] @ model["V"].T - model["b"])) ** 2)
def mf_grads(model, R, M):
    E = M * (R - model["U"] @ model["V"].T - model["b"])
    return {"U": -E @ model["V"], "V": -E.T @ model["U"], "b": -E.sum(axis=0)}
"""
MIXTURE = """
def parts(params, X):
    mu, log_sd, logits = params
    z = (X[:, None, :] - mu) / np.exp(log_sd)
    c = np.exp(logits - 0.5 * (z ** 2).sum(-1) - log_sd.sum(-1))
    return z, c, np.exp(logits)
def neg_log_lik(params, X):
    mu, log_sd, logits = params
    z, c, w = parts(params, X)
    return -np.mean(np.log(c.sum(1) / w.sum()))
def neg_log_lik_grad(params, X):
    mu, log_sd, logits = params
    z, c, w = parts(params, X)
    r = (c / c.sum(1, keepdims=True) / len(X))[:, :, None]
    d_sd = -(r * (z ** 2 - 1)).sum(0)
    return -(r * z / np.exp(log_sd)).sum(0), d_sd, w / w.sum() - r.sum((0, 2))
"""
SCALES = """
def kernel(log_ell, log_sf, X):
    d2 = ((X[:, None] - X[None]) ** 2).sum(-1)
    return np.exp(2 * log_sf - 0.5 * d2 / np.exp(2 * log_ell)), d2
def energy(hyp, X, y):
    log_ell, log_sf = hyp
    return 0.5 * y @ kernel(log_ell, log_sf, X)[0] @ y
def energy_grad(hyp, X, y):
    log_ell, log_sf = hyp
    K, d2 = kernel(log_ell, log_sf, X)
    return np.array([0.5 * y @ (K * d2) @ y / np.exp(2 * log_ell), y @ K @ y])
"""
ROLLOUT = """
from typing import NamedTuple
class Rollout(NamedTuple):
    states: np.ndarray
    actions: np.ndarray
    advantages: np.ndarray
class Config(NamedTuple):
    weight: float = 0.3
class Policy:
    def __init__(self, n_inputs, n_outputs):
        self.W, self.v = np.random.randn(n_inputs, n_outputs), np.random.randn(n_inputs)
    def log_probabilities(self, states):
        z = states @ self.W
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    def loss(self, roll, cfg):
        logp = self.log_probabilities(roll.states)
        taken = logp[np.arange(len(roll.actions)), roll.actions]
        critic = 0.5 * np.mean((roll.states @ self.v - roll.advantages) ** 2)
        return critic - np.mean(taken * roll.advantages) + cfg.weight * np.mean((np.exp(logp) * logp).sum(axis=1))
    def gradient(self, roll, cfg):
        logp = self.log_probabilities(roll.states)
        p, n = np.exp(logp), len(roll.actions)
        d = -(np.eye(p.shape[1])[roll.actions] - p) * roll.advantages[:, None]
        d += cfg.weight * p * (logp - (p * logp).sum(axis=1, keepdims=True))
        e = roll.states @ self.v - roll.advantages
        return {"W": roll.states.T @ d / n, "v": roll.states.T @ e / n}
"""
TAGS = """
class Tagger:
    def __init__(self, n_features, n_tags):
        self.W, self.T = np.random.randn(n_features, n_tags), np.random.randn(n_tags, n_tags)
    def nll(self, sentences):
        total = 0.0
        for X, y in sentences:
            total -= (X @ self.W)[np.arange(len(y)), y].sum() + np.tanh(self.T[y[:-1], y[1:]]).sum()
        return total + 0.5 * np.sum(self.W ** 2)
    def grad(self, sentences):
        gW, gT = 1.0 * self.W, np.zeros_like(self.T)
        for X, y in sentences:
            gW -= X.T @ np.eye(self.W.shape[1])[y]
            for a, b in zip(y[:-1], y[1:]):
                gT[a, b] -= 1 - np.tanh(self.T[a, b]) ** 2
        return gW, gT
"""
COST_PROGRAMS = {
    "rollout": (ROLLOUT, "(p * logp).sum(axis=1, keepdims=True)", "0"),
    "tags": (TAGS, "gT[a, b] -=", "gT[a, b] ="),
    "mixture": (MIXTURE, "(z ** 2 - 1)", "z ** 2"),
    "scales": (SCALES, "[0.5 * y", "[y"),
    "factors": (FACTORS, "E.sum(axis=0)", "E.mean(axis=0)"),
    "embeddings": (EMBEDDED, "2 * (a - n)", "2 * (n - a)"),
    "vector": (VECTOR, "(d @ W2 + tau)", "(d @ W2)"),
    "ratings": (RATINGS, "gQ[i] += ", "gQ[i] = "),
    "sentences": (SENTENCES, "dh = da @ p", "dh = 0 * da @ p"),
    "documents": (DOCUMENTS, "dE[word] += ", "dE[word] = "),
    "pairs": (PAIRS, "dl.sum(axis=0) + dr", "dl.sum(axis=0) - dr"),
    "weights of samples": (WEIGHTED, "np.sum(errore)", "np.mean(errore)"),
    "masks": (MASKED, " * self.masks[i - 1]", " * (self.masks[i - 1] > 0)"),
}
