import h5py
import numpy as np
import matplotlib.pyplot as plt


def init_parameters(layer_dims, seed=1):
    """
    Arguments:
    layer_dims -- list, number of units in every layer, input first

    Returns:
    parameters -- dictionary with "W1", "b1", ..., "WL", "bL"
    """
    np.random.seed(seed)
    parameters = {}
    for l in range(1, len(layer_dims)):
        scale = np.sqrt(2.0 / layer_dims[l - 1])
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * scale
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def model_forward(X, parameters):
    """
    [LINEAR -> RELU] x (L-1), then LINEAR -> SIGMOID.

    Returns:
    AL -- row vector of probabilities, shape (1, m)
    caches -- list, entry l-1 holds (A of the layer below, Z of layer l)
    """
    caches = []
    A = X
    L = len(parameters) // 2
    for l in range(1, L + 1):
        A_below = A
        Z = np.dot(parameters["W%d" % l], A_below) + parameters["b%d" % l]
        A = np.maximum(Z, 0) if l < L else sigmoid(Z)
        caches.append((A_below, Z))
    return A, caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    logprobs = np.multiply(Y, np.log(AL)) + np.multiply(1 - Y, np.log(1 - AL))
    cost = -np.sum(logprobs) / m
    return float(np.squeeze(cost))


def linear_backward(dZ, A_below, W):
    """Gradient of one linear part. Returns dA_below, dW, db."""
    m = A_below.shape[1]
    dW = (1.0 / m) * np.dot(dZ, A_below.T)
    db = (1.0 / m) * np.sum(dZ, axis=1, keepdims=True)
    dA_below = np.dot(W.T, dZ)
    return dA_below, dW, db


def model_backward(AL, Y, caches, parameters):
    grads = {}
    L = len(caches)
    Y = Y.reshape(AL.shape)

    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    for l in reversed(range(L)):
        A_below, Z = caches[l]
        if l == L - 1:
            s = sigmoid(Z)
            dZ = dAL * s * (1 - s)
        else:
            dZ = np.array(dA, copy=True)
            dZ[Z <= 0] = 0
        dA, grads["dW" + str(l + 1)], grads["db" + str(l + 1)] = linear_backward(
            dZ, A_below, parameters["W" + str(l + 1)])
    return grads


def update_parameters(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        for letter in "Wb":
            key = letter + str(l)
            parameters[key] = parameters[key] - learning_rate * grads["d" + key]
    return parameters


def fit(X, Y, layer_dims, learning_rate=0.0075, num_iterations=2500, print_cost=True):
    costs = []
    parameters = init_parameters(layer_dims)
    for i in range(num_iterations):
        AL, caches = model_forward(X, parameters)
        cost = compute_cost(AL, Y)
        grads = model_backward(AL, Y, caches, parameters)
        parameters = update_parameters(parameters, grads, learning_rate)
        if i % 100 == 0:
            costs.append(cost)
            if print_cost:
                print("Cost after iteration {}: {:.6f}".format(i, cost))
    plt.plot(costs)
    plt.ylabel("cost")
    plt.xlabel("iterations (hundreds)")
    plt.show()
    return parameters


def load_images(path):
    with h5py.File(path, "r") as f:
        X = np.array(f["images"])
        Y = np.array(f["is_cat"]).reshape(1, -1)
    return X.reshape(X.shape[0], -1).T / 255.0, Y


train_x, train_y = load_images("datasets/cats_train.h5")
test_x, test_y = load_images("datasets/cats_test.h5")
params = fit(train_x, train_y, [train_x.shape[0], 20, 7, 5, 1])
p, _ = model_forward(test_x, params)
print("test accuracy", np.mean((p > 0.5) == test_y))
