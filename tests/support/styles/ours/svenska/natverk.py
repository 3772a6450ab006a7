"""Inlämning 2: ett tvålagersnätverk."""
import numpy as np
import matplotlib.pyplot as plt


def läs_in(filnamn):
    tabell = np.loadtxt(filnamn, delimiter=",", skiprows=1)
    return tabell[:, :-1], tabell[:, -1].astype(int)


def mjukmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def framåt(X, W1, b1, W2, b2):
    dolt = np.maximum(0, X @ W1 + b1)
    return dolt, mjukmax(dolt @ W2 + b2)


def kostnad(X, y, W1, b1, W2, b2, lam):
    _, sannolikheter = framåt(X, W1, b1, W2, b2)
    antal = X.shape[0]
    förlust = -np.log(sannolikheter[np.arange(antal), y]).sum() / antal
    straff = lam * ((W1 ** 2).sum() + (W2 ** 2).sum())
    return förlust + straff


def gradienter(X, y, W1, b1, W2, b2, lam):
    dolt, fel = framåt(X, W1, b1, W2, b2)
    antal = X.shape[0]
    fel[np.arange(antal), y] -= 1
    fel /= antal
    gW2 = dolt.T @ fel + 2 * lam * W2
    gb2 = fel.sum(axis=0)
    fel = fel @ W2.T
    fel[dolt == 0] = 0
    gW1 = X.T @ fel + 2 * lam * W1
    gb1 = fel.sum(axis=0)
    return gW1, gb1, gW2, gb2


if __name__ == "__main__":
    X, y = läs_in("blommor.csv")
    print("antal exempel:", len(y))
    W1, b1 = 0.1 * np.random.randn(X.shape[1], 8), np.zeros(8)
    W2, b2 = 0.1 * np.random.randn(8, 3), np.zeros(3)
    historik = []
    for varv in range(300):
        steg = gradienter(X, y, W1, b1, W2, b2, 1e-3)
        W1, b1, W2, b2 = (p - 0.5 * g for p, g in zip((W1, b1, W2, b2), steg))
        historik.append(kostnad(X, y, W1, b1, W2, b2, 1e-3))
    plt.plot(historik)
    plt.title("Kostnad")
    plt.show()
