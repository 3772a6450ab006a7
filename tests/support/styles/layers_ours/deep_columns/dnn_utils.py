import numpy as np


def sigmoid(Z):
    A = 1 / (1 + np.exp(-Z))
    return A, Z


def relu(Z):
    return np.maximum(0, Z), Z


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    return Z, (A, W, b)


def model_forward(X, params):
    """X: (n_x, m). params: W1, b1, ..., WL, bL with b of shape (n_l, 1)."""
    caches = []
    A = X
    L = len(params) // 2
    for l in range(1, L):
        Z, lin = linear_forward(A, params["W" + str(l)], params["b" + str(l)])
        A, act = relu(Z)
        caches.append((lin, act))
    Z, lin = linear_forward(A, params["W" + str(L)], params["b" + str(L)])
    AL, act = sigmoid(Z)
    caches.append((lin, act))
    return AL, caches


def cost(AL, Y):
    m = Y.shape[1]
    return float(-np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


def sigmoid_backward(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def model_backward(AL, Y, caches):
    grads = {}
    L = len(caches)
    # the 1/m of the cost is applied in linear_backward
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    lin, act = caches[L - 1]
    dA, grads["dW" + str(L)], grads["db" + str(L)] = linear_backward(
        sigmoid_backward(dAL, act), lin)
    for l in reversed(range(L - 1)):
        lin, act = caches[l]
        dA, dW, db = linear_backward(relu_backward(dA, act), lin)
        grads["dW" + str(l + 1)] = dW
        grads["db" + str(l + 1)] = db
    return grads
