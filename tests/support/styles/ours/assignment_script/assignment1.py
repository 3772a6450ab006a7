import pickle
import numpy as np
import matplotlib.pyplot as plt

np.random.seed(400)


def LoadBatch(filename):
    with open('Datasets/cifar-10-batches-py/' + filename, 'rb') as fo:
        d = pickle.load(fo, encoding='bytes')
    X = np.array(d[b'data'], dtype=np.float64).T / 255.0
    y = np.array(d[b'labels'])
    Y = np.zeros((10, X.shape[1]))
    Y[y, np.arange(X.shape[1])] = 1
    return X, Y, y


def softmax(s):
    e = np.exp(s - np.max(s, axis=0))
    return e / np.sum(e, axis=0)


def EvaluateClassifier(X, W, b):
    return softmax(np.dot(W, X) + b)


def ComputeCost(X, Y, W, b, lmbda):
    P = EvaluateClassifier(X, W, b)
    loss = -np.log(np.sum(Y * P, axis=0))
    return np.sum(loss) / X.shape[1] + lmbda * np.sum(np.square(W))


def ComputeAccuracy(X, y, W, b):
    return np.mean(np.argmax(EvaluateClassifier(X, W, b), axis=0) == y)


def ComputeGradients(X, Y, P, W, lmbda):
    nb = X.shape[1]
    G_batch = -(Y - P)
    grad_W = np.dot(G_batch, X.T) / nb + 2 * lmbda * W
    grad_b = np.dot(G_batch, np.ones((nb, 1))) / nb
    return grad_W, grad_b


trainX, trainY, trainy = LoadBatch('data_batch_1')
valX, valY, valy = LoadBatch('data_batch_2')
mean_X = np.mean(trainX, axis=1, keepdims=True)
std_X = np.std(trainX, axis=1, keepdims=True)
trainX = (trainX - mean_X) / std_X
valX = (valX - mean_X) / std_X

W = 0.01 * np.random.randn(10, trainX.shape[0])
b = 0.01 * np.random.randn(10, 1)
eta, lmbda, n_batch = 0.001, 0.1, 100
costs = []
for epoch in range(40):
    for j in range(trainX.shape[1] // n_batch):
        Xb = trainX[:, j * n_batch:(j + 1) * n_batch]
        Yb = trainY[:, j * n_batch:(j + 1) * n_batch]
        gW, gb = ComputeGradients(Xb, Yb, EvaluateClassifier(Xb, W, b), W, lmbda)
        W = W - eta * gW
        b = b - eta * gb
    costs.append(ComputeCost(trainX, trainY, W, b, lmbda))
    print('epoch', epoch, 'cost', costs[-1], 'acc', ComputeAccuracy(valX, valy, W, b))

plt.plot(costs)
plt.xlabel('epoch')
plt.savefig('cost.png')
plt.show()
