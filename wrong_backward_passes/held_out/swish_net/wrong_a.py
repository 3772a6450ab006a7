# Rede com ativação swish; cada camada é um dicionário
import numpy as np


def sigmoide(z):
    return 1 / (1 + np.exp(-z))


def propagar(x, camadas):
    memoria = []
    a = x
    for i, camada in enumerate(camadas):
        z = a @ camada["pesos"] + camada["vies"]
        memoria.append((a, z))
        ultima = i == len(camadas) - 1
        a = sigmoide(z) if ultima else z * sigmoide(z)
    return a, memoria


def custo(x, y, camadas):
    p, _ = propagar(x, camadas)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def retropropagacao(x, y, camadas):
    p, memoria = propagar(x, camadas)
    gradientes = []
    dz = (p - y) / len(y)
    for i in reversed(range(len(camadas))):
        a, z = memoria[i]
        gradientes.insert(0, {"pesos": a.T @ dz, "vies": dz.sum(axis=0)})
        if i > 0:
            da = dz @ camadas[i]["pesos"].T
            z_ant = memoria[i - 1][1]
            s = sigmoide(z_ant)
            dz = da * (z_ant * s * (1 - s))
    return gradientes
