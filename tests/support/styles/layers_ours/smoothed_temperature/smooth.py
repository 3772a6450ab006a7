"""Two-layer net, softened labels and a temperature, closures instead of classes."""
import numpy as np

T = 2.0
SMOOTH = 0.1


def init_weights(n_in=5, n_hid=6, n_cls=4):
    r = np.random.default_rng(7)
    return [r.normal(0, n_in ** -0.5, (n_in, n_hid)), np.zeros(n_hid),
            r.normal(0, n_hid ** -0.5, (n_hid, n_cls)), np.zeros(n_cls)]


def forward(weights, x, labels):
    w1, b1, w2, b2 = weights
    pre = x @ w1 + b1
    hid = np.logaddexp(0, pre)
    logits = (hid @ w2 + b2) / T
    logits = logits - logits.max(axis=-1, keepdims=True)
    logq = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    k = logits.shape[1]
    goal = np.full(logits.shape, SMOOTH / k)
    goal[np.arange(len(x)), labels] += 1 - SMOOTH
    loss = -(goal * logq).sum() / len(x)

    def backward():
        dlogits = (np.exp(logq) - goal) / len(x)
        dscores = dlogits / T
        dw2 = hid.T @ dscores
        db2 = dscores.sum(axis=0)
        dhid = dscores @ w2.T
        dpre = dhid / (1 + np.exp(-pre))
        return [x.T @ dpre, dpre.sum(axis=0), dw2, db2]

    return loss, backward


def main():
    r = np.random.default_rng(0)
    x, labels = r.normal(size=(20, 5)), r.integers(0, 4, 20)
    weights = init_weights()
    for _ in range(300):
        loss, backward = forward(weights, x, labels)
        for w, g in zip(weights, backward()):
            w -= 0.2 * g
    print(loss)


if __name__ == "__main__":
    main()
