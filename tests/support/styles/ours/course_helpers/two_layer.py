"""Second assignment: two layers."""
import copy
import numpy as np
from scipy.io import savemat
from torch_gradient_computations import ComputeGradsWithTorch
from course_utils import load_all, plot_history

rng = np.random.default_rng(seed=42)
K, d, m = 10, 3072, 50


def init_net(L=2):
    net = {}
    net['W'] = [None] * L
    net['b'] = [None] * L
    net['W'][0] = rng.standard_normal((m, d)) / np.sqrt(d)
    net['W'][1] = rng.standard_normal((K, m)) / np.sqrt(m)
    net['b'][0] = np.zeros((m, 1))
    net['b'][1] = np.zeros((K, 1))
    return net


def ApplyNetwork(X, net_params):
    s1 = net_params['W'][0] @ X + net_params['b'][0]
    h = np.maximum(0, s1)
    s = net_params['W'][1] @ h + net_params['b'][1]
    e = np.exp(s)
    p = e / np.sum(e, axis=0, keepdims=True)
    return h, p


def ComputeCost(X, Y, net_params, lam):
    _, p = ApplyNetwork(X, net_params)
    l = -np.sum(Y * np.log(p)) / X.shape[1]
    for W in net_params['W']:
        l += lam * np.sum(W * W)
    return l


def BackwardPass(X, Y, net_params, lam):
    n = X.shape[1]
    h, p = ApplyNetwork(X, net_params)
    grads = {'W': [None, None], 'b': [None, None]}
    g = p - Y
    grads['W'][1] = (g @ h.T) / n + 2 * lam * net_params['W'][1]
    grads['b'][1] = np.mean(g, axis=1, keepdims=True)
    g = net_params['W'][1].T @ g
    g[h <= 0] = 0
    grads['W'][0] = (g @ X.T) / n + 2 * lam * net_params['W'][0]
    grads['b'][0] = np.mean(g, axis=1, keepdims=True)
    return grads


data = load_all('Datasets')
net = init_net()
small = copy.deepcopy(net)
small['W'][0] = small['W'][0][:, :10]
mine = BackwardPass(data['train'][0][:10, :5], data['train'][1][:, :5], small, 0.0)
theirs = ComputeGradsWithTorch(data['train'][0][:10, :5], data['train'][2][:5], small)
for key in ('W', 'b'):
    for a, c in zip(mine[key], theirs[key]):
        print(key, np.max(np.abs(a - c)))
savemat('grads.mat', mine)
