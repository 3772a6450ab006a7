import numpy as np

# Ratings with missing entries: only entries where observed == 1 count.


def objective(theta, X, R, observed):
    """theta (D, K), X (N, D), R (N, K), observed (N, K) of zeros and ones"""
    err = (X @ theta - R) * observed
    return 0.5 * np.sum(err ** 2) / np.sum(observed)


def objective_grad(theta, X, R, observed):
    err = (X @ theta - R) * observed
    count = np.sum(observed)
    return X.T @ err / count


def train(X, R, observed, steps=100, eta=0.5):
    theta = np.zeros((X.shape[1], R.shape[1]))
    for t in range(steps):
        theta = theta - eta * objective_grad(theta, X, R, observed)
        if t % 20 == 0:
            print(t, objective(theta, X, R, observed))
    return theta
