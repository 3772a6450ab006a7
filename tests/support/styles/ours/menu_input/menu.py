import sys
import numpy as np

print("Neural net trainer")
choice = input("train (t) or test (q)? ")
hidden = int(input("hidden units: "))
if choice not in ("t", "q"):
    sys.exit("unknown choice")


def predict(params, X):
    """scores of every sample"""
    a = np.tanh(X.dot(params["W1"]) + params["b1"])
    z = a.dot(params["W2"]) + params["b2"]
    z = z - z.max(axis=1, keepdims=True)
    probs = np.exp(z)
    return a, probs / probs.sum(axis=1, keepdims=True)


def loss(params, X, y, reg_lambda):
    _, probs = predict(params, X)
    data_loss = -np.log(probs[range(len(X)), y]).sum()
    data_loss += reg_lambda / 2 * (np.square(params["W1"]).sum() + np.square(params["W2"]).sum())
    return data_loss / len(X)


def gradients(params, X, y, reg_lambda):
    a, delta3 = predict(params, X)
    delta3[range(len(X)), y] -= 1
    dW2 = a.T.dot(delta3)
    db2 = delta3.sum(axis=0, keepdims=True)
    delta2 = delta3.dot(params["W2"].T) * (1 - a ** 2)
    dW1 = X.T.dot(delta2)
    db1 = delta2.sum(axis=0)
    dW2 += reg_lambda * params["W2"]
    dW1 += reg_lambda * params["W1"]
    n = len(X)
    return {"W1": dW1 / n, "b1": db1 / n, "W2": dW2 / n, "b2": db2 / n}


X = np.loadtxt("points.csv", delimiter=",")
params = {"W1": np.random.randn(2, hidden), "b1": np.zeros((1, hidden)),
          "W2": np.random.randn(hidden, 2), "b2": np.zeros((1, 2))}
while True:
    answer = input("another 100 steps? [y/n] ")
    if answer == "n":
        break
    for _ in range(100):
        g = gradients(params, X[:, :2], X[:, 2].astype(int), 0.01)
        for k in params:
            params[k] -= 0.01 * g[k]
