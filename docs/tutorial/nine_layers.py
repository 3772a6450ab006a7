"""5. Nine layers: a loop

Nothing is new in nine layers. Every layer does what the two did, so the parameters become lists, the way forward a
loop, and the way back the same loop from its end. Only two things must be kept on the way forward: what each layer
was given (inputs), for its dW; and that the last layer has no ReLU behind it.

The order of the lines matters here. The error has to be handed on with the weights of the layer that it comes from,
and the mask is that of the layer it arrives at: inputs[i] is what ReLU gave, and is positive where its scores were.
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
