import numpy as np


def layernorm_forward(x, gamma, beta, ln_param):
    """
    x: (N, D); every row is normalized by itself.
    Working on x.T lets us reuse the batch norm formulas.
    """
    eps = ln_param.get("eps", 1e-5)
    xT = x.T                                # (D, N)
    sample_mean = np.mean(xT, axis=0)       # (N,)
    sample_var = np.var(xT, axis=0)
    sigma = np.sqrt(sample_var + eps)
    z = (xT - sample_mean) / sigma          # (D, N)
    x_hat = z.T
    out = x_hat * gamma + beta
    cache = {"z": z, "sigma": sigma, "gamma": gamma}
    return out, cache


def layernorm_backward(dout, cache):
    z, sigma, gamma = cache["z"], cache["sigma"], cache["gamma"]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * z.T, axis=0)

    dz = (dout * gamma).T                   # (D, N)
    D = dz.shape[0]
    dz_sum = np.sum(dz, axis=0)
    dzz_sum = np.sum(dz * z, axis=0)
    dxT = (D * dz - dz_sum - z * dzz_sum) / (D * sigma)
    return dxT.T, dgamma, dbeta
