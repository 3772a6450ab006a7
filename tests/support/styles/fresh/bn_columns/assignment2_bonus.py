# Assignment 2, bonus part: batch normalisation
# columns = samples, params in a nested dict  net[layer][name]
import pickle
import numpy as np
import matplotlib.pyplot as plt

EPS = 1e-6


def load_batch(fn):
  with open(fn, 'rb') as fh:
    d = pickle.load(fh, encoding='bytes')
  X = d[b'data'].T / 255.
  lab = np.array(d[b'labels'])
  Y = np.eye(lab.max() + 1)[:, lab]
  return X, Y, lab


def build(sizes, rng):
  net = {}
  for i in range(1, len(sizes)):
    L = {'W': rng.normal(0, np.sqrt(2. / sizes[i - 1]), (sizes[i], sizes[i - 1]))}
    if i < len(sizes) - 1:
      L['gamma'] = np.ones((sizes[i], 1))
      L['beta'] = np.zeros((sizes[i], 1))
    else:
      L['b'] = np.zeros((sizes[i], 1))
    net['layer%d' % i] = L
  return net


def fwd(X, net):
  mem = {}
  H = X
  n_layers = len(net)
  for i in range(1, n_layers + 1):
    key = 'layer%d' % i
    L = net[key]
    S = L['W'] @ H
    if i == n_layers:
      S = S + L['b']
      mem[key] = {'inp': H}
      break
    mu = S.mean(axis=1, keepdims=True)
    var = S.var(axis=1, keepdims=True)
    Shat = (S - mu) / np.sqrt(var + EPS)
    St = L['gamma'] * Shat + L['beta']
    mem[key] = {'inp': H, 'var': var, 'Shat': Shat, 'St': St}
    H = np.maximum(St, 0)
  S = S - S.max(axis=0)
  P = np.exp(S) / np.exp(S).sum(axis=0)
  return P, mem


def cost(X, Y, net, lam):
  P, _ = fwd(X, net)
  ce = -np.sum(Y * np.log(P)) / X.shape[1]
  return ce + lam * sum(np.sum(L['W'] ** 2) for L in net.values())


def bn_back(G, Shat, var):
  # G: gradient w.r.t. Shat, returns gradient w.r.t. the raw scores
  istd = 1. / np.sqrt(var + EPS)
  g1 = G.mean(axis=1, keepdims=True)
  g2 = (G * Shat).mean(axis=1, keepdims=True)
  return istd * (G - g1 - Shat * g2)


def grads(X, Y, net, lam):
  N = X.shape[1]
  P, mem = fwd(X, net)
  out = {}
  G = (P - Y) / N
  for i in range(len(net), 0, -1):
    key = 'layer%d' % i
    L, m = net[key], mem[key]
    out[key] = {}
    if i == len(net):
      out[key]['b'] = G.sum(axis=1, keepdims=True)
    else:
      G = G * (m['St'] > 0)
      out[key]['gamma'] = np.sum(G * m['Shat'], axis=1, keepdims=True)
      out[key]['beta'] = np.sum(G, axis=1, keepdims=True)
      G = bn_back(G * L['gamma'], m['Shat'], m['var'])
    out[key]['W'] = G @ m['inp'].T + 2 * lam * L['W']
    G = L['W'].T @ G
  return out


def cyclic_eta(t, lo=1e-5, hi=1e-1, ns=2250):
  phase = (t % (2 * ns)) / ns
  return lo + (hi - lo) * (phase if phase < 1 else 2 - phase)


def main():
  rng = np.random.default_rng(42)
  Xtr, Ytr, ltr = load_batch('Datasets/cifar-10-batches-py/data_batch_1')
  Xva, Yva, lva = load_batch('Datasets/cifar-10-batches-py/data_batch_2')
  m = Xtr.mean(axis=1, keepdims=True)
  Xtr, Xva = Xtr - m, Xva - m
  net = build([Xtr.shape[0], 50, 50, Ytr.shape[0]], rng)
  lam, nb, t = 0.005, 100, 0
  tr_cost, va_cost = [], []
  for ep in range(20):
    idx = rng.permutation(Xtr.shape[1])
    for j in range(0, len(idx), nb):
      sel = idx[j:j + nb]
      g = grads(Xtr[:, sel], Ytr[:, sel], net, lam)
      eta = cyclic_eta(t)
      for key in net:
        for name in net[key]:
          net[key][name] -= eta * g[key][name]
      t += 1
    tr_cost.append(cost(Xtr, Ytr, net, lam))
    va_cost.append(cost(Xva, Yva, net, lam))
    print(ep, tr_cost[-1], va_cost[-1])
  plt.plot(tr_cost, label='training')
  plt.plot(va_cost, label='validation')
  plt.legend()
  plt.savefig('bn_3layer.pdf')


if __name__ == '__main__':
  main()
