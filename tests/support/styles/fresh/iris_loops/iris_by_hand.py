# No matrix tricks: I wanted to see every single multiplication.
# Network: 4 inputs -> 6 sigmoid units -> 3 softmax outputs
import csv
import math
import random
import numpy as np
import matplotlib.pyplot as plt

NIN = 4
NHID = 6
NOUT = 3


def sig(t):
    return 1.0 / (1.0 + math.exp(-t))


def run_one(x, w1, b1, w2, b2):
    """x is one flower (4 numbers). Returns hidden and output values."""
    hid = np.zeros(6)
    for j in range(6):
        s = b1[j]
        for i in range(4):
            s = s + w1[i, j] * x[i]
        hid[j] = sig(s)
    out = np.zeros(3)
    for k in range(3):
        s = b2[k]
        for j in range(6):
            s = s + w2[j, k] * hid[j]
        out[k] = math.exp(s)
    out = out / sum(out)
    return hid, out


def calc_cost(flowers, species, w1, b1, w2, b2):
    total = 0.0
    for x, sp in zip(flowers, species):
        hid, out = run_one(x, w1, b1, w2, b2)
        total = total - math.log(out[sp])
    return total / len(flowers)


def calc_gradients(flowers, species, w1, b1, w2, b2):
    gw1 = np.zeros((4, 6))
    gb1 = np.zeros(6)
    gw2 = np.zeros((6, 3))
    gb2 = np.zeros(3)
    n = len(flowers)

    for x, sp in zip(flowers, species):
        hid, out = run_one(x, w1, b1, w2, b2)

        err_out = np.zeros(3)
        for k in range(3):
            if k == sp:
                err_out[k] = out[k] - 1
            else:
                err_out[k] = out[k]

        err_hid = np.zeros(6)
        for j in range(6):
            for k in range(3):
                err_hid[j] += err_out[k] * w2[j, k]
            err_hid[j] *= hid[j] * (1 - hid[j])

        for k in range(3):
            gb2[k] += err_out[k]
            for j in range(6):
                gw2[j, k] += err_out[k] * hid[j]
        for j in range(6):
            gb1[j] += err_hid[j]
            for i in range(4):
                gw1[i, j] += err_hid[j] * x[i]

    return gw1 / n, gb1 / n, gw2 / n, gb2 / n


names = {'Iris-setosa': 0, 'Iris-versicolor': 1, 'Iris-virginica': 2}
flowers = []
species = []
with open('iris.data') as f:
    for row in csv.reader(f):
        if len(row) == 5:
            flowers.append([float(v) for v in row[:4]])
            species.append(names[row[4]])

random.seed(7)
w1 = np.array([[random.uniform(-0.5, 0.5) for j in range(NHID)] for i in range(NIN)])
b1 = np.zeros(NHID)
w2 = np.array([[random.uniform(-0.5, 0.5) for k in range(NOUT)] for j in range(NHID)])
b2 = np.zeros(NOUT)

costs = []
for it in range(1000):
    gw1, gb1, gw2, gb2 = calc_gradients(flowers, species, w1, b1, w2, b2)
    w1 = w1 - 0.5 * gw1
    b1 = b1 - 0.5 * gb1
    w2 = w2 - 0.5 * gw2
    b2 = b2 - 0.5 * gb2
    costs.append(calc_cost(flowers, species, w1, b1, w2, b2))
    if it % 50 == 0:
        print(it, costs[-1])

ok = 0
for x, sp in zip(flowers, species):
    if np.argmax(run_one(x, w1, b1, w2, b2)[1]) == sp:
        ok += 1
print(ok, 'of', len(flowers), 'right')
plt.plot(costs)
plt.show()
