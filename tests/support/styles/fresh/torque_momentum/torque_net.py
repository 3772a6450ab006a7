import sys
import numpy as np

# MECH 4xx project: predict joint torques from the measured arm state.
# Two hidden tanh layers, linear output, momentum SGD.


class TorqueNet:
	def __init__(self, nIn, nHid1, nHid2, nOut, learnRate=0.01, momentum=0.9):
		self.W1 = np.random.uniform(-1, 1, (nIn, nHid1)) / np.sqrt(nIn)
		self.W2 = np.random.uniform(-1, 1, (nHid1, nHid2)) / np.sqrt(nHid1)
		self.W3 = np.random.uniform(-1, 1, (nHid2, nOut)) / np.sqrt(nHid2)
		self.b1 = np.zeros(nHid1)
		self.b2 = np.zeros(nHid2)
		self.b3 = np.zeros(nOut)
		self.learnRate = learnRate
		self.momentum = momentum
		self.speed = {}

	def forwardPass(self, X):
		self.z1 = np.dot(X, self.W1) + self.b1
		self.a1 = np.tanh(self.z1)
		self.z2 = np.dot(self.a1, self.W2) + self.b2
		self.a2 = np.tanh(self.z2)
		self.yHat = np.dot(self.a2, self.W3) + self.b3
		return self.yHat

	def costFunction(self, X, T):
		yHat = self.forwardPass(X)
		return 0.5 * np.sum((T - yHat) ** 2) / X.shape[0]

	def costFunctionPrime(self, X, T):
		yHat = self.forwardPass(X)
		delta4 = -(T - yHat) / X.shape[0]
		dJdW3 = np.dot(self.a2.T, delta4)
		dJdb3 = np.sum(delta4, axis=0)

		delta3 = np.dot(delta4, self.W3.T) * (1 - self.a2 ** 2)
		dJdW2 = np.dot(self.a1.T, delta3)
		dJdb2 = np.sum(delta3, axis=0)

		delta2 = np.dot(delta3, self.W2.T) * (1 - self.a1 ** 2)
		dJdW1 = np.dot(X.T, delta2)
		dJdb1 = np.sum(delta2, axis=0)
		return dJdW1, dJdb1, dJdW2, dJdb2, dJdW3, dJdb3

	def nudge(self, X, T):
		names = ['W1', 'b1', 'W2', 'b2', 'W3', 'b3']
		for name, grad in zip(names, self.costFunctionPrime(X, T)):
			v = self.momentum * self.speed.get(name, 0.0) - self.learnRate * grad
			self.speed[name] = v
			setattr(self, name, getattr(self, name) + v)


def readLog(path):
	rows = []
	with open(path) as f:
		header = f.readline()
		for line in f:
			if line.strip() == '':
				continue
			rows.append([float(c) for c in line.split(',')])
	table = np.array(rows)
	return table[:, :21], table[:, 21:]


if __name__ == '__main__':
	logFile = sys.argv[1] if len(sys.argv) > 1 else 'arm_log_0412.csv'
	X, T = readLog(logFile)
	X = (X - X.mean(0)) / X.std(0)
	nTrain = int(0.8 * len(X))

	np.random.seed(0)
	net = TorqueNet(X.shape[1], 40, 20, T.shape[1])
	for epoch in range(100):
		order = np.random.permutation(nTrain)
		for i in range(0, nTrain, 32):
			batch = order[i:i + 32]
			net.nudge(X[batch], T[batch])
		if epoch % 10 == 0:
			print(epoch, net.costFunction(X[:nTrain], T[:nTrain]), net.costFunction(X[nTrain:], T[nTrain:]))
