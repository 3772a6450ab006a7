"""5. Nine layers: a loop

Nothing is new in nine layers. Every layer does what the two did, so the parameters become lists, the way forward a
loop, and the way back the same loop from its end. The way forward keeps what each layer was given (inputs), as its dW
needs it. The last layer has no ReLU behind it, so G begins without a mask.

The last line of the loop hands the error on: through the weights of the layer that it comes from, and through the
ReLU of the layer that it arrives at. That mask need not be kept: inputs[i] is what this ReLU gave, and is positive
exactly where its scores were. For i = 0 the line computes something that nobody needs.
"""

import numpy as np


def forward(X, Ws, bs):
    inputs, h = [], X
    for i in range(len(Ws)):
        inputs.append(h)
        s = h @ Ws[i] + bs[i]
        h = np.maximum(0, s)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return inputs, e / e.sum(axis=1, keepdims=True)


def cost(X, Y, Ws, bs, l2):
    inputs, P = forward(X, Ws, bs)
    return -np.sum(Y * np.log(P)) / len(X) + l2 * sum(np.sum(W**2) for W in Ws)


def gradient(X, Y, Ws, bs, l2):
    inputs, P = forward(X, Ws, bs)
    G = (P - Y) / len(X)
    dWs, dbs = [None] * len(Ws), [None] * len(bs)
    for i in reversed(range(len(Ws))):
        dWs[i] = inputs[i].T @ G + 2 * l2 * Ws[i]
        dbs[i] = G.sum(axis=0)
        G = (G @ Ws[i].T) * (inputs[i] > 0)
    return dWs, dbs
