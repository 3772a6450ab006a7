# Code for the blog post "What a margin buys you".
# Everything happens at the top level so you can paste it into a REPL and
# poke at the arrays afterwards.

import numpy as np
import matplotlib.pyplot as plt

np.random.seed(3)

stuff = np.load('three_arms.npz')
X, y = stuff['points'], stuff['arm']
N, D = X.shape
K = y.max() + 1

h = 64            # neurons in the middle
reg = 5e-4        # strength of weight decay
lr = 0.3
n_steps = 6000


def margin_loss(X, y, W1, b1, W2, b2, reg):
    """Average sum of violated margins, plus weight decay."""
    scores = np.maximum(0, X.dot(W1) + b1).dot(W2) + b2
    right = scores[np.arange(len(y)), y][:, None]
    viol = np.maximum(0, scores - right + 1.0)
    viol[np.arange(len(y)), y] = 0
    return viol.sum() / len(y) + 0.5 * reg * ((W1 ** 2).sum() + (W2 ** 2).sum())


W1 = np.random.randn(D, h) * 0.3
b1 = np.zeros(h)
W2 = np.random.randn(h, K) * 0.1
b2 = np.zeros(K)

losses = []
for step in range(n_steps):

    # which way do we think each point goes?
    hidden = np.maximum(0, X.dot(W1) + b1)
    scores = hidden.dot(W2) + b2

    if step % 250 == 0:
        losses.append(margin_loss(X, y, W1, b1, W2, b2, reg))
        print('step', step, 'loss', losses[-1])

    # every class that comes within 1 of the true one pushes with weight 1,
    # the true class pushes back with as many
    gap = scores - scores[range(N), y].reshape(-1, 1) + 1.0
    push = (gap > 0).astype(float)
    push[range(N), y] = 0
    push[range(N), y] = -push.sum(axis=1)
    push /= N

    # into the weights
    gW2 = hidden.T.dot(push)
    gb2 = push.sum(axis=0)
    ghidden = push.dot(W2.T)
    ghidden[hidden <= 0] = 0
    gW1 = X.T.dot(ghidden)
    gb1 = ghidden.sum(axis=0)

    gW2 += reg * W2
    gW1 += reg * W1

    W1 += -lr * gW1
    b1 += -lr * gb1
    W2 += -lr * gW2
    b2 += -lr * gb2

guess = np.argmax(np.maximum(0, X.dot(W1) + b1).dot(W2) + b2, axis=1)
print('correct on the training points: %.1f%%' % (100 * np.mean(guess == y)))

# decision regions
xs = np.linspace(X[:, 0].min() - .3, X[:, 0].max() + .3, 220)
ys = np.linspace(X[:, 1].min() - .3, X[:, 1].max() + .3, 220)
gx, gy = np.meshgrid(xs, ys)
grid = np.c_[gx.ravel(), gy.ravel()]
region = np.argmax(np.maximum(0, grid.dot(W1) + b1).dot(W2) + b2, axis=1)

plt.figure(figsize=(5, 5))
plt.contourf(gx, gy, region.reshape(gx.shape), alpha=.4)
plt.scatter(X[:, 0], X[:, 1], c=y, s=12, edgecolors='k')
plt.show()

plt.plot(losses)
plt.show()
