import numpy as np
from scipy.io import loadmat
from scipy.optimize import minimize

input_layer_size, hidden_layer_size, num_labels = 6, 5, 3


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def unroll(theta):
    split = hidden_layer_size * (input_layer_size + 1)
    Theta1 = theta[:split].reshape(hidden_layer_size, input_layer_size + 1)
    Theta2 = theta[split:].reshape(num_labels, hidden_layer_size + 1)
    return Theta1, Theta2


def nn_cost(theta, X, y, lam):
    Theta1, Theta2 = unroll(theta)
    m = X.shape[0]
    a1 = np.c_[np.ones(m), X]
    a2 = np.c_[np.ones(m), sigmoid(a1 @ Theta1.T)]
    h = sigmoid(a2 @ Theta2.T)
    Y = np.eye(num_labels)[y]
    J = -np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m
    return J + lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))


def nn_gradient(theta, X, y, lam):
    Theta1, Theta2 = unroll(theta)
    m = X.shape[0]
    a1 = np.c_[np.ones(m), X]
    z2 = a1 @ Theta1.T
    a2 = np.c_[np.ones(m), sigmoid(z2)]
    h = sigmoid(a2 @ Theta2.T)
    d3 = h - np.eye(num_labels)[y]
    d2 = (d3 @ Theta2[:, 1:]) * sigmoid(z2) * (1 - sigmoid(z2))
    grad1 = d2.T @ a1 / m
    grad2 = d3.T @ a2 / m
    grad1[:, 1:] += lam / m * Theta1[:, 1:]
    grad2[:, 1:] += lam / m * Theta2[:, 1:]
    return np.concatenate([grad1.ravel(), grad2.ravel()])


data = loadmat("ex4data1.mat")
size = hidden_layer_size * (input_layer_size + 1) + num_labels * (hidden_layer_size + 1)
start = np.random.uniform(-0.12, 0.12, size)
result = minimize(nn_cost, start, args=(data["X"], data["y"].ravel() - 1, 1.0), jac=nn_gradient, method="CG")
print(result.fun)
