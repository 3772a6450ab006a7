import numpy as np
import pandas as pd


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1)[:, None]


def to_one_hot(y, k):
    out = np.zeros((y.size, k))
    out[np.arange(y.size), y] = 1
    return out


def model(X, W, b):
    return softmax(X.dot(W) + b)


def cross_entropy_loss(X, y, W, b, alpha):
    probs = model(X, W, b)
    Y = to_one_hot(y, W.shape[1])
    return -(Y * np.log(probs + 1e-12)).sum() / X.shape[0] + alpha * (W ** 2).sum()


def get_gradients(X, y, W, b, alpha):
    Y = to_one_hot(y, W.shape[1])
    diff = (model(X, W, b) - Y) / X.shape[0]
    return X.T.dot(diff) + 2 * alpha * W, diff.sum(axis=0)


df = pd.read_csv("iris.csv")
features = df.iloc[:, :4].to_numpy()
species = df["species"].astype("category").cat.codes.to_numpy()
W, b = np.zeros((4, 3)), np.zeros(3)
for epoch in range(200):
    gW, gb = get_gradients(features, species, W, b, 1e-4)
    W -= 0.1 * gW
    b -= 0.1 * gb
