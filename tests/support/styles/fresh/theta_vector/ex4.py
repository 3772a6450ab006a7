"""
Exercise 4 redone in Python (the original course used Octave).

All weights live in one long vector theta because scipy's optimiser wants
it like that. The first column of every Theta is the bias.
"""
import numpy as np
from scipy.io import loadmat
from scipy.optimize import fmin_cg


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def unroll(T1, T2):
    return np.concatenate([T1.ravel(order='F'), T2.ravel(order='F')])


def roll(theta, n_in, n_hid, n_lab):
    cut = n_hid * (n_in + 1)
    T1 = theta[:cut].reshape((n_hid, n_in + 1), order='F')
    T2 = theta[cut:].reshape((n_lab, n_hid + 1), order='F')
    return T1, T2


def with_ones(A):
    return np.hstack([np.ones((A.shape[0], 1)), A])


def feed(T1, T2, X):
    a1 = with_ones(X)
    z2 = a1 @ T1.T
    a2 = with_ones(sigmoid(z2))
    a3 = sigmoid(a2 @ T2.T)
    return a1, z2, a2, a3


def nn_cost(theta, n_hid, X, Y, lam):
    m = X.shape[0]
    T1, T2 = roll(theta, X.shape[1], n_hid, Y.shape[1])
    a3 = feed(T1, T2, X)[3]
    J = np.sum(-Y * np.log(a3) - (1 - Y) * np.log(1 - a3)) / m
    J += lam / (2 * m) * (np.sum(T1[:, 1:] ** 2) + np.sum(T2[:, 1:] ** 2))
    return J


def nn_grad(theta, n_hid, X, Y, lam):
    m = X.shape[0]
    T1, T2 = roll(theta, X.shape[1], n_hid, Y.shape[1])
    a1, z2, a2, a3 = feed(T1, T2, X)

    d3 = a3 - Y
    d2 = (d3 @ T2)[:, 1:]               # nothing flows into the bias unit
    d2 = d2 * sigmoid(z2) * (1 - sigmoid(z2))

    G1 = d2.T @ a1 / m
    G2 = d3.T @ a2 / m
    G1[:, 1:] += lam / m * T1[:, 1:]
    G2[:, 1:] += lam / m * T2[:, 1:]
    return unroll(G1, G2)


def rand_init(l_in, l_out, eps=0.12):
    return np.random.rand(l_out, l_in + 1) * 2 * eps - eps


def predict(theta, n_hid, n_lab, X):
    T1, T2 = roll(theta, X.shape[1], n_hid, n_lab)
    return feed(T1, T2, X)[3].argmax(axis=1)


data = loadmat('ex4data1.mat')
X = data['X']
y = data['y'].ravel() % 10              # the digit 0 is stored as 10
Y = (y[:, None] == np.arange(10)).astype(float)

hidden = 25
theta0 = unroll(rand_init(X.shape[1], hidden), rand_init(hidden, Y.shape[1]))
best = fmin_cg(nn_cost, theta0, fprime=nn_grad, args=(hidden, X, Y, 1.0), maxiter=60)
print('Training accuracy: %.2f' % (100 * np.mean(predict(best, hidden, Y.shape[1], X) == y)))
