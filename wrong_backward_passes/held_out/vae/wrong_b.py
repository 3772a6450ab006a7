import numpy as np

# Variational autoencoder with Gaussian decoder; eps ~ N(0, 1) is drawn outside.


def encoder(p, x):
    h = np.tanh(x @ p["We"])
    return h, h @ p["Wmu"], h @ p["Wlv"]


def negative_elbo(p, x, eps):
    h, mu, logvar = encoder(p, x)
    z = mu + np.exp(0.5 * logvar) * eps
    recon = z @ p["Wd"]
    rec_loss = 0.5 * np.sum((recon - x) ** 2)
    kl = -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar))
    return (rec_loss + kl) / x.shape[0]


def elbo_gradients(p, x, eps):
    n = x.shape[0]
    h, mu, logvar = encoder(p, x)
    std = np.exp(0.5 * logvar)
    z = mu + std * eps
    recon = z @ p["Wd"]

    drecon = (recon - x) / n
    dWd = z.T @ drecon
    dz = drecon @ p["Wd"].T
    # reparametrisation plus the KL term
    dmu = dz - mu / n
    dlogvar = dz * eps * 0.5 * std + 0.5 * (np.exp(logvar) - 1) / n
    dWmu = h.T @ dmu
    dWlv = h.T @ dlogvar
    dh = dmu @ p["Wmu"].T
    dWe = x.T @ (dh * (1 - h ** 2))
    return {"We": dWe, "Wmu": dWmu, "Wlv": dWlv, "Wd": dWd}
