import numpy as np
import tensorflow as tf
from tensorflow.keras.datasets import mnist
from tensorflow.keras.utils import to_categorical

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(-1, 784).astype('float64') / 255
y_train = to_categorical(y_train, 10)

np.random.seed(1)
w_h = np.random.uniform(-0.1, 0.1, (784, 32))
b_h = np.zeros((1, 32))
w_o = np.random.uniform(-0.1, 0.1, (32, 10))
b_o = np.zeros((1, 10))


def sig(v):
    return 1 / (1 + np.exp(-v))


def forward(x, W1, b1, W2, b2):
    a1 = sig(x @ W1 + b1)
    a2 = sig(a1 @ W2 + b2)
    return a1, a2


def mse(x, y, W1, b1, W2, b2):
    _, out = forward(x, W1, b1, W2, b2)
    return np.mean(np.sum((out - y) ** 2, axis=1))


def backprop(x, y, W1, b1, W2, b2):
    a1, a2 = forward(x, W1, b1, W2, b2)
    delta2 = 2 * (a2 - y) * a2 * (1 - a2) / x.shape[0]
    delta1 = (delta2 @ W2.T) * a1 * (1 - a1)
    return x.T @ delta1, delta1.sum(axis=0, keepdims=True), a1.T @ delta2, delta2.sum(axis=0, keepdims=True)


for epoch in range(20):
    for i in range(0, len(x_train), 64):
        gw1, gb1, gw2, gb2 = backprop(x_train[i:i + 64], y_train[i:i + 64], w_h, b_h, w_o, b_o)
        w_h -= 0.5 * gw1
        b_h -= 0.5 * gb1
        w_o -= 0.5 * gw2
        b_o -= 0.5 * gb2
    print(epoch, mse(x_train, y_train, w_h, b_h, w_o, b_o))
