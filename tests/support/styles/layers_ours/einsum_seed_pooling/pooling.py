import numpy as np

# letters: b batch, t tokens, i inputs, s seeds, h heads, k key size, v value size, o outputs


def seed_pool(x, seeds, key, val, out):
    """x[b,t,i], seeds[s,h,k], key[i,h,k], val[i,h,v], out[h,v,o] -> y[b,s,o]"""
    K = np.einsum("bti,ihk->bthk", x, key)
    V = np.einsum("bti,ihv->bthv", x, val)
    S = np.einsum("shk,bthk->bhst", seeds, K) / seeds.shape[-1] ** 0.5
    P = np.exp(S - S.max(axis=-1, keepdims=True))
    P /= np.einsum("bhst->bhs", P)[..., None]
    Z = np.einsum("bhst,bthv->bshv", P, V)
    y = np.einsum("bshv,hvo->bso", Z, out)
    return y, dict(x=x, seeds=seeds, key=key, val=val, out=out, K=K, V=V, P=P, Z=Z)


def seed_pool_grads(dy, c):
    dZ = np.einsum("bso,hvo->bshv", dy, c["out"])
    dP = np.einsum("bshv,bthv->bhst", dZ, c["V"])
    dV = np.einsum("bhst,bshv->bthv", c["P"], dZ)
    dS = c["P"] * dP
    dS -= c["P"] * np.einsum("bhst->bhs", dS)[..., None]
    dS /= c["seeds"].shape[-1] ** 0.5
    dK = np.einsum("bhst,shk->bthk", dS, c["seeds"])
    return {
        "x": np.einsum("bthk,ihk->bti", dK, c["key"]) + np.einsum("bthv,ihv->bti", dV, c["val"]),
        "seeds": np.einsum("bhst,bthk->shk", dS, c["K"]),
        "key": np.einsum("bti,bthk->ihk", c["x"], dK),
        "val": np.einsum("bti,bthv->ihv", c["x"], dV),
        "out": np.einsum("bshv,bso->hvo", c["Z"], dy),
    }
