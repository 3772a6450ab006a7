import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def unpack(theta, visible, hidden):
    n = visible * hidden
    W = theta[:n].reshape(hidden, visible)
    b_enc = theta[n:n + hidden].reshape(-1, 1)
    b_dec = theta[n + hidden:].reshape(-1, 1)
    return W, b_enc, b_dec


def tied_autoencoder_cost(theta, visible, hidden, data, rho=0.1, beta=0.5, lam=0.01):
    """
    Encoder sigmoid(W x + b_enc), linear decoder W' h + b_dec.
    data is (visible, m). Returns cost and gradient (flat).

    rho:  wanted mean activation of the hidden units
    beta: weight of the sparsity penalty
    lam:  weight decay
    """
    W, b_enc, b_dec = unpack(theta, visible, hidden)
    m = data.shape[1]

    H = sigmoid(W @ data + b_enc)
    recon = W.T @ H + b_dec
    diff = recon - data
    rho_hat = H.mean(axis=1, keepdims=True)
    kl = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    cost = 0.5 * np.sum(diff ** 2) / m + beta * np.sum(kl) + 0.5 * lam * np.sum(W ** 2)

    delta_dec = diff / m
    sparsity = beta * (-rho / rho_hat + (1 - rho) / (1 - rho_hat)) / m
    delta_enc = (W @ delta_dec + sparsity) * H * (1 - H)

    # W is used by the encoder and (transposed) by the decoder
    grad_W = delta_enc @ data.T
    grad_W = grad_W + H @ delta_dec.T
    grad_W = grad_W + lam * W
    grad_enc = delta_enc.sum(axis=1)
    grad_dec = delta_dec.sum(axis=1)
    return cost, np.concatenate([grad_W.ravel(), grad_enc, grad_dec])
