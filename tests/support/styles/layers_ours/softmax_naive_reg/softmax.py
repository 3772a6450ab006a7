import numpy as np


def softmax_loss_naive(W, b, X, y, reg):
    """Softmax classifier, with explicit loops. Returns loss, dW, db."""
    loss = 0.0
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    num_classes = W.shape[1]
    num_train = X.shape[0]

    for i in range(num_train):
        scores = X[i].dot(W) + b
        scores -= np.max(scores)          # for numeric stability
        exp_scores = np.exp(scores)
        probs = exp_scores / np.sum(exp_scores)
        loss -= np.log(probs[y[i]])
        for k in range(num_classes):
            indicator = 1 if k == y[i] else 0
            dW[:, k] += (probs[k] - indicator) * X[i]
            db[k] += probs[k] - indicator

    loss /= num_train
    dW /= num_train
    db /= num_train

    loss += 0.5 * reg * np.sum(W ** 2)
    dW += reg * W
    return loss, dW, db
