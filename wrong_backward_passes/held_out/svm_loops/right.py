import numpy as np

# Structured SVM loss function, naive implementation (with loops).
# Inputs: W (D, C) weights, X (N, D) minibatch, y (N,) labels in 0..C-1, reg strength


def svm_loss(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        violations = 0
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct + 1.0
            if margin > 0:
                loss += margin
                violations += 1
                dW[:, j] += X[i]
        dW[:, y[i]] -= violations * X[i]

    loss /= num_train
    dW /= num_train

    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW
